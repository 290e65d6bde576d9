"""What the verifier makes of each field of a VirtualService.

Source: Istio, networking/v1alpha3/virtual_service.proto.
"""

from __future__ import annotations

from typing import Final

from compiler.model.classification import Entries, FieldTable, Inert, Items, KindTable, Modeled, Unjudged

ROUTES: Final = Modeled("available, contract, capacity")
SUBSET: Final = Unjudged("which pods of the Service answer")
TERM: Final[FieldTable] = {
    "headers": Entries(lambda _: ROUTES),
    "method": ROUTES,
    "queryParams": Entries(lambda _: ROUTES),
    "uri": ROUTES,
}
VIRTUAL_SERVICE: Final = KindTable(
    "networking.istio.io",
    "VirtualService",
    versions=("networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"),
    influence="which pods answer which requests",
    fields={
        "spec": {
            "exportTo": Unjudged("in which namespaces the routes count", alone=False),
            "gateways": ROUTES,
            "hosts": ROUTES,
            "http": Items(
                {
                    "match": Items(TERM, by=("uri", "headers", "method", "queryParams")),
                    "name": Inert("Istio, virtual_service.proto `HTTPRoute.name`: for statistics and logs"),
                    "redirect": ROUTES,
                    "rewrite": Unjudged("what is sent to the backend", alone=False),
                    "route": Items(
                        {"destination": {"host": ROUTES, "port": ROUTES, "subset": SUBSET}, "weight": ROUTES},
                        by=("destination",),
                    ),
                    "timeout": Unjudged("which requests are cut off", alone=False),
                },
                by=("match",),
            ),
            "tcp": Unjudged("which pods answer which connections", alone=False),
            "tls": Unjudged("which pods answer which connections", alone=False),
        },
    },
)
ROUTING_TABLES = (VIRTUAL_SERVICE,)
