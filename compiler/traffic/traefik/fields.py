"""What the verifier makes of each field of an IngressRoute.

Source: Traefik, pkg/provider/kubernetes/crd/traefikio/v1alpha1/ingressroute.go, service.go.
"""

from __future__ import annotations

from typing import Final

from compiler.model.classification import FieldTable, Inert, Items, KindTable, Modeled, Unjudged
from compiler.traffic.traefik.routes import GROUPS

ROUTES: Final = Modeled("available, contract, capacity")
TREATED: Final = Modeled("available: whether the same is done to each request")
DIVIDED: Final = Inert("Traefik, docs/content/routing/services: which of the ready pods answers")


SERVICE: Final[FieldTable] = {
    "kind": ROUTES,
    "name": ROUTES,
    "namespace": ROUTES,
    "port": ROUTES,
    "weight": ROUTES,
    "sticky": DIVIDED,
    "strategy": TREATED,
    **dict.fromkeys(
        (
            "healthCheck", "middlewares", "nativeLB", "nodePortLB", "passHostHeader", "passiveHealthCheck",
            "responseForwarding", "scheme", "serversTransport",
        ),
        TREATED,
    ),
}  # fmt: skip
TLS: Final[FieldTable] = {
    "certResolver": Unjudged("which certificate clients are shown", alone=False),
    "domains": Unjudged("for which names a certificate is asked for", alone=False),
    "options": TREATED,
    "secretName": Modeled("config, finishes: certificates"),
    "store": TREATED,
}


def _ingress_route_table(group: str) -> KindTable:
    return KindTable(
        group,
        "IngressRoute",
        versions=tuple(f"{each}/v1alpha1" for each in GROUPS),
        influence="which pods answer which requests",
        fields={
            "spec": {
                "entryPoints": ROUTES,
                "ingressClassName": TREATED,
                "routes": Items(
                    {
                        "kind": ROUTES,
                        "match": ROUTES,
                        "middlewares": TREATED,
                        "observability": Inert("Traefik, docs/content/observability: what is logged and measured"),
                        "priority": ROUTES,
                        "services": Items(SERVICE, by=("kind", "namespace", "name", "port")),
                        "syntax": ROUTES,
                    },
                    by=("match",),
                ),
                "tls": TLS,
            },
        },
    )


ROUTING_TABLES: Final = tuple(_ingress_route_table(group) for group in GROUPS)
