"""The courses of units that a commit leaves as they are: few reports show their verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import overload

from compiler.model.plan import EnvironmentPlan, Plan, StepView, UnitPlan
from compiler.support.parallel import parallel_map


@dataclass(frozen=True)
class CourseAhead(Sequence[StepView]):
    """So many steps, which are proven when the first of them is read: a proof takes some 20 ms."""

    length: int
    prove: Callable[[], Sequence[StepView]]

    @cached_property
    def _steps(self) -> tuple[StepView, ...]:
        return tuple(self.prove())

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> StepView: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[StepView]: ...

    def __getitem__(self, index: int | slice) -> StepView | Sequence[StepView]:
        return self._steps[index]


def with_proven_courses(plan: Plan) -> Plan:
    """The plan for a report that shows every course: all of them proven, on all cores."""
    return replace(plan, environments=tuple(map(_with_proven_courses, plan.environments)))


def _with_proven_courses(environment: EnvironmentPlan) -> EnvironmentPlan:
    courses = parallel_map(_proven_course, environment.units, "courses proven")
    units = (replace(unit, steps=steps) for unit, steps in zip(environment.units, courses, strict=True))
    return replace(environment, units=tuple(units))


def _proven_course(unit: UnitPlan) -> tuple[StepView, ...]:
    return tuple(unit.steps)
