"""What the verifier makes of each field of a VirtualService that Gateways read, and of a Gateway.

Source: Istio, api/networking/v1alpha3/virtual_service.proto and gateway.proto.
"""

from __future__ import annotations

from typing import Any, Final

from compiler.model.classification import FieldTable, Inert, Items, KindTable, Modeled, Unjudged
from compiler.model.objects import mapping_items, mapping_or_empty
from compiler.traffic.istio.gateways import unmodeled_servers
from compiler.traffic.istio.routes import GROUP, TREATMENTS

ROUTES: Final = Modeled("available, contract, capacity")
TREATED: Final = Modeled("available: whether the same is done to each request")
VERSIONS: Final = tuple(f"{GROUP}/{version}" for version in ("v1", "v1beta1", "v1alpha3"))
NAMED: Final = Inert("Istio, virtual_service.proto `HTTPRoute.name`: for logs and statistics")
RULE: Final[FieldTable] = {
    **dict.fromkeys(sorted(TREATMENTS), TREATED),
    "match": ROUTES,
    "name": NAMED,
    "redirect": Unjudged("where requests are redirected", alone=False),
    "retries": Inert("Istio, virtual_service.proto `HTTPRetry`: whether a failed request is tried again"),
    "route": ROUTES,
    "timeout": Modeled("drained: the longest request"),
}
VIRTUAL_SERVICE: Final = KindTable(
    GROUP,
    "VirtualService",
    versions=VERSIONS,
    influence="which pods answer which requests",
    fields={
        "spec": {
            "exportTo": TREATED,
            "gateways": ROUTES,
            "hosts": ROUTES,
            "http": Items(RULE, by=("match",)),
        },
    },
)


def _connects_otherwise(old: Any, new: Any) -> bool:
    """Whether servers differ in what no request class shows; one that only comes beside others of HTTP does no harm."""
    before, after = unmodeled_servers(old), unmodeled_servers(new)
    kept = {str(each[:2]): each for each in after if isinstance(each, tuple)}
    strange = [
        each for each in (*before, *after) if not isinstance(each, tuple) and not (each in before and each in after)
    ]
    differing = [each for each in before if isinstance(each, tuple) and kept.get(str(each[:2]), each) != each]
    return bool(strange or differing or _mixed_ports(new))


def _mixed_ports(servers: Any) -> bool:
    """Whether servers of one port speak different protocols: the later one is left out (`mergeGateways`)."""
    spoken: dict[str, set[str]] = {}
    for server in mapping_items(servers):
        port = mapping_or_empty(server.get("port"))
        spoken.setdefault(str(port.get("number")), set()).add(str(port.get("protocol")).upper())
    return any(len(each) > 1 for each in spoken.values())


GATEWAY: Final = KindTable(
    GROUP,
    "Gateway",
    versions=VERSIONS,
    influence="which requests are admitted",
    fields={
        "spec": {
            "selector": Unjudged("which proxies serve the Gateway", alone=False),
            "servers": Unjudged(
                "how clients connect, and which other protocols are served", matters=_connects_otherwise
            ),
        },
    },
)
ROUTING_TABLES: Final = (GATEWAY, VIRTUAL_SERVICE)
