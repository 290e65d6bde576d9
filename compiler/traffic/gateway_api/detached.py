"""What becomes of routes whose requests nobody simulates (TCPRoute, TLSRoute, UDPRoute) when they or a Gateway change.

Source: Gateway API, apis/v1/gateway_types.go `Listener`, apis/v1/shared_types.go `ParentReference`, apis/v1/
tlsroute_types.go `Hostnames` (server names that clients ask for; without any, all of the listener's).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, nested_value
from compiler.model.request import host_matches
from compiler.traffic.gateway_api.gateways import ANY_HOST, takes_route
from compiler.traffic.gateway_api.routes import GROUP, ParentRef, parent_refs
from compiler.traffic.reader import ConvergedObjects, GateChange

TLS_ROUTE = (GROUP, "TLSRoute")
UNREAD_ROUTES = ("TCPRoute", "TLSRoute", "UDPRoute")
Objects = Mapping[Key, Object]


def detached_routes(before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """The routes that stay, and that a listener of the folders took before and none takes any more."""
    for key, obj in before.objects.items():
        if key.group != GROUP or key.kind not in UNREAD_ROUTES or key not in after.objects:
            continue
        old, new = _listening_parents(key, obj, before.objects), list(parent_refs(after.objects[key], key))
        for parent in old:
            if not any(_is_taken(key, after.objects[key], each, after.objects) for each in new):
                yield GateChange(
                    "listener-closed",
                    f"{key} is attached to no listener of {parent.gateway} any more: its clients are refused",
                    (parent.gateway, key),
                    "keep the listener that the route names until no client needs it",
                    since=parent.gateway,
                )
                break


def dropped_server_names(
    written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects
) -> Iterator[GateChange]:
    """The server names that a TLSRoute had, and that none has any more."""
    changed = [key for key in written if key[:2] == TLS_ROUTE and key in before.objects and key in after.objects]
    taken = (
        [name for key, obj in after.objects.items() if key[:2] == TLS_ROUTE for name in _hosts(obj)] if changed else []
    )
    for key in changed:
        lost = [name for name in _hosts(before.objects[key]) if not any(host_matches(other, name) for other in taken)]
        if lost:
            yield GateChange(
                "route-lost",
                f"{key} takes no TLS connection to {', '.join(lost)} any more, and no other TLSRoute does",
                (key,),
                "keep the name until no client asks for it",
                since=key,
            )


def _hosts(route: Object) -> list[str]:
    return [str(host) for host in list_or_empty(nested_value(route, "spec", "hostnames"))] or [ANY_HOST]


def _listening_parents(route: Key, obj: Object, objects: Objects) -> list[ParentRef]:
    return [
        each for each in parent_refs(obj, route) if each.gateway in objects and _is_taken(route, obj, each, objects)
    ]


def _is_taken(route: Key, obj: Object, parent: ParentRef, objects: Objects) -> bool:
    """Whether a listener takes the route; of Gateways of no folder, each one does."""
    gateway = objects.get(parent.gateway)
    if gateway is None:
        return parent.gateway.kind == "Gateway"
    namespace = objects.get(Key("", "Namespace", "", route.namespace)) or {}
    return takes_route(gateway, route, _hosts(obj), parent, namespace)
