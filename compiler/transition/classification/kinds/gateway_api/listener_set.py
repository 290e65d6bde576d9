"""ListenerSet: Gateway API, apis/v1/listenerset_types.go."""

from __future__ import annotations

from compiler.model.classification import Items, KindTable, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

OPENED = Unjudged("which listeners the Gateway gets, and which routes attach to them")
TABLE = KindTable(
    "gateway.networking.k8s.io",
    "ListenerSet",
    versions=("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1alpha1"),
    influence="which requests are admitted",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            "listeners": Items(dict.fromkeys(("allowedRoutes", "hostname", "name", "port", "protocol", "tls"), OPENED)),
            "parentRef": OPENED,
        },
    },
)
