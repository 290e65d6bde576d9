"""capacity, as far as an HPA decides it: one whose workload goes scales nothing, and one without a minimum may take
the last pod.

Source: Kubernetes, pkg/controller/podautoscaler/horizontal.go (`FailedGetScale`); Argo CD gitops-engine,
pkg/health/health_hpa.go (Degraded then).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, integer_or_default, nested_value
from compiler.transition.facts.workload import SCALER_KINDS, read_scaler
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "capacity"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The HPAs that stay or come though the workload that they scale is deleted."""
    change = judged.change
    yield from _strayed(change)
    yield from _resting(judged)
    for group, kind in SCALER_KINDS:
        for key in change.target.of_kind(kind) if change.live.workloads else ():
            target = read_scaler(change.target.objects[key], key).target
            gone = target in change.live.workloads and target not in change.target.workloads
            if key.group == group and gone and change.ops[target][1].action == "prune":
                yield PropertyBreach(
                    "scaler-without-target",
                    PROPERTY,
                    f"{key} scales {target}, which is deleted: the scaler becomes Degraded and scales nothing",
                    (key, target),
                    "delete the scaler too, or let it scale the workload that replaces the old one",
                    "warning",
                    change.moment(target),
                )


def _written_scalers(change: Change) -> Iterator[Key]:
    for key in change.ops:
        if key[:2] in SCALER_KINDS and key in change.live.objects and key in change.target.objects:
            yield key


def _strayed(change: Change) -> Iterator[PropertyBreach]:
    """The HPAs that come to scale what is in no folder."""
    for key in _written_scalers(change):
        old, new = (read_scaler(side.objects[key], key).target for side in (change.live, change.target))
        if old != new and new not in change.target.workloads and new not in change.live.workloads:
            yield PropertyBreach(
                "scaler-without-target",
                PROPERTY,
                f"{key} no longer scales {old.name} but {new}, which is in no folder: if {new} does not exist, the "
                "scaler becomes Degraded",
                (key, new),
                "give the workload's kind and name",
                "warning",
                change.moment(key),
            )


def _resting(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The ScaledObjects that come to take the last pod behind a Service while nothing triggers them."""
    change = judged.change
    for key in _written_scalers(change):
        old, new = (change.live.objects[key], change.target.objects[key])
        if key.kind != "ScaledObject" or not (_minimum(old) and not _minimum(new)):
            continue
        target = read_scaler(new, key).target
        behind = (facts for facts in change.target.services.values() if facts.key.namespace == key.namespace)
        service = next((facts.key for facts in behind if target in judged.router.selected(facts)), None)
        if service is not None:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} may remove the last pod of {target} behind {service}. Not judged: what answers until a pod "
                "is back",
                (key, target, service),
                "keep minReplicaCount: 1, or put something in front that holds requests until a pod is ready",
                "warning",
            )


def _minimum(scaler: Object) -> int:
    return integer_or_default(nested_value(scaler, "spec", "minReplicaCount"), 0)
