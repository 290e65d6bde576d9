"""PodDisruptionBudget: Kubernetes, pkg/registry/core/pod/storage/eviction.go: it bounds evictions, no rollout."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable
from compiler.transition.classification.shared.metadata import METADATA

EVICTIONS = Inert("Kubernetes, docs/concepts/workloads/pods/disruptions.md: rollouts are not limited by it")
TABLE = KindTable(
    "policy",
    "PodDisruptionBudget",
    versions=("policy/v1", "policy/v1beta1"),
    influence="which pods may be evicted",
    fields={
        "metadata": METADATA,
        "spec": dict.fromkeys(("maxUnavailable", "minAvailable", "selector", "unhealthyPodEvictionPolicy"), EVICTIONS),
    },
    goes=EVICTIONS,
)
