"""PriorityClass: Kubernetes, plugin/pkg/admission/priority/admission.go."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

TABLE = KindTable(
    "scheduling.k8s.io",
    "PriorityClass",
    versions=("scheduling.k8s.io/v1", "scheduling.k8s.io/v1beta1"),
    influence="which pods can be created, and which ones make room for others",
    fields={
        "metadata": METADATA,
        "description": Inert("Kubernetes, pkg/apis/scheduling/types.go: a text for people"),
        "globalDefault": Unjudged("which pods make room for others", default=False),
        "preemptionPolicy": Modeled("accepted: it cannot be changed"),
        "value": Modeled("accepted: it cannot be changed"),
    },
    goes=Modeled("config: pods that name it cannot be made"),
)
