"""How many pods run, and how fast they are replaced, in the spec's own words."""

from __future__ import annotations

from typing import Any, Final

from compiler.adopt.running import RunningWorkload
from compiler.model.objects import mapping_items, nested_value

STATEFUL: Final = ("serviceName", "podManagementPolicy", "persistentVolumeClaimRetentionPolicy")


def scale_words(group: RunningWorkload) -> dict[str, Any]:
    """`autoscale` where an HPA decides, else `replicas`."""
    if group.autoscaler is None:
        # a release runs something: none at all for now is what an override says
        return {"replicas": group.source.spec.get("replicas", 1) or 1}
    spec = group.autoscaler.spec
    words: dict[str, Any] = {"min": spec.get("minReplicas", 1), "max": spec.get("maxReplicas", 1)}
    for metric in mapping_items(spec.get("metrics")):
        name = nested_value(dict(metric), "resource", "name")
        percent = nested_value(dict(metric), "resource", "target", "averageUtilization")
        if metric.get("type") == "Resource" and name in ("cpu", "memory") and isinstance(percent, int):
            words[str(name)] = percent
    percent = spec.get("targetCPUUtilizationPercentage")
    if isinstance(percent, int):
        words["cpu"] = percent
    if isinstance(spec.get("behavior"), dict):
        words["behavior"] = spec["behavior"]
    return {"autoscale": words}


def stateful_words(group: RunningWorkload) -> dict[str, Any]:
    """`stateful` for a StatefulSet: what gives its pods names and claims, which nobody can change."""
    if group.source.kind != "StatefulSet":
        return {}
    words = {key: group.source.spec[key] for key in STATEFUL if key in group.source.spec}
    claims = group.source.spec.get("volumeClaimTemplates")
    return {"stateful": {**words, **({"claims": claims} if claims else {})}}


def update_words(group: RunningWorkload) -> dict[str, Any]:
    """`maxSurge` and `maxUnavailable` where somebody wrote them; what is Kubernetes' default takes Shipway's."""
    rolling = nested_value(group.source.object, "spec", "strategy", "rollingUpdate")
    if not isinstance(rolling, dict):
        return {}
    return {key: rolling[key] for key in ("maxSurge", "maxUnavailable") if isinstance(rolling.get(key), int | str)}
