"""ScaledObject: KEDA, apis/keda/v1alpha1/scaledobject_types.go. It makes an HPA."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import WORKLOAD_METADATA

BOUNDS = Modeled("capacity: any count between its bounds is judged, and whether a pod stays while nothing triggers it")
TRIGGERED = Unjudged("whether the workload is scaled, and by which metrics", alone=False)
TABLE = KindTable(
    "keda.sh",
    "ScaledObject",
    versions=("keda.sh/v1alpha1",),
    influence="how many pods exist",
    fields={
        "metadata": WORKLOAD_METADATA,
        "spec": {
            "advanced": TRIGGERED,
            "cooldownPeriod": Inert(
                "KEDA, docs/concepts/scaling-deployments.md: how long it waits before it scales to 0"
            ),
            "fallback": TRIGGERED,
            "idleReplicaCount": BOUNDS,
            "initialCooldownPeriod": Inert("KEDA, docs/concepts/scaling-deployments.md: when it first scales to 0"),
            "maxReplicaCount": BOUNDS,
            "minReplicaCount": BOUNDS,
            "pollingInterval": Inert("KEDA, docs/concepts/scaling-deployments.md: how often it polls"),
            "scaleTargetRef": Modeled("undisputed"),
            "triggers": TRIGGERED,
        },
    },
)
