"""Where a unit stands, from its specs and from what Git tells of its branch. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compiler.course.move import Move
from compiler.course.timing import remaining_soak
from compiler.course.verbs import remaining_moves
from compiler.diagnostics.model import Rejected
from compiler.model.compiled import CompiledRelease
from compiler.model.manifest import Object
from compiler.model.unit import CompiledUnit
from compiler.model.unit_status import MemberStatus, UnitStatus
from compiler.plan.preview import unit_previews
from compiler.plan.tracks import tracks_of


@dataclass(frozen=True, slots=True)
class PublicationState:
    """What Git tells of a unit: the publish that last changed it (id and time), and if it holds what the specs say.

    `objects` are those published where they are not what the specs say.
    """

    commit: str | None = None
    time: int | None = None
    same: bool = False
    confirmed: bool = False
    by_hand: tuple[str, ...] = ()
    decision: str = ""
    """what the pilot decided, where `commit` is its own"""
    objects: tuple[Object, ...] = ()


def unit_status(unit: CompiledUnit, place: PublicationState, now: datetime) -> UnitStatus:
    """The unit's status at `now`."""
    following = next_move(unit)
    pause = following.pause_seconds if following is not None else 0
    left = remaining_soak(pause, place.time, now) if pause and place.time is not None and place.same else 0
    date = following.not_before if following is not None else None
    return UnitStatus(
        environment=unit.environment,
        name=unit.name,
        position=unit.position,
        members=tuple(member_status(member, place) for member in unit.members),
        next_step=following.name if following is not None else "",
        next_command=f"shipway {following.verb} {unit.shown}" if following is not None else "",
        commit=place.commit,
        time=place.time,
        published=place.same,
        confirmed=place.confirmed and place.same,
        by_hand=place.by_hand,
        decision=place.decision,
        soak_left=left,
        not_before=date if date is not None and date > now.date().isoformat() else None,
        previews=unit_previews(unit.members),
    )


def next_move(unit: CompiledUnit) -> Move | None:
    """The next step; None with none ahead, and for a group whose members stand apart."""
    try:
        return next(iter(remaining_moves(unit)), None)
    except Rejected:
        return None


def member_status(member: CompiledRelease, place: PublicationState) -> MemberStatus:
    tracks = tracks_of([manifest.object for manifest in member.manifests], member.name)
    published = tracks if place.same else tracks_of(place.objects, member.name)
    return MemberStatus(member.name, member.strategy.NAME, tracks, published)
