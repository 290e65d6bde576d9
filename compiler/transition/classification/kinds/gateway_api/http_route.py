"""HTTPRoute: Gateway API, apis/v1/httproute_types.go."""

from __future__ import annotations

from compiler.model.classification import FieldTable, Inert, Items, KindTable, Modelled, Unjudged
from compiler.transition.classification.shared.headers import header_change_matters
from compiler.transition.classification.shared.metadata import ROUTE_METADATA

ROUTES = Modelled("available, contract, capacity")
ATTACHED = Modelled("available: on which listeners the route hangs")
FORWARDED = Unjudged("what the backend is sent", alone=False)
ANSWERED = Unjudged("what clients get as the answer", alone=False)
REFERRED = Unjudged("whether what the filter names is there, and what it does to the requests", alone=False)
FILTER: FieldTable = {
    "cors": ANSWERED,
    "extensionRef": REFERRED,
    "externalAuth": REFERRED,
    "requestHeaderModifier": Unjudged("what the backend is sent", matters=header_change_matters, alone=False),
    "requestMirror": Unjudged("whether the mirror's Service is there: the route is unresolved without it"),
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
TABLE = KindTable(
    "gateway.networking.k8s.io",
    "HTTPRoute",
    versions=("gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1beta1"),
    influence="which requests are answered by whom",
    fields={
        "metadata": ROUTE_METADATA,
        "spec": {
            "hostnames": ROUTES,
            "parentRefs": Items(
                {
                    "group": Unjudged("on what the route hangs", default="gateway.networking.k8s.io"),
                    "kind": Unjudged("on what the route hangs", default="Gateway"),
                    "name": ATTACHED,
                    "namespace": ATTACHED,
                    "port": Unjudged("on which listeners the route hangs"),
                    "sectionName": ATTACHED,
                },
                by=("namespace", "name", "sectionName"),
            ),
            "rules": Items(
                {
                    "backendRefs": Items(BACKEND, by=("namespace", "name", "port")),
                    "filters": Items(FILTER, by=("type",)),
                    "matches": ROUTES,
                    "name": Inert(
                        "Gateway API, apis/v1/httproute_types.go `HTTPRouteRule.Name`: what policies refer to"
                    ),
                    "retry": Inert("Gateway API, GEP-1731: a failed request is tried again, which is never counted on"),
                    "sessionPersistence": Inert("Gateway API, GEP-1619: which of the ready pods answers"),
                    "timeouts": {
                        "request": Modelled("drained: the longest request"),
                        "backendRequest": Modelled("drained: the longest request"),
                    },
                },
                by=("name", "matches"),
            ),
            "useDefaultGateways": Unjudged("on which Gateways the route hangs"),
        },
    },
)
