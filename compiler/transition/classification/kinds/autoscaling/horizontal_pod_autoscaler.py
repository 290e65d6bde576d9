"""HorizontalPodAutoscaler: Kubernetes, pkg/apis/autoscaling/types.go."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled
from compiler.transition.classification.shared.metadata import METADATA

BOUNDS = Modeled("capacity: any count between its bounds is judged")
TABLE = KindTable(
    "autoscaling",
    "HorizontalPodAutoscaler",
    versions=(
        *(f"autoscaling/{version}" for version in ("v2", "v2beta2", "v2beta1", "v1")),
        "extensions/v1beta1",
    ),
    influence="how many pods exist",
    fields={
        "metadata": METADATA,
        "spec": {
            "behavior": BOUNDS,
            "cpuUtilization": BOUNDS,
            "maxReplicas": BOUNDS,
            "metrics": BOUNDS,
            "minReplicas": BOUNDS,
            "scaleTargetRef": Modeled("undisputed, finishes"),
            "targetCPUUtilizationPercentage": BOUNDS,
        },
    },
)
