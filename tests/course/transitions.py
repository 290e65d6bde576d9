"""What must hold of every course: each commit, forward, skipped, and going back, is proven safe."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.plan.upcoming_states import upcoming_states
from compiler.transition import verify
from tests.course.matrix import Course, abort_of, data_of, objects_of


def check_course(course: Course) -> None:
    """Every transition is safe, or loses what the course says; each step can be taken back by reverting or aborting.

    A step back within a canary is `abort`: reverting the commit would shrink the canary before its share.
    """
    for name, before, after in transitions(course):
        verdict = verify(before, after, course.options)
        errors = [f"{finding.code}: {finding.message}" for finding in verdict.findings]
        lost = course.loses if before else frozenset()
        assert {finding.code for finding in verdict.errors} == lost, f"{course.name}: {name}: {errors}"
        assert verdict.verdict == ("unsafe" if lost else "safe"), f"{course.name}: {name}: {errors}"
    states = [objects_of(compiled) for _, compiled in course.states]
    for index in range(1, len(states)):
        back = abort_of(course.states[index][1], course.members)
        ways = [states[index - 1], *([] if back is None else [objects_of(back.compiled)])]
        verdicts = [verify(states[index], way, course.options) for way in ways]
        assert any(
            {error.code for error in each.errors} == course.loses and each.verdict != "unknown" for each in verdicts
        ), f"{course.name}: {course.states[index][0]} cannot be taken back"


def transitions(course: Course) -> Iterator[tuple[str, list[Object], list[Object]]]:
    """Install; each commit from each earlier one; abort from each, from every earlier one; and finishing after it."""
    states = [(name, objects_of(compiled)) for name, compiled in course.states]
    yield "install", [], states[0][1]
    for index, (name, after) in enumerate(states):
        for earlier, before in states[:index]:
            yield f"{earlier} → {name}", before, after
    for index, (name, at) in enumerate(states[1:-1], start=1):
        back = abort_of(course.states[index][1], course.members)
        if back is None:
            continue
        aborted = objects_of(back.compiled)
        for earlier, before in states[: index + 1]:
            yield f"{earlier} → abort at {name}", before, aborted
        yield f"abort at {name}, taken back", aborted, at
        for step in upcoming_states(back.compiled, course.members, data_of(back.compiled.documents)):
            yield f"abort at {name} → {step.step.name}", aborted, objects_of(step.compiled)
            yield f"{name} → abort and {step.step.name}", at, objects_of(step.compiled)
