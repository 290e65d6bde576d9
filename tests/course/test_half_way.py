"""No false alarm half-way: a newer commit may begin wherever the sync of an earlier one can have ended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compiler.model.manifest import Object
from compiler.plan.upcoming_states import upcoming_states
from compiler.transition import verify_course
from tests.course.matrix import Course, abort_of, courses, data_of, objects_of

EVERY = list(courses())


def branches(course: Course) -> Iterator[tuple[str, list[list[Object]]]]:
    """The course to its end, and up to each step followed by abort and finish."""
    states = [objects_of(compiled) for _, compiled in course.states]
    yield "to the end", states
    for index in range(1, len(states) - 1):
        back = abort_of(course.states[index][1], course.members)
        if back is not None:
            after = upcoming_states(back.compiled, course.members, data_of(back.compiled.documents))
            rest = [objects_of(step.compiled) for step in after]
            yield f"aborted at {course.states[index][0]}", [*states[: index + 1], objects_of(back.compiled), *rest]


@pytest.mark.slow
@pytest.mark.parametrize("course", EVERY, ids=[course.name for course in EVERY])
def test_every_half_way_state_leads_on_safely(course: Course) -> None:
    for name, commits in branches(course):
        for number, step in enumerate(verify_course(commits, course.options), start=1):
            for where, verdict in step.skips:
                messages = [finding.message for finding in verdict.errors]
                assert verdict.verdict == "safe", f"{name}, step {number}, {where}: {messages}"
