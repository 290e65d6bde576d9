"""What the verifier makes of each field of the Gateway API's kinds.

Source: Gateway API, apis/v1 (httproute_types.go, grpcroute_types.go, gateway_types.go) and
apis/v1beta1/referencegrant_types.go.
"""

from __future__ import annotations

from typing import Any

from compiler.model.classification import FieldTable, Inert, Items, KindTable, Modeled, Unjudged
from compiler.model.objects import mapping_or_empty, nested_value
from compiler.traffic.gateway_api.headers import header_change_matters
from compiler.traffic.gateway_api.routes import GROUP

ROUTES = Modeled("available, contract, capacity")
ATTACHED = Modeled("available: to which listeners the route is attached")
FORWARDED = Unjudged("what is sent to the backend", alone=False)
ANSWERED = Unjudged("what clients get as the answer", alone=False)
REFERRED = Unjudged("whether the object that the filter names exists, and what it does to the requests", alone=False)


def _mirrors_elsewhere(old: Any, new: Any) -> bool:
    """Whether another backend gets the copies; how many it gets matters to nobody else."""
    return bool(mapping_or_empty(old).get("backendRef") != mapping_or_empty(new).get("backendRef"))


def _lost_mirror(old: Any, new: Any) -> str:
    """The backend that gets copies no more, in words; empty: it got none."""
    before, after = (nested_value(mapping_or_empty(value), "backendRef", "name") for value in (old, new))
    return f"the mirror to {before}" if before and before != after else ""


FILTER: FieldTable = {
    "cors": ANSWERED,
    "extensionRef": REFERRED,
    "externalAuth": REFERRED,
    "requestHeaderModifier": Unjudged("what is sent to the backend", matters=header_change_matters, alone=False),
    "requestMirror": Unjudged(
        "whether the mirror's Service exists: the route is unresolved without it",
        matters=_mirrors_elsewhere,
        loss=_lost_mirror,
    ),
    "requestRedirect": Unjudged("where requests are redirected", alone=False),
    "responseHeaderModifier": Unjudged("what clients get as the answer", matters=header_change_matters, alone=False),
    "type": ROUTES,
    "urlRewrite": FORWARDED,
}
BACKEND: FieldTable = {
    "filters": Items(FILTER, by=("type",)),
    "group": ROUTES,
    "kind": ROUTES,
    "name": ROUTES,
    "namespace": ROUTES,
    "port": ROUTES,
    "weight": ROUTES,
}
PARENT: FieldTable = {
    "group": Unjudged("to what the route is attached", default="gateway.networking.k8s.io"),
    "kind": Unjudged("to what the route is attached", default="Gateway"),
    "name": ATTACHED,
    "namespace": ATTACHED,
    "port": ATTACHED,
    "sectionName": ATTACHED,
}
RULE: FieldTable = {
    "backendRefs": Items(BACKEND, by=("namespace", "name", "port")),
    "filters": Items(FILTER, by=("type",)),
    "matches": ROUTES,
    "name": Inert("Gateway API, apis/v1/httproute_types.go `HTTPRouteRule.Name`: what policies refer to"),
    "sessionPersistence": Inert("Gateway API, GEP-1619: which of the ready pods answers"),
}
HTTP_RULE: FieldTable = {
    "retry": Inert("Gateway API, GEP-1731: whether a failed request is tried again: no proof relies on it"),
    "timeouts": {
        "request": Modeled("drained: the longest request"),
        "backendRequest": Modeled("drained: the longest request"),
    },
}


def weighted_route_table(kind: str, versions: tuple[str, ...], rule: FieldTable) -> KindTable:
    """The table of a kind of route whose rules have these fields."""
    return KindTable(
        "gateway.networking.k8s.io",
        kind,
        versions=tuple(f"gateway.networking.k8s.io/{version}" for version in versions),
        influence="which pods answer which requests",
        fields={
            "spec": {
                "hostnames": ROUTES,
                "parentRefs": Items(PARENT, by=("namespace", "name", "sectionName")),
                "rules": Items(rule, by=("name", "matches")),
                "useDefaultGateways": Unjudged("to which Gateways the route is attached"),
            },
        },
    )


HTTP_ROUTE = weighted_route_table("HTTPRoute", ("v1", "v1beta1", "v1alpha2"), {**RULE, **HTTP_RULE})
GRPC_ROUTE = weighted_route_table("GRPCRoute", ("v1", "v1alpha2"), RULE)
ENTRY = "at which addresses and ports requests are admitted"
LISTENS = Modeled("available: which requests the listener accepts, for which routes")
ENCRYPTED = Unjudged("how clients connect", alone=False)
GATEWAY = KindTable(
    GROUP,
    "Gateway",
    versions=tuple(f"{GROUP}/{version}" for version in ("v1", "v1beta1", "v1alpha2")),
    influence="which requests are admitted",
    fields={
        "spec": {
            "addresses": Unjudged(ENTRY, alone=False),
            "allowedListeners": Unjudged("which ListenerSets add listeners"),
            "backendTLS": Unjudged("how the gateway connects to backends", alone=False),
            "defaultScope": Unjudged("which routes attach to the Gateway"),
            "gatewayClassName": Unjudged("whether a controller serves the Gateway, and which one", alone=False),
            "infrastructure": Unjudged(
                "with which labels, annotations and parameters the proxy is created", alone=False
            ),
            "listeners": Items(
                {
                    "allowedRoutes": {
                        "kinds": Unjudged("which kinds of routes attach to the listener", alone=False),
                        "namespaces": LISTENS,
                    },
                    "hostname": LISTENS,
                    "name": LISTENS,
                    "port": Unjudged(ENTRY, alone=False),
                    "protocol": Unjudged("how clients connect, and which routes attach to the listener", alone=False),
                    "tls": {
                        "certificateRefs": Modeled("config, finishes: certificates"),
                        "frontendValidation": ENCRYPTED,
                        "mode": Unjudged("how clients connect", default="Terminate", alone=False),
                        "options": ENCRYPTED,
                    },
                },
                alone=False,
            ),
            "tls": ENCRYPTED,
        },
    },
)
GRANTED = Modeled("available, finishes: which Services of other namespaces routes may name")
REFERENCE_GRANT = KindTable(
    GROUP,
    "ReferenceGrant",
    versions=tuple(f"{GROUP}/{version}" for version in ("v1", "v1beta1", "v1alpha2")),
    influence="what objects of other namespaces may name",
    fields={"spec": {"from": GRANTED, "to": GRANTED}},
)
ROUTING_TABLES = (GATEWAY, GRPC_ROUTE, HTTP_ROUTE)
PLAIN_TABLES = (REFERENCE_GRANT,)
