"""No false alarm: every commit of every course, forward, skipped, and going back, is proven safe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compiler.model.manifest import Object
from compiler.plan.upcoming_states import upcoming_states
from compiler.transition import verify
from tests.course.matrix import Course, abort_of, courses, data_of, objects_of

EVERY = list(courses())


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


@pytest.mark.parametrize("course", EVERY, ids=[course.name for course in EVERY])
def test_every_transition_of_the_course_is_safe(course: Course) -> None:
    options = course.options
    for name, before, after in transitions(course):
        verdict = verify(before, after, options)
        said = [f"{finding.code}: {finding.message}" for finding in verdict.errors]
        assert verdict.verdict == "safe", f"{course.name}: {name}: {said}"


@pytest.mark.parametrize("course", EVERY, ids=[course.name for course in EVERY])
def test_each_step_can_be_taken_back_by_reverting_or_aborting(course: Course) -> None:
    """A step back within a canary is `abort`: reverting the commit would shrink the canary before its share."""
    options = course.options
    states = [objects_of(compiled) for _, compiled in course.states]
    for index in range(1, len(states)):
        ways = [states[index - 1]]
        back = abort_of(course.states[index][1], course.members)
        if back is not None:
            ways.append(objects_of(back.compiled))
        assert any(verify(states[index], way, options).verdict == "safe" for way in ways), course.states[index][0]


def test_the_matrix_covers_every_strategy_and_provider() -> None:
    names = {course.name for course in EVERY}
    assert {name.split("-")[0] for name in names} == {"rolling", "blueGreen", "canary", "versioned", "group"}
    assert all(any(provider in name for name in names) for provider in ("service", "ingressNginx", "gatewayApi"))
