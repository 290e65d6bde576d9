"""HorizontalPodAutoscaler: Kubernetes, pkg/apis/autoscaling/types.go."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modelled
from compiler.transition.classification.shared.metadata import METADATA

BOUNDS = Modelled("capacity: any count between its bounds is judged")
TABLE = KindTable(
    "autoscaling",
    "HorizontalPodAutoscaler",
    versions=("autoscaling/v2", "autoscaling/v2beta2", "autoscaling/v2beta1", "autoscaling/v1"),
    influence="how many pods there are",
    fields={
        "metadata": METADATA,
        "spec": {
            "behavior": BOUNDS,
            "maxReplicas": BOUNDS,
            "metrics": BOUNDS,
            "minReplicas": BOUNDS,
            "scaleTargetRef": Modelled("undisputed, finishes"),
            "targetCPUUtilizationPercentage": BOUNDS,
        },
    },
)
