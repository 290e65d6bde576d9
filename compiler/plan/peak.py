"""What the objects of releases cost as they stand, and at the peak of a change, by the formula that `check` uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compiler.model.cost import (
    ZERO_COST,
    Cost,
    LargestCounts,
    cost_of_change,
    job_cost,
    largest_cost,
    template_cost,
    track_peak,
)
from compiler.model.frame import WAVE
from compiler.model.manifest import Object
from compiler.model.objects import integer_or_default, nested_value, object_key
from compiler.model.topology import Stage
from compiler.plan.tracks import objects_by_release, pods_wanted, shown_tracks

DEFAULT_SURGE = "25%"
"""Kubernetes, pkg/apis/apps/v1/defaults.go, `SetDefaults_Deployment`"""


def cost_of_objects(objects: Sequence[Object], releases: Sequence[str]) -> Cost:
    """What the tracks of the releases take as they stand."""
    own = objects_by_release(objects)
    return sum((cost_at_rest_of(own.get(name, [])) for name in releases), ZERO_COST)


def peak_cost(releases: Sequence[str], before: Sequence[Object], after: Sequence[Object]) -> Cost:
    """The most that the releases take while `before` becomes `after`, the pods of new Jobs included."""
    old, new = objects_by_release(before), objects_by_release(after)
    return sum((release_peak(old.get(name, []), new.get(name, [])) for name in releases), ZERO_COST)


def cost_at_rest_of(own: Sequence[Object]) -> Cost:
    workloads = shown_tracks(own)[1].workloads.values()
    return largest_cost(map(template_cost, workloads)) * sum(map(pods_wanted, workloads))


def release_peak(before: Sequence[Object], after: Sequence[Object]) -> Cost:
    """All tracks at their largest, each by the largest pod of any of them, and the Jobs that this change starts."""
    old, new = shown_tracks(before)[1].workloads, shown_tracks(after)[1].workloads
    jobs = new_jobs(before, after)
    gates = [job for job in jobs if nested_value(job, "metadata", "annotations", WAVE) == str(Stage.BEFORE.value)]
    return cost_of_change(
        largest_cost(map(template_cost, (*old.values(), *new.values()))),
        workload_counts(old, new, largest_counts(before), largest_counts(after)),
        sum(map(job_cost, gates), ZERO_COST),
        sum((job_cost(job) for job in jobs if job not in gates), ZERO_COST),
    )


def new_jobs(before: Sequence[Object], after: Sequence[Object]) -> list[Object]:
    """The Jobs that run: one that keeps its name has run, whatever else of it changes."""
    known = {object_key(obj) for obj in before}
    return [obj for obj in after if obj.get("kind") == "Job" and object_key(obj) not in known]


def workload_counts(
    old: Mapping[str, Object],
    new: Mapping[str, Object],
    scaled_before: Mapping[str, int],
    scaled_after: Mapping[str, int],
) -> LargestCounts:
    """The pods of all tracks before the change and during it, at the autoscaler's `maxReplicas` where one has it."""
    before = {track: scaled_before.get(each["metadata"]["name"], pods_wanted(each)) for track, each in old.items()}
    after = {track: scaled_after.get(each["metadata"]["name"], pods_wanted(each)) for track, each in new.items()}
    changing = sum(
        track_peak(
            before.get(track, 0),
            after.get(track, 0),
            surge_of(new.get(track, {})),
            replaced=is_replaced(old.get(track), new.get(track)),
        )
        for track in {**old, **new}
    )
    return LargestCounts(sum(before.values()), changing)


def is_replaced(old: Object | None, new: Object | None) -> bool:
    """Whether the pods of a track make way for others."""
    return old is not None and new is not None and workload_pod_template(old) != workload_pod_template(new)


def largest_counts(own: Sequence[Object]) -> dict[str, int]:
    """The most pods that autoscalers make, by the name of the workload."""
    scalers = [obj for obj in own if obj.get("kind") == "HorizontalPodAutoscaler"]
    return {
        str(nested_value(obj, "spec", "scaleTargetRef", "name")): integer_or_default(
            nested_value(obj, "spec", "maxReplicas"), 1
        )
        for obj in scalers
    }


def surge_of(workload: Object) -> int | str:
    """How many pods a rollout may add: none where old pods end before new ones start."""
    if workload.get("kind") == "StatefulSet" or nested_value(workload, "spec", "strategy", "type") == "Recreate":
        return 0
    surge = nested_value(workload, "spec", "strategy", "rollingUpdate", "maxSurge")
    return surge if isinstance(surge, int | str) else DEFAULT_SURGE


def workload_pod_template(workload: Object) -> Object:
    return nested_value(workload, "spec", "template") or {}
