"""Gateways: which routes hang on which listener, and which objects decide that.

Source: Gateway API, apis/v1/gateway_types.go (`Listener`, `AllowedRoutes`: only routes of the Gateway's own
namespace by default) and apis/v1beta1/referencegrant_types.go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    label_selector_accepts,
    mapping_items,
    mapping_or_empty,
    nested_value,
    object_labels,
)
from compiler.model.request import Request, host_matches
from compiler.traffic.gateway_api.routes import GROUP, HttpRoute, ParentRef
from compiler.traffic.reader import Cluster, Entry

ENTRY = "gateway"
ANY_HOST = "*"
LISTENING_KINDS = ("Gateway", "ListenerSet", "XListenerSet")
"""Whose listeners decide (apis/v1/listenerset_types.go: a ListenerSet's are as a Gateway's own)."""
Listener = Mapping[str, Any]
Sections = Mapping[Key, frozenset[str]]
"""The listeners that exist on each Gateway of no folder; `*` stands for those whose names no route says."""


def listener_entries(routes: Sequence[HttpRoute], forms: Mapping[Key, Sequence[Object]]) -> Iterator[Entry]:
    """Where clients connect to each Gateway, with the routes that they may find there.

    Of a Gateway of the folder these are its ports with their protocols ("gateway ns/name#443 HTTPS"), for no client
    knows the name of a listener; of others the listeners that routes name ("gateway ns/name#section").
    """
    names: dict[Key, dict[str, None]] = {}
    for parent in (parent for route in routes for parent in route.parents):
        names.setdefault(parent.gateway, {}).update({parent.section: None} if parent.section else {})
    for key, sections in names.items():
        places: dict[str, set[str]] = {section: {"", section} for section in sections or (ANY_HOST,)}
        if key in forms:
            places = _names_by_place(forms[key])
        for place, named in places.items():
            attached = [route for route in routes if _refers_to(route.parents, key, named)]
            yield Entry(f"{ENTRY} {_place_of(key)}#{place}", attached)


def _place_of(parent: Key) -> str:
    """How the names of entries say on what routes hang."""
    kind = "" if parent.kind == "Gateway" else f" {parent.kind}"
    return f"{parent.namespace}/{parent.name}{kind}"


def _names_by_place(forms: Iterable[Object]) -> dict[str, set[str]]:
    """The names that the listeners of each place have in any form of a Gateway; a route may also name none."""
    places: dict[str, set[str]] = {}
    for form in forms:
        for name, listener in listeners_by_name(form).items():
            places.setdefault(listener_place(listener), {""}).add(name)
    return places


def listener_place(listener: Listener) -> str:
    """Where clients of a listener connect: `443 HTTPS`."""
    return f"{listener.get('port')} {listener.get('protocol')}"


def _refers_to(parents: Iterable[ParentRef], gateway: Key, sections: Collection[str]) -> bool:
    return any(parent.gateway == gateway and parent.section in sections for parent in parents)


def known_sections(settled: Iterable[HttpRoute]) -> Sections:
    """The listeners on which converged routes hang."""
    collected: dict[Key, set[str]] = {}
    for parent in (parent for route in settled for parent in route.parents):
        collected.setdefault(parent.gateway, set()).add(parent.section or "*")
    return {key: frozenset(names) for key, names in collected.items()}


def is_attached(route: HttpRoute, request: Request, cluster: Cluster) -> bool:
    """Whether the route hangs on the listener at which the request arrives; of another provider's, on any."""
    word, _, place = request.entry.partition(" ")
    if word != ENTRY:
        return any(_is_open(parent, None, route, request, cluster) for parent in route.parents)
    gateway, _, entered = place.rpartition("#")
    return any(
        _is_open(parent, entered, route, request, cluster)
        for parent in route.parents
        if _place_of(parent.gateway) == gateway
    )


def _is_open(parent: ParentRef, entered: str | None, route: HttpRoute, request: Request, cluster: Cluster) -> bool:
    """Whether the route hangs by this parent on a listener of the place that the request entered (None: of any)."""
    key = parent.gateway
    if not cluster.is_managed(key):
        sections: Sections = cluster.assumed
        section = parent.section if entered is None else entered
        known = sections.get(key, frozenset({section}))
        return parent.section in ("", section) and (section in known or ANY_HOST in known)
    gateway = cluster.object_at(key)
    if key.kind not in LISTENING_KINDS:
        return gateway is not None
    namespace = cluster.object_at(Key("", "Namespace", "", route.key.namespace)) or {}
    return gateway is not None and any(
        listener_admits(gateway, listener, route.key, request.host, namespace)
        for name, listener in listeners_by_name(gateway).items()
        if names_listener(parent, name, listener)
        if entered in (None, listener_place(listener))
    )


