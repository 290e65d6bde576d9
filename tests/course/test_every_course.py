"""No false alarm: every commit of every course, forward, skipped, and going back, is proven safe."""

from __future__ import annotations

import pytest

from compiler.strategies import STRATEGIES
from compiler.traffic.providers import providers
from tests.course.matrix import COURSES, PROVIDER_SPECS, WITHOUT_ROUTER, Course, courses, courses_with
from tests.course.transitions import check_course

EVERY = list(courses())


@pytest.mark.parametrize("course", EVERY, ids=[course.name for course in EVERY])
def test_every_transition_of_the_course_is_safe(course: Course) -> None:
    check_course(course)


def test_every_strategy_and_provider_of_the_registries_runs_through_courses() -> None:
    assert set(COURSES) == set(STRATEGIES), "each strategy has a function of courses in tests/course/matrix.py: COURSES"
    assert set(PROVIDER_SPECS) == set(providers()), (
        "each provider has an entry in tests/course/matrix.py: PROVIDER_SPECS"
    )
    for provider in providers():
        for strategy in STRATEGIES:
            carried = any(strategy == each.states[0][1].releases[0].strategy.NAME for each in courses_with(provider))
            assert carried or provider in WITHOUT_ROUTER, f"{strategy} runs through no course with {provider}"


def test_what_has_no_entry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STRATEGIES, "shadow", STRATEGIES["rolling"])
    with pytest.raises(AssertionError, match="strategy shadow runs through no course: add a function"):
        list(courses())
    with pytest.raises(AssertionError, match="traffic provider tunnel runs through no course: add how"):
        list(courses_with("tunnel"))
