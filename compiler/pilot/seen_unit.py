"""What Git says of a release or group: where its course stands, and what waits to be published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from compiler.course.unit_status import next_move, unit_status
from compiler.git.spec_moves import newest_message
from compiler.model.compiled import CompiledRelease
from compiler.model.unit import CompiledUnit
from compiler.model.unit_status import UnitStatus
from compiler.pilot.situation import CourseState
from compiler.plan.freezes import active_freeze
from compiler.publish.publication_state import publication_state
from compiler.publish.published_environment import (
    PublishedEnvironment,
)
from compiler.spec.analysis import Analysis, Watched
from compiler.spec.base import seconds_of
from compiler.tree.render import BuiltEnvironment
from compiler.tree.trailers import DECISION

UNDONE = ("aborted", "rolled back")


@dataclass(frozen=True, slots=True)
class SeenUnit:
    """A unit, its status by Git, and the rest of what Git says of it."""

    unit: CompiledUnit
    status: UnitStatus
    course: CourseState


def seen_unit(
    root: Path,
    unit: CompiledUnit,
    places: tuple[str, ...],
    built: BuiltEnvironment,
    published: PublishedEnvironment,
    now: datetime,
) -> SeenUnit:
    status = unit_status(unit, publication_state(unit, built, published), now)
    following = next_move(unit)
    open_course = any(member.strategy.watched(member.subject) is not None for member in unit.members)
    freeze = active_freeze(built.compiled.documents.environment, now)
    pending = "" if status.published or status.commit is None else pending_move(root, unit, places)
    course = CourseState(
        unit=unit.shown,
        position=unit.position,
        open=open_course and not watched_long_enough(unit, status, now),
        aborted=unit.position in UNDONE,
        published=status.published,
        commit=status.commit or "",
        published_at=status.time or 0,
        next_verb=following.verb if following is not None else "",
        next_name=following.name if following is not None else "",
        soak_left=status.soak_left,
        not_before=status.not_before or "",
        frozen="" if freeze is None else freeze.reason,
        by_hand=bool(status.by_hand),
        pending=pending,
        abort_published=status.decision.startswith("abort "),
    )
    return SeenUnit(unit, status, course)


def watched_long_enough(unit: CompiledUnit, status: UnitStatus, now: datetime) -> bool:
    """A rolling release has no next step that ends its course: it is watched for a while after its publish."""
    if unit.group is not None or unit.members[0].strategy.ahead(unit.members[0].subject):
        return False
    analysis = analysis_of(unit.members[0])
    watch = 0 if analysis is None else seconds_of(analysis.watch)
    return status.time is None or now.timestamp() - status.time > watch


def pending_move(root: Path, unit: CompiledUnit, places: tuple[str, ...]) -> str:
    """The verb of the pilot's own move of this unit, where that is the newest commit of the environment's specs; empty
    where a person's commit came after it, which is a person's to publish.
    """
    for line in reversed(newest_message(root, places).splitlines()):
        if line.startswith(f"{DECISION}: "):
            verb, _, rest = line.removeprefix(f"{DECISION}: ").partition(" ")
            return verb if rest.startswith(f"{unit.shown}:") else ""
    return ""


def analysis_of(member: CompiledRelease) -> Analysis | None:
    strategy = member.source.strategy.model
    return strategy.analysis if isinstance(strategy, Watched) else None
