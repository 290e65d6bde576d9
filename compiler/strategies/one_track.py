"""What the strategies of one track have in common: lowering, reading back, and how a version comes and goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.course import HISTORY_HELP, Delete, Edit, Refusal, ShownTracks, Step, Subject, WatchedTracks
from compiler.model.manifest import Object
from compiler.model.objects import nested_value
from compiler.model.provenance import derived
from compiler.model.topology import (
    AdoptedIdentity,
    Match,
    Recreate,
    Role,
    RollingUpdate,
    Share,
    ShareMechanism,
    Split,
    Topology,
    Workload,
)
from compiler.spec.analysis import Watched
from compiler.spec.container import Version
from compiler.strategies.base import (
    BOTH_ANSWER,
    adopted_identity,
    major_change_problem,
    version_without_course_keys,
    workloads_by_label,
)

MAIN_TRACK: Final = "main"
ADOPTABLE: Final = re.compile(MAIN_TRACK)


class OneTrack(Version, Watched):
    """The version itself, and what a rollback goes back to."""

    previous: Version | None = None


def version_problems(spec: OneTrack, strategy: str, path: Path, why: str = BOTH_ANSWER) -> list[Problem]:
    """A contract that changes under its clients."""
    same = spec.previous is not None and spec.contract is not None and spec.contract == spec.previous.contract
    # a `change: major` that stays behind in the file after its course is no change any more
    return [] if spec.change != "major" or same else [major_change_problem(strategy, path, why)]


def smoke_problem(strategy: str) -> Problem:
    return Problem(
        "smoke-gates-nothing",
        f"a {strategy} release is one wave: nothing waits for its smoke test, which may reach old or new pods",
        ("spec", "smokeTest"),
        "use `blueGreen` or `canary`, whose new pods are tested before requests reach them, or remove `smoke`",
        severity="warning",
        on_key=True,
    )


def one_track(subject: Subject[OneTrack], path: Path, update: RollingUpdate | Recreate, *, gated: bool) -> Topology:
    """The release's one track, which all requests reach. `gated`: other objects wait until its pods are ready."""
    spec = subject.spec
    workload = Workload(
        track=derived(MAIN_TRACK, spec, via="strategy"),
        label="track",
        name=subject.name,
        version=spec,
        path=path,
        replicas=subject.replicas(),
        contract=spec.contract or 1,
        role=Role.SERVING,
        update=update,
        adopted=only_track(adopted_identity(subject, MAIN_TRACK, MAIN_TRACK)),
    )
    split = Split("", Match(), (Share(MAIN_TRACK, 100),), ShareMechanism.PODS, path)
    previous = () if spec.previous is None else ((MAIN_TRACK, spec.previous, (*path, "previous")),)
    return Topology((workload,), (split,), gated=gated or subject.release.spec.gates_pods, retained=previous)


def only_track(adopted: AdoptedIdentity | None) -> AdoptedIdentity | None:
    """Beside no other track the selector from before is the one that finds its pods, also those from before.

    A Service's has no expressions: it names all labels that its pods had.
    """
    if adopted is None:
        return None
    more = adopted.labels if adopted.expressions else {}
    return replace(adopted, reached_by={**adopted.selector, **more})


def tracks(subject: Subject[OneTrack]) -> Mapping[str, Version]:
    return {MAIN_TRACK: subject.spec}


def shown_track(objects: Sequence[Object], *, recreated: bool) -> ShownTracks | None:
    """One Deployment without a color, whose pods are recreated or not; its track may be left out."""
    shown = workloads_by_label(objects, "track")
    if set(workloads_by_label(objects, "color")) - {""} or not shown or set(shown) - {MAIN_TRACK, ""}:
        return None
    workload = next(iter(shown.values()))
    recreates = nested_value(workload, "spec", "strategy", "type") == "Recreate"
    return ShownTracks({MAIN_TRACK: workload}) if recreates is recreated else None


def watched(subject: Subject[OneTrack]) -> WatchedTracks | None:
    """The one track, while there is a version to go back to. Nothing serves beside it to compare it with."""
    previous = subject.spec.previous
    return None if previous is None or previous.aborted else WatchedTracks(MAIN_TRACK, None)


def position(subject: Subject[OneTrack]) -> str:
    previous = subject.spec.previous
    return "rolled back" if previous is not None and previous.aborted else "released"


def ahead(_subject: Subject[OneTrack]) -> tuple[Step, ...]:
    """None: the Deployment's own rollout is the course."""
    return ()


def version_replaced(
    subject: Subject[OneTrack], new: Mapping[str, Any], path: Path, way: str, major: Problem
) -> Step | Refusal:
    """The new version in the place of the one that serves, which is kept as `previous`.

    `way` says how, in words; `major` is why the strategy carries no major change.
    """
    spec = subject.spec
    if new.get("change") == "major":
        return Refusal(major.message, major.help)
    edits = [Edit((*path, key), value) for key, value in new.items()]
    kept = set(new) | {"version"}
    stale = [key for key in version_without_course_keys(spec) if key not in kept]
    edits += [Edit((*path, key), Delete()) for key in stale]
    edits.append(Edit((*path, "previous"), version_without_course_keys(spec)))
    if spec.aborted:
        edits.append(Edit((*path, "aborted"), Delete()))
    return Step("start", "start", tuple(edits), f"replaces {spec.version} by {new['version']}, {way}")


def previous_version_restored(subject: Subject[OneTrack], path: Path) -> Step | Refusal:
    """The previous version in the place of the one that serves."""
    spec = subject.spec
    if spec.previous is None:
        return Refusal("this release has no `previous` version to go back to", HISTORY_HELP)
    if spec.previous.aborted:
        return Refusal(
            f"{spec.previous.version} is already aborted, and {spec.version} serves",
            "start another version: `shipway start {unit} --version VERSION --digest DIGEST`",
        )
    back = version_without_course_keys(spec.previous)
    edits = [Edit((*path, key), value) for key, value in back.items()]
    edits += [Edit((*path, key), Delete()) for key in version_without_course_keys(spec) if key not in back]
    # marked, or a second abort would bring it back
    edits.append(Edit((*path, "previous"), {**version_without_course_keys(spec), "aborted": True}))
    return Step("abort", "abort", tuple(edits), f"goes back from {spec.version} to {spec.previous.version}")
