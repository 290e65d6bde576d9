"""Triggers of a ScaledObject that change: any count between its bounds is judged, and KEDA's webhook takes them.

Source: KEDA, apis/keda/v1alpha1/scaledobject_webhook.go, and scaletriggers_types.go `ValidateTriggers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compiler.model.objects import Key, integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.facts.workload import WorkloadFacts, read_scaler
from compiler.transition.sync.change import Change

SCALED_OBJECT = ("keda.sh", "ScaledObject")
LEAST_PODS = {"minReplicaCount": 0, "idleReplicaCount": 1}
UNCACHED = ("cpu", "cron", "memory")
"""Triggers that cannot have `useCachedMetrics`."""


def scales_within_its_bounds(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether other triggers count pods that never are fewer than one: any count between the bounds is judged.

    Source: KEDA, docs/reference/scaledobject-spec.md (`minReplicaCount`, 0 by default, and `idleReplicaCount`).
    """
    if key[:2] != SCALED_OBJECT or not difference.field.startswith("spec.triggers"):
        return False
    specs = [mapping_or_empty(side.objects.get(key, {}).get("spec")) for side in (change.live, change.target)]
    least = [
        min(integer_or_default(spec.get(field), default) for field, default in LEAST_PODS.items()) for spec in specs
    ]
    if _may_become_degraded(change, key, *specs):
        return False
    return min(least) > 0 and _are_accepted_triggers(*specs) and not _loses_requests(change, key)


def _may_become_degraded(change: Change, key: Key, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a wave waits for the scaler, and a trigger is of a new type, or logs in otherwise.

    Source: KEDA, pkg/scaling/scalers_builder.go (`buildScaler`, `ResolveAuthRefAndPodIdentity`: the scaler is not
    Ready); Argo CD, resource_customizations/keda.sh/ScaledObject/health.lua (Degraded then).
    """
    before, after = (
        [(each.get("type"), each.get("authenticationRef")) for each in mapping_items(spec.get("triggers"))]
        for spec in (old, new)
    )
    waits = key in change.ops and change.stages[change.ops[key][0][0]].waits
    return waits and any(each not in before for each in after)


def _are_accepted_triggers(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether KEDA's webhook asks nothing of the new triggers that the old ones did not show.

    Source: KEDA, apis/keda/v1alpha1/scaledobject_webhook.go `verifyCPUMemoryScalers` (the containers that such a
    trigger measures request it) and `validateScalingModifiersFormula` (a formula names triggers).
    """
    before, after = (list(mapping_items(spec.get("triggers"))) for spec in (old, new))
    measured = [_measured_containers(triggers) for triggers in (before, after)]
    formulas = [nested_value(spec, "advanced", "scalingModifiers") for spec in (old, new)]
    kept = any(each.get("useCachedMetrics") and each.get("type") in UNCACHED for each in after)
    return bool(after) and measured[1] <= measured[0] and not any(formulas) and not kept


def _loses_requests(change: Change, key: Key) -> bool:
    """Whether the scaled workload is another one, or a container of it requests less than it did."""
    targets = [read_scaler(side.objects[key], key).target for side in (change.live, change.target)]
    old, new = (side.workloads.get(target) for side, target in zip((change.live, change.target), targets, strict=True))
    if targets[0] != targets[1] or (old is None) != (new is None):
        return True
    return old is not None and new is not None and not _requests(old) <= _requests(new)


def _requests(workload: WorkloadFacts) -> set[tuple[str, str]]:
    """The names of containers, each with that of a resource that it requests or is limited to."""
    return {
        (str(container.get("name")), resource)
        for container in mapping_items(nested_value(workload.template.raw, "spec", "containers"))
        for part in ("requests", "limits")
        for resource in mapping_or_empty(nested_value(container, "resources", part))
    }


def _measured_containers(triggers: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """What triggers measure of which container; empty: of all."""
    return {
        (str(each["type"]), str(nested_value(each, "metadata", "containerName") or ""))
        for each in triggers
        if each.get("type") in ("cpu", "memory")
    }
