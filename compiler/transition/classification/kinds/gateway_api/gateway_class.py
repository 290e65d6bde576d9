"""GatewayClass: Gateway API, apis/v1/gatewayclass_types.go."""

from __future__ import annotations

from compiler.model.classification import Inert, KindTable, Modeled, Unjudged
from compiler.transition.classification.shared.metadata import METADATA

SERVED = "which controller serves the Gateways of the class, and how"
TABLE = KindTable(
    "gateway.networking.k8s.io",
    "GatewayClass",
    versions=("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"),
    influence=SERVED,
    fields={
        "metadata": METADATA,
        "spec": {
            "controllerName": Modeled("accepted: it cannot be changed"),
            "description": Inert("Gateway API, apis/v1/gatewayclass_types.go: a text for people"),
            "parametersRef": Unjudged(SERVED, alone=False),
        },
    },
    appears=Modeled("available: whether the class that a Gateway names exists"),
    goes=Unjudged(SERVED),
)