def listeners_by_name(gateway: Object) -> dict[str, Listener]:
    """The listeners by name."""
    return {str(item.get("name")): item for item in mapping_items(nested_value(gateway, "spec", "listeners"))}


def listener_host(listener: Listener) -> str:
    """The host that it is for; `*`: any."""
    return str(listener.get("hostname") or ANY_HOST)


def names_listener(parent: ParentRef, name: str, listener: Listener) -> bool:
    """Whether a route with this parent wants to hang on the listener of this name."""
    return parent.section in ("", name) and parent.port in (0, listener.get("port"))


def listener_admits(gateway: Object, listener: Listener, route: Key, host: str, namespace: Object) -> bool:
    """Whether the listener takes this host, and allows routes of this one's kind and `namespace`."""
    if not host_matches(listener_host(listener), host):
        return False
    kinds = [str(item.get("kind")) for item in mapping_items(nested_value(listener, "allowedRoutes", "kinds"))]
    if kinds and route.kind not in kinds:
        return False
    allowed = mapping_or_empty(nested_value(listener, "allowedRoutes", "namespaces"))
    match allowed.get("from", "Same"):
        case "All":
            return True
        case "Selector":
            named = {"kubernetes.io/metadata.name": route.namespace, **object_labels(namespace)}
            return label_selector_accepts(allowed.get("selector"), named)
        case "Same":
            return bool(route.namespace == nested_value(gateway, "metadata", "namespace"))
    return False


def takes_route(gateway: Object, route: Key, hosts: Iterable[str], parent: ParentRef, namespace: Object) -> bool:
    """Whether a listener that the parent names takes the route for one of its hosts (none: `*`)."""
    return any(
        listener_admits(gateway, listener, route, _narrower_host(host, listener), namespace)
        for name, listener in listeners_by_name(gateway).items()
        if names_listener(parent, name, listener)
        for host in hosts
    )


def _narrower_host(host: str, listener: Listener) -> str:
    served = listener_host(listener)
    return served if host_matches(host, served) else host


def rejecting_parent(route: HttpRoute, cluster: Cluster) -> Key | None:
    """The first Gateway of the folders that is there and whose listeners do not take the route; it is Degraded then."""
    namespace = cluster.object_at(Key("", "Namespace", "", route.key.namespace)) or {}
    for parent in route.parents:
        gateway = cluster.object_at(parent.gateway) if parent.gateway.kind in LISTENING_KINDS else None
        if gateway is not None and not takes_route(gateway, route.key, route.hosts, parent, namespace):
            return parent.gateway
    return None


def certificates_of(gateway: Object, key: Key) -> frozenset[Key]:
    """The Secrets whose certificates the listeners show."""
    return frozenset(
        Key("", "Secret", str(ref.get("namespace") or key.namespace), str(ref.get("name")))
        for listener in mapping_items(nested_value(gateway, "spec", "listeners"))
        for ref in mapping_items(nested_value(listener, "tls", "certificateRefs"))
    )


def deciding_gates(routes: Sequence[HttpRoute], services: Collection[Key], written: Iterable[Key]) -> Iterator[Key]:
    """The Gateways on which the routes hang, the grants and the Namespaces that decide whether they may."""
    parents = {parent.gateway for route in routes for parent in route.parents}
    places = {route.key.namespace for route in routes}
    across = {service.namespace for service in services} - places
    for key in written if routes else ():
        grants = key.kind == "ReferenceGrant" and key.namespace in across
        if key in parents or grants or (key.kind == "Namespace" and key.name in places):
            yield key


def granting(grants: Iterable[tuple[Key, Object]], route: Key, service: Key) -> list[Key]:
    """The ReferenceGrants that let routes of this kind and the route's namespace name the Service."""
    return [
        key
        for key, obj in grants
        if (key.group, key.namespace) == (GROUP, service.namespace) and _grants(obj, route, service)
    ]


def _grants(obj: Object, route: Key, service: Key) -> bool:
    sources = mapping_items(nested_value(obj, "spec", "from"))
    targets = mapping_items(nested_value(obj, "spec", "to"))
    wanted = (GROUP, route.kind, route.namespace)
    return any((s.get("group", GROUP), s.get("kind"), s.get("namespace")) == wanted for s in sources) and any(
        (t.get("group") or "", t.get("kind")) == service[:2] and t.get("name", service.name) == service.name
        for t in targets
    )
