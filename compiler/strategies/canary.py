"""canary: a small share of the requests goes to the new version and grows step by step."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from compiler.model.cost import LargestCounts, track_peak
from compiler.model.course import (
    HISTORY_HELP,
    Delete,
    Edit,
    Refusal,
    ShownTracks,
    Step,
    Subject,
    WatchedTracks,
)
from compiler.model.manifest import Object
from compiler.model.provenance import derived
from compiler.model.topology import Match, Role, Share, ShareMechanism, Split, Topology, Workload
from compiler.spec.base import seconds_of
from compiler.spec.container import Version
from compiler.strategies.base import (
    adopted_identity,
    carried_overrides,
    identity_edits,
    major_change_problem,
    next_contract,
    track_name,
    version_without_course_keys,
    workloads_by_label,
)
from compiler.strategies.canary_spec import (
    CANARY_PATH,
    NAME,
    Canary,
    canary_steps,
    check,
    contracts_differ,
    pinned_matches,
    pods_by_ratio,
)

ONE_TRACK = False
IN_PLACE = False
ADOPTABLE: Final = re.compile("stable")
FIRST_TRACK: Final = "stable"
"""which track a running Deployment becomes"""


SPEC = Canary


def pod_counts(subject: Subject[Canary]) -> tuple[int, int]:
    """(stable, canary) pods in this commit."""
    spec = subject.spec
    if subject.release.spec.autoscale is not None:
        full = subject.switch_capacity()
        return full, full
    replicas = subject.replicas()
    if spec.by == "pods":
        aborted = spec.canary is not None and spec.canary.aborted
        return (replicas, 0) if aborted else pods_by_ratio(replicas, spec.at)
    return replicas, max(1, -(-replicas * spec.at // 100))


def lower(subject: Subject[Canary]) -> Topology:
    spec = subject.spec
    if spec.canary is None:
        stable = track_workload(subject, "stable", spec.stable, subject.switch_capacity(), Role.SERVING)
        return Topology((stable,), (weighted_split(subject, 0, pinned=False),), gated=True)
    aborted = spec.canary.aborted
    at = derived(0, spec.canary.aborted) if aborted else spec.at
    stable_pods, canary_pods = pod_counts(subject)
    stable_loses = at == 100 or (spec.by == "pods" and at > 50)
    canary_serves = not aborted and (at > 0 or pinned_matches(spec) != ())
    open_at = subject.switch_capacity() if subject.release.spec.autoscale is not None else None
    both = (
        track_workload(
            subject, "stable", spec.stable, stable_pods, Role.IDLE if stable_loses else Role.SERVING, open_at
        ),
        track_workload(
            subject, "canary", spec.canary, canary_pods, Role.SERVING if canary_serves else Role.IDLE, open_at
        ),
    )
    # stable has shrunk behind one Service: it must be back before the canary's pods go
    shrunk = spec.by == "pods" and spec.at > 50
    return Topology(both, (weighted_split(subject, at, pinned=not aborted),), gated=not aborted or shrunk)


def track_workload(
    subject: Subject[Canary], track: str, version: Version, replicas: int, role: Role, minimum: int | None = None
) -> Workload:
    spec = subject.spec
    return Workload(
        track=derived(track, version, via="strategy"),
        label="track",
        name=track_name(subject, track),
        version=version,
        path=(*CANARY_PATH, track),
        replicas=replicas,
        contract=next_contract(version, spec.stable) if track == "canary" else version.contract or 1,
        role=role,
        minimum=minimum,
        adopted=adopted_identity(subject, track, FIRST_TRACK),
    )


def weighted_split(subject: Subject[Canary], at: int, *, pinned: bool) -> Split:
    spec = subject.spec
    share = at if spec.by == "weight" else derived(0, spec.by)
    by = ShareMechanism.PODS if spec.by == "pods" else ShareMechanism.WEIGHT
    pins = pinned_matches(spec) if pinned and by is ShareMechanism.WEIGHT else ()
    return Split(
        "", Match(), (Share("stable", 100 - share), Share("canary", share)), by, (*CANARY_PATH, "at"), pinned=pins
    )


def tracks(subject: Subject[Canary]) -> Mapping[str, Version]:
    spec = subject.spec
    return {"stable": spec.stable} | ({} if spec.canary is None else {"canary": spec.canary})


def tracks_of(objects: Sequence[Object]) -> ShownTracks | None:
    workloads = workloads_by_label(objects, "track")
    shown: dict[str, Object] = {track: workloads[track] for track in ("stable", "canary") if track in workloads}
    if not shown or len(shown) < len(workloads):
        return None
    return ShownTracks(shown, course_open=len(shown) == 2)


def watched(subject: Subject[Canary]) -> WatchedTracks | None:
    """The canary beside stable, which has no requests any more once the canary has them all."""
    spec = subject.spec
    if spec.canary is None or spec.canary.aborted:
        return None
    return WatchedTracks("canary", None if spec.at == 100 and spec.by != "header" else "stable")


def position(subject: Subject[Canary]) -> str:
    spec = subject.spec
    if spec.canary is None:
        return "released"
    return "aborted" if spec.canary.aborted else f"canary {spec.at} %"


def start(subject: Subject[Canary], new: Mapping[str, Any]) -> Step | Refusal:
    spec = subject.spec
    if new.get("change") == "major" and spec.by != "header":
        problem = major_change_problem(f"canary by {spec.by}", (*CANARY_PATH, "canary"))
        return Refusal(problem.message, problem.help)
    if spec.canary is not None and not spec.canary.aborted:
        reason = (
            f"the canary {spec.canary.version} is under way: another version cannot take over its share of requests"
        )
        return Refusal(reason, "run `shipway abort {unit}` and start the other version, or finish this canary first")
    first = canary_steps(spec)[0].at
    edits = (
        Edit((*CANARY_PATH, "canary"), {"change": "minor", **new}),
        Edit((*CANARY_PATH, "at"), first),
        *carried_overrides(subject, adopted_identity(subject, "stable", FIRST_TRACK), track_name(subject, "canary")),
    )
    share = "requests with the header" if spec.by == "header" else f"{first} % of the requests"
    return Step(
        "start",
        "start",
        edits,
        f"starts {new['version']} as canary; when it is healthy, it gets {share}",
    )


def ahead(subject: Subject[Canary]) -> tuple[Step, ...]:
    spec = subject.spec
    if spec.canary is None:
        return ()
    if spec.canary.aborted:
        return (
            Step(
                "finish",
                "finish",
                (Edit((*CANARY_PATH, "canary"), Delete()), Edit((*CANARY_PATH, "at"), Delete())),
                "removes the aborted canary",
            ),
        )
    steps = canary_steps(spec)
    pauses = {step.at: seconds_of(step.pause) for step in steps}
    coming = [step.at for step in steps if step.at > spec.at]
    advances = [
        Step(
            f"{at} %",
            "advance",
            (Edit((*CANARY_PATH, "at"), at),),
            advance_description(spec, at),
            pauses.get(before, 0),
        )
        for before, at in zip([spec.at, *coming], coming, strict=False)
    ]
    last = coming[-1] if coming else spec.at
    if contracts_differ(spec):
        return tuple(advances)
    return (*advances, finish_step(subject, pauses.get(last, 0)))


def advance_description(spec: Canary, at: int) -> str:
    if spec.by == "header":
        return f"gives the canary pods for {at} % of the requests"
    return f"moves the canary to {at} % of the requests"


def finish_step(subject: Subject[Canary], pause: int) -> Step:
    spec = subject.spec
    assert spec.canary is not None  # noqa: S101 - narrows the type; `ahead` has looked
    promoted = version_without_course_keys(spec.canary)
    promoted.pop("change", None)
    edits = (
        Edit((*CANARY_PATH, "stable"), promoted),
        Edit((*CANARY_PATH, "canary"), Delete()),
        Edit((*CANARY_PATH, "at"), Delete()),
        *identity_edits(subject, FIRST_TRACK, FIRST_TRACK),
    )
    return Step(
        "finish",
        "finish",
        edits,
        f"rolls stable to {spec.canary.version}, moves all requests back to stable, then removes the canary",
        pause,
    )


def abort(subject: Subject[Canary]) -> Step | Refusal:
    spec = subject.spec
    if spec.canary is None:
        return Refusal(
            "no course is open: there is no canary",
            HISTORY_HELP,
        )
    return Step(
        "abort",
        "abort",
        (Edit((*CANARY_PATH, "canary", "aborted"), True),),
        "all requests go to stable at once; the canary stays for inspection",
    )


def peak(subject: Subject[Canary]) -> LargestCounts:
    """The most of each step beside the one before, and of the end, where stable takes the canary's version."""
    counts = [pods_at(subject, at) for at in (0, *(step.at for step in canary_steps(subject.spec)))]
    steps = (max(old[0], new[0]) + max(old[1], new[1]) for old, new in itertools.pairwise(counts))
    stable, canary = counts[-1]
    end = track_peak(stable, subject.largest(), 1, replaced=True) + canary
    # an aborted canary by weight or header keeps its pods, and the next version may come beside them
    standing = subject.largest() if subject.spec.by == "pods" else max(map(sum, counts))
    return LargestCounts(standing, max(*steps, end))


def pods_at(subject: Subject[Canary], at: int) -> tuple[int, int]:
    """(stable, canary) pods at a share of `at` percent, at their most where they are autoscaled."""
    replicas = subject.largest()
    if subject.release.spec.autoscale is not None:
        return replicas, replicas
    if subject.spec.by == "pods":
        return pods_by_ratio(replicas, at)
    return replicas, max(1, -(-replicas * at // 100))


__all__ = [
    "ADOPTABLE", "IN_PLACE", "NAME", "ONE_TRACK", "SPEC", "abort", "ahead", "check", "lower", "peak", "position",
    "start", "tracks", "tracks_of", "watched",
]  # fmt: skip
"""What a strategy is (`compiler/strategies/__init__.py`); its part of the spec is in a file of its own."""
