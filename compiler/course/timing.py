"""What a move has to wait for: a soak time, a promised date."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from compiler.course.move import Move
from compiler.course.refusals import verb_rejection
from compiler.model.unit import Unit

MAX_CLOCK_DIFFERENCE: Final = 300
"""Seconds by which the clocks of two machines may differ without one of them being wrong."""


def remaining_soak(pause_seconds: int, published: int, now: datetime) -> int:
    """Seconds until a step that was published at `published` (seconds since 1970) has soaked; 0 when it has.

    All of them where it was published at a time to come: some clock is wrong.
    """
    return min(pause_seconds, max(0, pause_seconds - int(now.timestamp() - published)))


def refuse_early(unit: Unit, move: Move, published: int | None, now: datetime) -> None:
    """Raises Rejected while the step before has not soaked; `published` None: it is not published as it stands."""
    if move.pause_seconds and published is None:
        message = (
            f"the current step of {unit.shown} must soak for {short_duration(move.pause_seconds)} after it is "
            "published, and it is not published yet"
        )
        raise verb_rejection("course-soaking", message, "publish it first, or skip the soak time with --now", unit)
    if move.pause_seconds and published is not None and published > now.timestamp() + MAX_CLOCK_DIFFERENCE:
        message = (
            f"the soak time of {unit.shown} cannot be measured: its published commit has a date in the future, so "
            "a clock is wrong"
        )
        advice = "correct the clock; when the soak time is over, continue with --now"
        raise verb_rejection("course-soaking", message, advice, unit)
    if move.pause_seconds and published is not None:
        left = remaining_soak(move.pause_seconds, published, now)
        if left:
            message = f"{unit.shown} soaks for {short_duration(left)} more (of {short_duration(move.pause_seconds)})"
            raise verb_rejection(
                "course-soaking", message, f"run it again in {short_duration(left)}, or now with --now", unit
            )
    if move.skips:
        message = f"{unit.shown} would skip the soak time before {', '.join(move.skips)}"
        raise verb_rejection("course-soaking", message, "advance step by step, or skip the soak time with --now", unit)


def refuse_before_date(unit: Unit, move: Move, today: date) -> None:
    """Raises Rejected before the sunset that clients were promised."""
    if move.not_before is not None and today.isoformat() < move.not_before:
        message = f"{move.name}: clients were promised that it serves until {move.not_before}"
        raise verb_rejection(
            "course-too-early",
            message,
            "wait until that day, change `sunset`, or use --now and break the promise",
            unit,
        )


def short_duration(seconds: int) -> str:
    """`1h 30m`, `45m`, `20s`: two units at most, rounded up to the second."""
    units = [(seconds // 86_400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s")]
    parts = [f"{count}{unit}" for count, unit in units if count]
    return " ".join(parts[:2]) or "0s"
