"""unblocked: every gate ends by itself, for a Running operation makes Argo CD ignore newer commits.

Source: Argo CD, controller/appcontroller.go `autoSync` (skips while an operation runs) and its sync timeout of 0;
gitops-engine, sync_context.go `objRequiresPruneConfirmation`; Kubernetes, deployment/progress.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, class_name_of, integer_or_default, nested_value, object_sync_options
from compiler.transition.controllers import fleet, rollout
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.order import SyncPass

PROPERTY = "unblocked"
WORKFLOW = ("argoproj.io", "Workflow")
"""Progressing until it ends, as a Job is (Argo CD gitops-engine, pkg/health/health_argo.go)."""
WAVE_DELAY_SECONDS = 2.0
WRITE_SECONDS = 10.0


def longest_wait(change: Change) -> float | None:
    """The seconds that a newer commit may have to wait for this sync; None: a gate has no bound.

    An operation that fails at a gate stays Running until its last retry: `autoSync` waits for that too.
    """
    total = _attempt_seconds(change)
    return total if not total else change.options.retry.longest_wait(total)


def _attempt_seconds(change: Change) -> float | None:
    """The seconds until one attempt has succeeded or failed; None: a gate has no bound."""
    total = 0.0
    for stage in change.stages:
        if stage.waits or stage.hooks:
            bounds = [_gate_bound(change, key) for key in stage.awaited if _may_hold_gate(change, key)]
            known = [bound for bound in bounds if bound is not None]
            if len(known) < len(bounds) or _prunes_to_confirm(change, stage):
                return None
            total += WAVE_DELAY_SECONDS + max([*known, _drain_seconds(change, stage)], default=0.0)
    return total


def _may_hold_gate(change: Change, key: Key) -> bool:
    """Whether a gate may have to wait for the object: it is new or changes."""
    return key in change.ops or key in change.unsettled["low"]


def _gate_bound(change: Change, key: Key) -> float | None:
    """How long the object may keep its gate shut."""
    obj = change.target.objects[key]
    if key in change.target.workloads:
        return _workload_bound(change, key)
    if key.distinct_kind == "Job" or key[:2] == WORKFLOW:
        deadline = nested_value(obj, "spec", "activeDeadlineSeconds")
        return None if deadline is None else float(integer_or_default(deadline, 0))
    return None if key not in change.live.objects and _waits_for_others(change, key, obj) else WRITE_SECONDS


def _waits_for_others(change: Change, key: Key, obj: Object) -> bool:
    """Whether a new object is Progressing until something gives it a volume, an address or a certificate.

    An Ingress gets its address as others of its class have got theirs. Where no route is served yet, nobody waits for
    what a shut gate keeps back, and who gives addresses and certificates is taken to be there. Source: Argo CD
    gitops-engine, health_pvc.go, health_service.go, health_ingress.go; Argo CD,
    resource_customizations/cert-manager.io/Certificate/health.lua.
    """
    if key.distinct_kind == "Service":
        return bool(nested_value(obj, "spec", "type") == "LoadBalancer")
    if key.distinct_kind == "PersistentVolumeClaim":
        return True
    if not change.live.routes:
        return False
    if key.distinct_kind == "Ingress":
        served = {class_name_of(change.live.objects[each]) for each in change.live.of_kind("Ingress")}
        return class_name_of(obj) not in served
    return key[:2] == ("cert-manager.io", "Certificate")


def _workload_bound(change: Change, key: Key) -> float | None:
    new, old = change.target.workloads[key], change.live.workloads.get(key)
    same = old is not None and old.template is new.template and key not in change.unsettled["low"]
    if same and change.count_after(key, "low") <= change.count_before(key, "low"):
        return WRITE_SECONDS
    if new.kind == "Rollout" and not rollout.waits_for_promotion(new):
        return float(integer_or_default(nested_value(new.raw, "spec", "progressDeadlineSeconds"), 600))
    return fleet.gate_timeout(new, old)


def _drain_seconds(change: Change, stage: SyncPass) -> float:
    pruned = [op.key for group in stage.groups for op in group if op.action == "prune"]
    workloads = [change.live.workloads[key] for key in pruned if key in change.live.workloads]
    return max((workload.template.drain.grace for workload in workloads), default=0.0)


def _prunes_to_confirm(change: Change, stage: SyncPass) -> list[Key]:
    """The prunes of the stage that wait for a person (`Prune=confirm`)."""
    pruned = [op.key for group in stage.groups for op in group if op.action == "prune"]
    default = change.options.has("Prune=confirm")
    return [key for key in pruned if default or "Prune=confirm" in object_sync_options(change.live.objects[key])]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Each gate without a bound, and each that stands on a track which loses its traffic."""
    change = judged.change
    for stage in change.stages:
        for key in _prunes_to_confirm(change, stage):
            yield _unbounded_gate(key, f"{stage.name} waits until a person confirms that {key} may be deleted")
        for key in stage.awaited:
            if _may_hold_gate(change, key) and _gate_bound(change, key) is None:
                yield _unbounded_gate(key, f"{stage.name} may wait for {key} without limit")


def _unbounded_gate(key: Key, text: str) -> PropertyBreach:
    return PropertyBreach(
        "gate-unbounded",
        PROPERTY,
        f"{text}; meanwhile Argo CD does not sync a newer commit",
        (key,),
        "set the sync timeout of Argo CD's controller, put the object in the last wave, or give it a deadline "
        "(activeDeadlineSeconds; progressDeadlineSeconds limits only the rollout of a new template)",
        "warning",
    )
