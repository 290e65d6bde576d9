"""Gateway: Gateway API, apis/v1/gateway_types.go."""

from __future__ import annotations

from compiler.model.classification import Items, KindTable, Modelled, Unjudged
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

ENTRY = "at which addresses and ports requests are let in"
LISTENS = Modelled("available: which requests the listener takes, of which routes")
ENCRYPTED = Unjudged("how clients connect", alone=False)
TABLE = KindTable(
    "gateway.networking.k8s.io",
    "Gateway",
    versions=("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"),
    influence="which requests are let in",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            "addresses": Unjudged(ENTRY, alone=False),
            "allowedListeners": Unjudged("which ListenerSets add listeners"),
            "backendTLS": Unjudged("how backends are connected to", alone=False),
            "defaultScope": Unjudged("which routes hang on the Gateway"),
            "gatewayClassName": Unjudged("which controller serves the Gateway, if one does", alone=False),
            "infrastructure": Unjudged("with what labels, annotations and parameters the proxy is made", alone=False),
            "listeners": Items(
                {
                    "allowedRoutes": {
                        "kinds": Unjudged("routes of which kinds hang on the listener", alone=False),
                        "namespaces": LISTENS,
                    },
                    "hostname": LISTENS,
                    "name": LISTENS,
                    "port": Unjudged(ENTRY, alone=False),
                    "protocol": Unjudged("how clients connect, and which routes hang on the listener", alone=False),
                    "tls": {
                        "certificateRefs": Modelled("config, finishes: certificates"),
                        "frontendValidation": ENCRYPTED,
                        "mode": ENCRYPTED,
                        "options": ENCRYPTED,
                    },
                },
                alone=False,
            ),
            "tls": ENCRYPTED,
        },
    },
)
