"""Whether a step may be taken now: its soak time, which Git knows, and the dates that clients were promised."""

from __future__ import annotations

from compiler.cli.spec_edit import OpenSpecs
from compiler.course.move import Move
from compiler.course.timing import refuse_before_date, refuse_early
from compiler.model.unit import Unit


def refuse_waiting(specs: OpenSpecs, unit: Unit, move: Move) -> None:
    """Raises Rejected before a soak time or a promised date is over."""
    refuse_before_date(unit, move, specs.now.date())
    if move.pause_seconds or move.skips:
        refuse_early(unit, move, step_published_at(specs, unit) if move.pause_seconds else None, specs.now)


def step_published_at(specs: OpenSpecs, unit: Unit) -> int | None:
    """When the unit's present step was published, in seconds since 1970; None if it is not published as it stands."""
    from compiler.publish.published_environment import published_since  # noqa: PLC0415 - Git, which most steps need not ask

    return published_since(specs.root, specs.sources, unit)
