"""What the objects of releases cost as they stand, and at the peak of a change, by the formula that `check` uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compiler.model.cost import ZERO_COST, Cost, largest_cost, pod_cost, track_peak
from compiler.model.manifest import Object
from compiler.model.objects import integer_or_default, mapping_items, nested_value
from compiler.plan.tracks import objects_of_release, pods_wanted, shown_tracks

DEFAULT_SURGE = "25%"
"""Kubernetes, pkg/apis/apps/v1/defaults.go, `SetDefaults_Deployment`"""


def cost_of_objects(objects: Sequence[Object], releases: Sequence[str]) -> Cost:
    """What the tracks of the releases take as they stand."""
    return sum((cost_at_rest_of(objects_of_release(objects, name)) for name in releases), ZERO_COST)


def peak_cost(releases: Sequence[str], before: Sequence[Object], after: Sequence[Object]) -> Cost:
    """The most that the releases take while `before` becomes `after`, the pods of new smoke tests included."""
    changes = ((objects_of_release(before, name), objects_of_release(after, name)) for name in releases)
    return sum((release_peak(old, new) for old, new in changes), ZERO_COST)


def cost_at_rest_of(own: Sequence[Object]) -> Cost:
    workloads = shown_tracks(own)[1].workloads.values()
    return largest_cost(map(template_cost, workloads)) * sum(map(pods_wanted, workloads))


def release_peak(before: Sequence[Object], after: Sequence[Object]) -> Cost:
    """All tracks at their largest, each by the largest pod of any of them, and the Jobs that this change starts."""
    old, new = shown_tracks(before)[1].workloads, shown_tracks(after)[1].workloads
    pods = sum(
        workload_peak(old.get(track), new.get(track), largest_counts(before), largest_counts(after))
        for track in {**old, **new}
    )
    jobs = [obj for obj in after if obj.get("kind") == "Job" and obj not in before]
    largest = largest_cost(map(template_cost, (*old.values(), *new.values())))
    return largest * pods + sum(map(template_cost, jobs), ZERO_COST)


def workload_peak(
    old: Object | None, new: Object | None, scaled_before: Mapping[str, int], scaled_after: Mapping[str, int]
) -> int:
    """The most pods of one track while it changes, at the autoscaler's `maxReplicas` where it has one."""
    before = 0 if old is None else scaled_before.get(old["metadata"]["name"], pods_wanted(old))
    after = 0 if new is None else scaled_after.get(new["metadata"]["name"], pods_wanted(new))
    replaced = old is not None and new is not None and workload_pod_template(old) != workload_pod_template(new)
    return track_peak(before, after, surge_of(new or {}), replaced=replaced)


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
    """How many pods a rollout may add: none where all old pods end first."""
    if nested_value(workload, "spec", "strategy", "type") == "Recreate":
        return 0
    surge = nested_value(workload, "spec", "strategy", "rollingUpdate", "maxSurge")
    return surge if isinstance(surge, int | str) else DEFAULT_SURGE


def template_cost(workload: Object) -> Cost:
    """What one pod of a workload or Job asks for."""
    spec = nested_value(workload_pod_template(workload), "spec") or {}
    return pod_cost(list(mapping_items(spec.get("containers"))), list(mapping_items(spec.get("initContainers"))))


def workload_pod_template(workload: Object) -> Object:
    return nested_value(workload, "spec", "template") or {}
