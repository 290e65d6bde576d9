"""recreate: one track, whose old pods all end before a new one starts: nobody answers meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

from compiler.diagnostics.model import Problem
from compiler.model.cost import LargestCounts
from compiler.model.course import STRATEGY, Refusal, ShownTracks, Step, Subject
from compiler.model.manifest import Object
from compiler.model.topology import Recreate, Topology
from compiler.strategies.base import major_change_problem
from compiler.strategies.one_track import (
    ADOPTABLE,
    OneTrack,
    ahead,
    one_track,
    position,
    previous_version_restored,
    shown_track,
    smoke_problem,
    tracks,
    version_problems,
    version_replaced,
    watched,
)

NAME = "recreate"
ONE_TRACK = True
IN_PLACE = True
RECREATE_PATH = (*STRATEGY, NAME)
ALL_AT_ONCE = "all clients would meet the new contract at once"


class RecreateSpec(OneTrack):
    """The version itself, and what a rollback goes back to."""


SPEC = RecreateSpec


def check(subject: Subject[RecreateSpec]) -> Sequence[Problem]:
    smoke = [smoke_problem(NAME)] if subject.release.spec.smoke_test is not None else []
    return [*version_problems(subject.spec, NAME, RECREATE_PATH, ALL_AT_ONCE), *smoke]


def lower(subject: Subject[RecreateSpec]) -> Topology:
    return one_track(subject, RECREATE_PATH, Recreate(), gated=False)


def tracks_of(objects: Sequence[Object]) -> ShownTracks | None:
    return shown_track(objects, recreated=True)


def start(subject: Subject[RecreateSpec], new: Mapping[str, Any]) -> Step | Refusal:
    major = major_change_problem(NAME, RECREATE_PATH, ALL_AT_ONCE)
    return version_replaced(subject, new, RECREATE_PATH, "after all its pods have ended", major)


def abort(subject: Subject[RecreateSpec]) -> Step | Refusal:
    return previous_version_restored(subject, RECREATE_PATH)


def peak(subject: Subject[RecreateSpec]) -> LargestCounts:
    return LargestCounts(subject.largest(), subject.largest())


__all__ = [
    "ADOPTABLE", "IN_PLACE", "NAME", "ONE_TRACK", "SPEC", "abort", "ahead", "check", "lower", "peak", "position",
    "start", "tracks", "tracks_of", "watched",
]  # fmt: skip
