"""rolling: one track, whose pods the Deployment replaces a few at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from compiler.diagnostics.model import Problem
from compiler.model.cost import track_peak
from compiler.model.course import HISTORY_HELP, STRATEGY, Delete, Edit, Refusal, Step, Subject
from compiler.model.manifest import Object
from compiler.model.provenance import derived
from compiler.model.topology import AdoptedIdentity, Match, Role, Share, ShareMechanism, Split, Topology, Workload
from compiler.model.tracks import ShownTracks, WatchedTracks
from compiler.spec.analysis import Watched
from compiler.spec.base import CountOrPercent
from compiler.spec.container import Version
from compiler.strategies.base import (
    adopted_identity,
    major_change_problem,
    version_without_course_keys,
    workloads_by_label,
)

NAME = "rolling"
IN_PLACE = True
MAIN_TRACK = "main"
ADOPTABLE = re.compile(MAIN_TRACK)
ROLLING_PATH = (*STRATEGY, NAME)


class Rolling(Version, Watched):
    """The version itself, how fast pods are replaced, and what a rollback goes back to."""

    max_surge: CountOrPercent = 1
    max_unavailable: CountOrPercent = 0
    previous: Version | None = None
    gated: bool = False
    """waves as in other strategies: for the commit that moves a live release here from one of them"""


SPEC = Rolling


def check(subject: Subject[Rolling]) -> Sequence[Problem]:
    spec = subject.spec
    problems = []
    if spec.change == "major" and not replaces_same_contract(spec):
        problems.append(major_change_problem(NAME, ROLLING_PATH))
    if spec.max_surge in (0, "0%") and spec.max_unavailable in (0, "0%"):
        problems.append(
            Problem(
                "rollout-cannot-move",
                "maxSurge and maxUnavailable are both 0: no pod could ever be replaced",
                (*ROLLING_PATH, "maxUnavailable" if "max_unavailable" in spec.model_fields_set else "maxSurge"),
                "let `maxSurge` be 1: one pod more while replacing",
            )
        )
    if subject.release.spec.smoke_test is not None and not spec.gated:
        problems.append(
            Problem(
                "smoke-gates-nothing",
                "a rolling release is one wave: its smoke test asks whatever pods there are, and nothing waits for it",
                ("spec", "smokeTest"),
                "use `blueGreen` or `canary`, whose new pods are tested before requests reach them; or remove it",
                severity="warning",
                on_key=True,
            )
        )
    return problems


def replaces_same_contract(spec: Rolling) -> bool:
    """A `change: major` that stays behind in the file after its course is no change any more."""
    return spec.previous is not None and spec.contract is not None and spec.contract == spec.previous.contract


def lower(subject: Subject[Rolling]) -> Topology:
    spec = subject.spec
    workload = Workload(
        track=derived(MAIN_TRACK, spec, via="strategy"),
        label="track",
        name=subject.name,
        version=spec,
        path=ROLLING_PATH,
        replicas=subject.replicas(),
        contract=spec.contract or 1,
        role=Role.SERVING,
        max_surge=spec.max_surge,
        max_unavailable=spec.max_unavailable,
        adopted=only_track(adopted_identity(subject, MAIN_TRACK, MAIN_TRACK)),
    )
    split = Split("", Match(), (Share(MAIN_TRACK, 100),), ShareMechanism.PODS, ROLLING_PATH)
    previous = () if spec.previous is None else ((MAIN_TRACK, spec.previous, (*ROLLING_PATH, "previous")),)
    return Topology((workload,), (split,), gated=spec.gated or subject.release.spec.gates_pods, retained=previous)


def only_track(adopted: AdoptedIdentity | None) -> AdoptedIdentity | None:
    """Beside no other track the selector from before is the one that finds its pods, also those from before."""
    return None if adopted is None else replace(adopted, reached_by=adopted.selector)


def tracks(subject: Subject[Rolling]) -> Mapping[str, Version]:
    return {MAIN_TRACK: subject.spec}


def tracks_of(objects: Sequence[Object]) -> ShownTracks | None:
    """One Deployment without a color; its track may be left out."""
    shown = workloads_by_label(objects, "track")
    if set(workloads_by_label(objects, "color")) - {""} or not shown or set(shown) - {MAIN_TRACK, ""}:
        return None
    return ShownTracks({MAIN_TRACK: next(iter(shown.values()))})


def watched(subject: Subject[Rolling]) -> WatchedTracks | None:
    """The one track, while there is a version to go back to. Nothing serves beside it to compare it with."""
    previous = subject.spec.previous
    return None if previous is None or previous.aborted else WatchedTracks(MAIN_TRACK, None)


def position(subject: Subject[Rolling]) -> str:
    previous = subject.spec.previous
    return "rolled back" if previous is not None and previous.aborted else "released"


def start(subject: Subject[Rolling], incoming: Mapping[str, Any]) -> Step | Refusal:
    spec = subject.spec
    if incoming.get("change") == "major":
        problem = major_change_problem(NAME, ROLLING_PATH)
        return Refusal(problem.message, problem.help)
    edits = [Edit((*ROLLING_PATH, key), value) for key, value in incoming.items()]
    kept = set(incoming) | {"version"}
    stale = [key for key in version_without_course_keys(spec) if key not in kept]
    edits += [Edit((*ROLLING_PATH, key), Delete()) for key in stale]
    edits.append(Edit((*ROLLING_PATH, "previous"), version_without_course_keys(spec)))
    if spec.aborted:
        edits.append(Edit((*ROLLING_PATH, "aborted"), Delete()))
    return Step(
        "start",
        "start",
        tuple(edits),
        f"replaces {spec.version} by {incoming['version']}, a pod at a time",
    )


def ahead(_subject: Subject[Rolling]) -> tuple[Step, ...]:
    """None: the Deployment's own rollout is the course."""
    return ()


def abort(subject: Subject[Rolling]) -> Step | Refusal:
    spec = subject.spec
    if spec.previous is None:
        return Refusal(
            "there is no `previous` version to go back to",
            HISTORY_HELP,
        )
    if spec.previous.aborted:
        return Refusal(
            f"{spec.previous.version} was aborted already, and {spec.version} serves",
            "`shipway start {unit} --version VERSION --digest DIGEST` brings another version in",
        )
    back = version_without_course_keys(spec.previous)
    edits = [Edit((*ROLLING_PATH, key), value) for key, value in back.items()]
    edits += [Edit((*ROLLING_PATH, key), Delete()) for key in version_without_course_keys(spec) if key not in back]
    # marked, or a second abort would bring it back
    edits.append(Edit((*ROLLING_PATH, "previous"), {**version_without_course_keys(spec), "aborted": True}))
    return Step("abort", "abort", tuple(edits), f"goes back from {spec.version} to {spec.previous.version}")


def peak(subject: Subject[Rolling]) -> int:
    spec = subject.spec
    return track_peak(subject.largest(), subject.largest(), spec.max_surge, replaced=True)
