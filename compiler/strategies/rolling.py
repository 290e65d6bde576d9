"""rolling: one track, whose pods the Deployment replaces a few at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from compiler.diagnostics.model import Problem
from compiler.model.cost import LargestCounts, track_peak
from compiler.model.course import STRATEGY, Refusal, ShownTracks, Step, Subject
from compiler.model.manifest import Object
from compiler.model.topology import RollingUpdate, Topology
from compiler.spec.base import CountOrPercent
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

NAME = "rolling"
ONE_TRACK = True
IN_PLACE = True
ROLLING_PATH = (*STRATEGY, NAME)


class Rolling(OneTrack):
    """The version itself, how fast pods are replaced, and what a rollback goes back to."""

    max_surge: CountOrPercent = 1
    max_unavailable: CountOrPercent = 0
    gated: bool = False
    """waves as in other strategies: for the commit that moves a live release here from one of them"""


SPEC = Rolling


def check(subject: Subject[Rolling]) -> Sequence[Problem]:
    spec = subject.spec
    problems = version_problems(spec, NAME, ROLLING_PATH)
    if spec.max_surge in (0, "0%") and spec.max_unavailable in (0, "0%"):
        problems.append(
            Problem(
                "rollout-cannot-move",
                "maxSurge and maxUnavailable are both 0: no pod could ever be replaced",
                (*ROLLING_PATH, "maxUnavailable" if "max_unavailable" in spec.model_fields_set else "maxSurge"),
                "set `maxSurge: 1`: one more pod during the rollout",
            )
        )
    if subject.release.spec.smoke_test is not None and not spec.gated:
        problems.append(smoke_problem(NAME))
    return problems


def lower(subject: Subject[Rolling]) -> Topology:
    spec = subject.spec
    return one_track(subject, ROLLING_PATH, RollingUpdate(spec.max_surge, spec.max_unavailable), gated=spec.gated)


def tracks_of(objects: Sequence[Object]) -> ShownTracks | None:
    return shown_track(objects, recreated=False)


def start(subject: Subject[Rolling], new: Mapping[str, Any]) -> Step | Refusal:
    return version_replaced(subject, new, ROLLING_PATH, "a pod at a time", major_change_problem(NAME, ROLLING_PATH))


def abort(subject: Subject[Rolling]) -> Step | Refusal:
    return previous_version_restored(subject, ROLLING_PATH)


def peak(subject: Subject[Rolling]) -> LargestCounts:
    full = subject.largest()
    # a StatefulSet's pod keeps its name: the old one ends before the new one starts
    surge = 0 if subject.release.spec.stateful is not None else subject.spec.max_surge
    return LargestCounts(full, track_peak(full, full, surge, replaced=True))


__all__ = [
    "ADOPTABLE", "IN_PLACE", "NAME", "ONE_TRACK", "SPEC", "abort", "ahead", "check", "lower", "peak", "position",
    "start", "tracks", "tracks_of", "watched",
]  # fmt: skip
