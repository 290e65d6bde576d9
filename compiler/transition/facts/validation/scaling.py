"""What is refused of autoscalers: by the API server of an HPA, by KEDA's webhook of a ScaledObject.

Source: Kubernetes, pkg/apis/autoscaling/validation (`validateHorizontalPodAutoscalerSpec`, `validateScalingRules`,
`validateMetricSpec`); KEDA, apis/keda/v1alpha1/scaledobject_types.go (`CheckReplicaCountBoundsAreValid`) and
scaledobject_webhook.go (`verifyReplicaCount`, `verifyCPUMemoryScalers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.validation.duplicates import duplicate_name_errors

ScalingError = tuple[str, str]
Spec = Mapping[str, Any]
AMOUNTS_BY_SOURCE: Mapping[str, tuple[str, ...]] = {
    "resource": ("averageUtilization", "averageValue"),
    "containerResource": ("averageUtilization", "averageValue"),
    "pods": ("averageValue",),
    "object": ("averageValue", "value"),
    "external": ("averageValue", "value"),
}
"""Of each source of a metric, the amounts of which its target needs one."""
ONE_AMOUNT = frozenset({"resource", "containerResource", "external"})
"""The sources whose target has one of them only."""
KEDA_MAX_REPLICAS: Final = 100


def scaler_errors(spec: Spec) -> Iterator[ScalingError]:
    """Why the API server refuses the spec of an HPA."""
    if integer_or_default(spec.get("minReplicas"), 1) > integer_or_default(spec.get("maxReplicas"), 1):
        yield "minReplicas is greater than maxReplicas", "lower minReplicas"
    for metric in mapping_items(spec.get("metrics")):
        for source, names in AMOUNTS_BY_SOURCE.items():
            target = nested_value(metric, source, "target")
            if isinstance(target, Mapping):
                yield from _target_errors(source, target, names)
    for direction in ("scaleUp", "scaleDown"):
        rules = mapping_or_empty(nested_value(spec, "behavior", direction))
        if rules.get("policies") is not None and not rules["policies"]:
            yield f"its {direction} has no policies", "add a policy, or remove the list"


def _target_errors(source: str, target: Spec, names: tuple[str, ...]) -> Iterator[ScalingError]:
    given = [name for name in names if target.get(name)]
    if not given:
        yield "the target of a metric has no value", f"set {' or '.join(names)}"
    if len(given) > 1 and source in ONE_AMOUNT:
        yield "the target of a metric has two values", f"keep one of {' and '.join(names)}"


def scaled_object_errors(obj: Object) -> Iterator[ScalingError]:
    """Why KEDA's webhook refuses a ScaledObject: bounds of its replicas, names of its triggers."""
    spec = mapping_or_empty(obj.get("spec"))
    given = spec.get("minReplicaCount")
    low = 0 if given is None else max(1, integer_or_default(given, 1))
    high = integer_or_default(spec.get("maxReplicaCount"), KEDA_MAX_REPLICAS)
    if low > high:
        yield f"minReplicaCount {low} is greater than maxReplicaCount {high}", "lower minReplicaCount"
    idle = spec.get("idleReplicaCount")
    if idle is not None and integer_or_default(idle, -1) >= low:
        yield f"idleReplicaCount {idle} is not less than minReplicaCount {low}", "lower idleReplicaCount"
    names = (trigger.get("name") or None for trigger in mapping_items(spec.get("triggers")))
    yield from duplicate_name_errors("triggers", names)
