"""Courses that a commit leaves as they are: counted at once, proven when a report shows them."""

from __future__ import annotations

from dataclasses import replace

from compiler.model.plan import Plan, StepView
from compiler.plan.course_ahead import CourseAhead, with_proven_courses
from compiler.report.json.plan import json_report
from compiler.report.terminal.plan import text_report
from tests.report.plans import canary_steps, environment, quiet_unit


def test_a_course_that_nobody_reads_is_not_proven() -> None:
    steps = canary_steps("prod", "features", 25)
    proofs: list[str] = []

    def prove() -> tuple[StepView, ...]:
        proofs.append("features")
        return steps

    waiting = replace(quiet_unit(), steps=CourseAhead(len(steps), prove), next_command="shipway advance prod/features")
    plan = Plan((environment("prod", [waiting]),), "0.1.0", None)
    assert "shipway advance prod/features" in text_report(plan, color=False)
    assert len(waiting.steps) == len(steps)
    assert proofs == []
    whole = with_proven_courses(plan)
    assert tuple(whole.environments[0].units[0].steps) == steps
    assert proofs == ["features"]
    assert json_report(whole) == json_report(
        Plan((environment("prod", [replace(waiting, steps=steps)]),), "0.1.0", None)
    )
