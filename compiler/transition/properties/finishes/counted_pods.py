"""finishes, for what counts the pods of a workload that says no number of them: a gate on it never opens."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, label_selector_accepts, mapping_or_empty
from compiler.transition.facts.pods import BATCH_TEMPLATES
from compiler.transition.facts.workload import SCALER_KINDS, WORKLOAD_KINDS, read_scaler
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.sync.change import Change, Cut
from compiler.transition.sync.order import SCALABLE, SyncPass

PROPERTY = "finishes"
BUDGET = ("policy", "PodDisruptionBudget")
WITHOUT_SCALE = (WORKLOAD_KINDS | BATCH_TEMPLATES.keys()) - SCALABLE


def scalers_of_fixed_counts(change: Change, stage: SyncPass, key: Key) -> Iterator[PropertyBreach]:
    """HPAs of what has no scale subresource, which are Degraded for good (health_hpa.go: `FailedGetScale`)."""
    target = read_scaler(change.target.objects[key], key).target if key[:2] in SCALER_KINDS else None
    if target is not None and target.kind in WITHOUT_SCALE:
        yield PropertyBreach(
            "gate-never-opens",
            PROPERTY,
            f"{stage.name} waits for {key}, which scales {target}: a {target.kind} has no replicas to scale, so the "
            "scaler is Degraded",
            (key, target),
            "remove the scaler, or let it scale a Deployment, StatefulSet or Rollout",
            cut=Cut((change.member_stage[key] + 1, 0)),
        )


def budgets_of_uncounted_pods(change: Change, stage: SyncPass, key: Key) -> Iterator[PropertyBreach]:
    """Budgets that are a share of the pods of a DaemonSet, which are Degraded for good (`SyncFailed`).

    Source: Kubernetes, pkg/controller/disruption/disruption.go `getExpectedPodCount` and `getScaleController` (a
    DaemonSet has no scale subresource); Argo CD, resource_customizations/policy/PodDisruptionBudget/health.lua.
    """
    spec = mapping_or_empty(change.target.objects[key].get("spec")) if key[:2] == BUDGET else {}
    if spec.get("maxUnavailable") is None and not isinstance(spec.get("minAvailable"), str):
        return
    for other in change.target.of_kind("DaemonSet"):
        labels = change.target.workloads[other].template.labels
        early = change.member_stage.get(other, 0) <= change.member_stage[key]
        if early and other.namespace == key.namespace and label_selector_accepts(spec.get("selector"), labels):
            yield PropertyBreach(
                "gate-never-opens",
                PROPERTY,
                f"{stage.name} waits for {key}, which counts the pods of {other}: a DaemonSet says no number of pods, "
                "so the budget is Degraded",
                (key, other),
                "give minAvailable as a number, or put the budget in the last wave",
                cut=Cut((change.member_stage[key] + 1, 0)),
            )
