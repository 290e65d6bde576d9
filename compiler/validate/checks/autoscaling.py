"""HorizontalPodAutoscalers and PodDisruptionBudgets."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.validate.finding import ObjectFinding, object_finding


def check_autoscaler(obj: Object) -> Iterator[ObjectFinding]:
    """A minimum that is no more than the maximum (pkg/apis/autoscaling/validation)."""
    spec = obj["spec"]
    least, most = spec.get("minReplicas", 1), spec["maxReplicas"]
    if least > most:
        message = f"minReplicas ({least}) must not exceed maxReplicas ({most})"
        yield object_finding("replicas-range", ("spec", "minReplicas"), message)


def check_budget(obj: Object) -> Iterator[ObjectFinding]:
    """A budget that lets a node be drained (pkg/controller/disruption, getExpectedPodCount)."""
    spec = obj.get("spec", {})
    if spec.get("maxUnavailable") in (0, "0%"):
        message = "maxUnavailable 0 lets no pod be evicted: its node could never be drained"
        yield object_finding("budget-blocks-drain", ("spec", "maxUnavailable"), message)
    if spec.get("minAvailable") == "100%":
        message = "minAvailable 100% lets no pod be evicted: its node could never be drained"
        yield object_finding("budget-blocks-drain", ("spec", "minAvailable"), message)
    if "selector" not in spec:
        yield object_finding("field-missing", ("spec",), "`spec.selector` is missing: the budget protects no pods")
