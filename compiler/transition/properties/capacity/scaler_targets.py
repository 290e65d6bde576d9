"""capacity, as far as an HPA decides it: one whose workload goes scales nothing, and one without a minimum may take
the last pod.

Source: Kubernetes, pkg/controller/podautoscaler/horizontal.go (`FailedGetScale`); Argo CD gitops-engine,
pkg/health/health_hpa.go (Degraded then); Argo CD, resource_customizations/keda.sh/ScaledObject/health.lua (Degraded
while it is not Ready).
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, integer_or_default, nested_value
from compiler.transition.facts.workload import SCALER_KINDS, read_scaler
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "capacity"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The HPAs that stay or come though the workload that they scale is deleted."""
    change = judged.change
    yield from _strayed(change)
    yield from _resting(judged)
    yield from _asleep(judged)
    yield from _restored(judged)
    for group, kind in SCALER_KINDS:
        for key in change.target.of_kind(kind) if change.live.workloads else ():
            target = read_scaler(change.target.objects[key], key).target
            pruned = (
                target in change.live.workloads and target in change.ops and change.ops[target][1].action == "prune"
            )
            if key.group == group and pruned:
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
    before = _targets_that_rest(change.live)
    for target, key in _targets_that_rest(change.target).items():
        service = _service_that_had_pods(judged, target, before) if key in change.ops or target in change.ops else None
        if service is not None and target not in before:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} may remove the last pod of {target} behind {service}. Not judged: what answers until a pod "
                "is back",
                (key, target, service),
                "keep minReplicaCount: 1 and no idleReplicaCount, or put something in front that holds requests until "
                "a pod is ready",
                "warning",
            )


def _targets_that_rest(snapshot: Snapshot) -> dict[Key, Key]:
    """The workloads that a ScaledObject of the folder scales to no pod while no trigger is active, each with it."""
    scalers = [(key, snapshot.objects[key]) for key in snapshot.of_kind("ScaledObject") if key.group == "keda.sh"]
    return {read_scaler(obj, key).target: key for key, obj in scalers if not _idle_pods(obj)}


def _service_that_had_pods(judged: JudgedChange, target: Key, resting: Container[Key]) -> Key | None:
    """A Service before pods of the workload that had pods before, which nobody scaled to none."""
    change = judged.change
    for key, facts in change.target.services.items():
        if key.namespace != target.namespace or key not in change.live.services:
            continue
        behind = judged.router.selected(change.live.services[key])
        kept = any(pods in change.live.workloads and pods not in resting for pods in behind)
        if kept and target in judged.router.selected(facts):
            return key
    return None


def _asleep(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads that lose a ScaledObject which may have scaled them to no pod: nothing wakes them any more.

    Source: KEDA, controllers/keda/scaledobject_finalizer.go (without `restoreToOriginalReplicaCount` the count stays).
    """
    change = judged.change
    for target, key in _targets_that_rest(change.live).items():
        pods, scaler = change.target.workloads.get(target), change.live.objects[key]
        if (
            key in change.target.objects
            or _restores_count(scaler)
            or pods is None
            or pods.written is not None
            or pods.scaler
        ):
            continue
        service = _service_before(judged, target)
        if service is not None:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} is deleted and leaves {target} behind {service} with the pods that it has at that moment. Not "
                "judged: whether there are any",
                (key, target, service),
                "write replicas in the same commit, or set minReplicaCount: 1 in an earlier one",
                "warning",
                change.moment(key),
            )


def _restored(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads that a ScaledObject leaves with the count from before it came, which only its status holds.

    Its finalizer writes that count whenever it comes to run, also over one of the manifest.
    Source: KEDA, controllers/keda/scaledobject_finalizer.go (`restoreToOriginalReplicaCount`),
    scaledobject_controller.go `checkTargetResourceIsScalable` (the count is kept once, at the first look).
    """
    change = judged.change
    for key in change.live.of_kind("ScaledObject"):
        scaler = change.live.objects[key]
        target = read_scaler(scaler, key).target
        service = _service_before(judged, target)
        if key[:2] not in SCALER_KINDS or key in change.target.objects or not _restores_count(scaler):
            continue
        if service is not None and target in change.target.workloads:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key} is deleted and scales {target} behind {service} to the count that it had before "
                "(restoreToOriginalReplicaCount). Not judged: whether that is enough",
                (key, target, service),
                "set restoreToOriginalReplicaCount: false in an earlier commit",
                "warning",
                change.moment(key),
            )


def _restores_count(scaler: Object) -> bool:
    return nested_value(scaler, "spec", "advanced", "restoreToOriginalReplicaCount") is True


def _service_before(judged: JudgedChange, target: Key) -> Key | None:
    services = judged.change.target.services.values()
    behind = (facts for facts in services if facts.key.namespace == target.namespace)
    return next((facts.key for facts in behind if target in judged.router.selected(facts)), None)


def _idle_pods(scaler: Object) -> int:
    """The pods that stay while no trigger is active (KEDA, apis/keda/v1alpha1/scaledobject_types.go)."""
    least = integer_or_default(nested_value(scaler, "spec", "minReplicaCount"), 0)
    return integer_or_default(nested_value(scaler, "spec", "idleReplicaCount"), least)
