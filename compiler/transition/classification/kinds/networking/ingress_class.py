"""IngressClass: Kubernetes, pkg/apis/networking/types.go `IngressClassSpec`."""

from __future__ import annotations

from compiler.model.classification import Entries, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.annotations import plain_annotation
from compiler.transition.classification.shared.metadata import METADATA

SERVED = "whether a controller serves the Ingresses of the class"
TABLE = KindTable(
    "networking.k8s.io",
    "IngressClass",
    versions=("networking.k8s.io/v1", "networking.k8s.io/v1beta1"),
    influence=SERVED,
    fields={
        "metadata": {
            **METADATA,
            "annotations": Entries(
                lambda name: (
                    Unjudged("which Ingresses without a class are served")
                    if name == "ingressclass.kubernetes.io/is-default-class"
                    else plain_annotation(name)
                )
            ),
        },
        "spec": {
            "controller": Modeled("accepted: it cannot be changed"),
            "parameters": Unjudged("how a controller serves the Ingresses of the class", alone=False),
        },
    },
    goes=Unjudged("which Ingresses of other folders name the class, and are served no more"),
)
