"""What a step of a course does by design: the reviewer of the step need not look at it first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compiler.model.course import ShownTracks
from compiler.model.manifest import Object
from compiler.model.plan import Danger
from compiler.plan.tracks import (
    objects_by_release,
    request_shares,
    selected_tracks,
    shares_by_track,
    shown_tracks,
)

Effect = tuple[str, str]
"""The kind of a danger, and the object as `Kind name`."""
Percentages = Mapping[str, float]


def dangers_beside_step(
    dangers: Sequence[Danger], before: Sequence[Object], after: Sequence[Object], releases: Sequence[str]
) -> tuple[Danger, ...]:
    """The dangers that are no part of the step that the releases take between the two states."""
    old, new = objects_by_release(before), objects_by_release(after)
    expected = {effect for name in releases for effect in step_effects(old.get(name, []), new.get(name, []), name)}
    return tuple(danger for danger in dangers if (danger.kind, danger.object) not in expected)


def step_effects(before: Sequence[Object], after: Sequence[Object], release: str) -> Iterator[Effect]:
    """What the release's strategy changes by itself; nothing where the release comes, goes or changes its strategy.

    `before` and `after` are the release's own objects.
    """
    (strategy, old), (same, new) = map(shown_tracks, (before, after))
    if strategy is None or strategy != same:
        return
    yield from replaced_configuration(before)
    yield from switched_services(before, after, old, new)
    yield from shrinking_tracks(percentages(before, old, release), percentages(after, new, release), new)
    gone = [workload for track, workload in old.workloads.items() if track not in new.workloads]
    for workload in gone:
        yield from leaving_workload(workload)
    if gone:
        yield from (("replicas", shown(obj)) for obj in after if obj["kind"] == "HorizontalPodAutoscaler")


def leaving_workload(workload: Object) -> Iterator[Effect]:
    """Where requests still go to it, the verifier refuses; a path that is lost with it is a danger of its route."""
    name = workload["metadata"]["name"]
    yield "deletion", shown(workload)
    yield "deletion", f"Service {name}-smoke"


def replaced_configuration(before: Sequence[Object]) -> Iterator[Effect]:
    """ConfigMaps that are named by their content, and smoke tests: each version has its own.

    The Jobs of `spec.jobs` carry another `app`.
    """
    for obj in before:
        if obj["kind"] == "Job" or (obj["kind"] == "ConfigMap" and obj.get("immutable") is True):
            yield "deletion", shown(obj)


def switched_services(
    before: Sequence[Object], after: Sequence[Object], old: ShownTracks, new: ShownTracks
) -> Iterator[Effect]:
    """Services that select one whole track before and another one after."""
    selected = {shown(obj): set(selected_tracks(obj, old.workloads)) for obj in before if obj["kind"] == "Service"}
    for obj in after:
        if (
            obj["kind"] == "Service"
            and len(selected_tracks(obj, new.workloads)) == len(selected.get(shown(obj), ())) == 1
        ):
            yield "selector", shown(obj)


def shrinking_tracks(old: Percentages, new: Percentages, tracks: ShownTracks) -> Iterator[Effect]:
    """Deployments that lose pods together with requests."""
    for track, workload in tracks.workloads.items():
        if new.get(track, 0) < old.get(track, 0):
            yield "replicas", shown(workload)


def percentages(own: Sequence[Object], tracks: ShownTracks, release: str) -> Percentages:
    """Each track's share of the requests; empty where none can be said."""
    return shares_by_track(request_shares(own, release), own, tracks.workloads).percent or {}


def shown(obj: Object) -> str:
    return f"{obj['kind']} {obj['metadata']['name']}"
