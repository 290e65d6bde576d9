"""RuntimeClass: Kubernetes, plugin/pkg/admission/runtimeclass/admission.go; pkg/apis/node/validation."""

from __future__ import annotations

from compiler.model.classification import KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

TABLE = KindTable(
    "node.k8s.io",
    "RuntimeClass",
    versions=("node.k8s.io/v1", "node.k8s.io/v1beta1"),
    influence="whether pods that name it can be created",
    fields={
        "metadata": METADATA,
        "handler": Modeled("accepted: it cannot be changed"),
        "overhead": Unjudged("how much room its pods need", alone=False),
        "scheduling": Unjudged("on which nodes its pods can run", alone=False),
    },
    goes=Modeled("config: pods that name it cannot be made"),
)
