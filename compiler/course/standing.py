"""Where a unit stands, from its specs and from what Git tells of its branch. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from compiler.compile import CompiledRelease
from compiler.course.timing import soak_left
from compiler.course.unit import Unit
from compiler.course.verbs import ahead
from compiler.diagnostics.model import Rejected
from compiler.plan.model import TrackView
from compiler.plan.tracks import tracks_of


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """A release's tracks as its specs have them now: version, pods, share of the requests."""

    name: str
    strategy: str
    tracks: tuple[TrackView, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A release or group: its place in its course, and how its published state relates to its specs.

    `commit` is the publish that last changed it; `published`: its specs say what is published; `confirmed`: Argo CD is
    known to have synced that. `next_step` is empty where no course is open; `soak_left` in seconds.
    """

    environment: str
    name: str
    position: str
    members: tuple[MemberStanding, ...]
    next_step: str = ""
    next_command: str = ""
    commit: str | None = None
    time: int | None = None
    published: bool = False
    confirmed: bool = False
    by_hand: tuple[str, ...] = ()
    soak_left: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """What Git tells of one unit: the publish that last changed it (id and time), and if it holds what the specs say."""

    commit: str | None = None
    time: int | None = None
    same: bool = False
    confirmed: bool = False
    by_hand: tuple[str, ...] = ()


def standing_of(unit: Unit, place: Place, now: datetime) -> Standing:
    """The unit's standing at `now`."""
    name, verb, pause = coming(unit)
    left = soak_left(pause, place.time, now) if pause and place.time is not None and place.same else 0
    return Standing(
        environment=unit.environment,
        name=unit.name,
        position=unit.position,
        members=tuple(member_standing(member) for member in unit.members),
        next_step=name,
        next_command=f"shipway {verb} {unit.shown}" if verb else "",
        commit=place.commit,
        time=place.time,
        published=place.same,
        confirmed=place.confirmed and place.same,
        by_hand=place.by_hand,
        soak_left=left,
    )


def coming(unit: Unit) -> tuple[str, str, int]:
    """The next step: its name, its verb, and how many seconds the one before must soak; empty with none ahead."""
    try:
        moves = ahead(unit)
    except Rejected:
        return "", "", 0
    return (moves[0].name, moves[0].verb, moves[0].pause_seconds) if moves else ("", "", 0)


def member_standing(member: CompiledRelease) -> MemberStanding:
    objects = [manifest.object for manifest in member.manifests]
    return MemberStanding(member.name, member.strategy.NAME, tracks_of(objects, member.name))
