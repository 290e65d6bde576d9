"""Gateways: which routes hang on which listener, and which objects decide that.

Source: Gateway API, apis/v1/gateway_types.go (`Listener`, `AllowedRoutes`: only routes of the Gateway's own
namespace by default) and apis/v1beta1/referencegrant_types.go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

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
Sections = Mapping[Key, frozenset[str]]
"""The listeners that exist on each Gateway of no folder; `*` stands for one whose name no route says."""


def listener_entries(routes: Sequence[HttpRoute], forms: Mapping[Key, Sequence[Object]]) -> Iterator[Entry]:
    """Each listener ("gateway ns/name#section") with the routes that may hang on it."""
    names: dict[Key, dict[str, None]] = {}
    for parent in (parent for route in routes for parent in route.parents):
        names.setdefault(parent.gateway, {}).update({parent.section: None} if parent.section else {})
    for key, known in names.items():
        for form in forms.get(key, ()):
            known.update(dict.fromkeys(listeners_by_name(form)))
        for section in known or ("*",):
            attached = [route for route in routes if _refers_to(route.parents, key, section)]
            yield Entry(f"{ENTRY} {key.namespace}/{key.name}#{section}", attached)


def _refers_to(parents: Iterable[ParentRef], gateway: Key, section: str) -> bool:
    return any(parent.gateway == gateway and parent.section in ("", section) for parent in parents)


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
        return any(_is_open(parent, parent.section, route, request, cluster) for parent in route.parents)
    gateway, _, section = place.rpartition("#")
    return any(
        _is_open(parent, section, route, request, cluster)
        for parent in route.parents
        if f"{parent.gateway.namespace}/{parent.gateway.name}" == gateway and parent.section in ("", section)
    )


def _is_open(parent: ParentRef, section: str, route: HttpRoute, request: Request, cluster: Cluster) -> bool:
    key = parent.gateway
    if not cluster.is_managed(key):
        sections: Sections = cluster.assumed
        return section in sections.get(key, frozenset({section}))
    gateway = cluster.object_at(key)
    if gateway is None:
        return False
    if parent.port not in (0, listeners_by_name(gateway).get(section, {}).get("port")):
        return False
    place = Key("", "Namespace", "", route.key.namespace)
    return listener_admits(gateway, section, route, request.host, cluster.object_at(place) or {})


def listeners_by_name(gateway: Object) -> dict[str, Mapping[str, object]]:
    """The listeners by name."""
    return {str(item.get("name")): item for item in mapping_items(nested_value(gateway, "spec", "listeners"))}


def listener_admits(gateway: Object, section: str, route: HttpRoute, host: str, namespace: Object) -> bool:
    """Whether the listener exists, takes this host, and allows HTTPRoutes, and those of this one's `namespace`."""
    listener = listeners_by_name(gateway).get(section)
    if listener is None or not host_matches(str(listener.get("hostname") or "*"), host):
        return False
    kinds = [str(item.get("kind")) for item in mapping_items(nested_value(listener, "allowedRoutes", "kinds"))]
    if kinds and "HTTPRoute" not in kinds:
        return False
    allowed = mapping_or_empty(nested_value(listener, "allowedRoutes", "namespaces"))
    match allowed.get("from", "Same"):
        case "All":
            return True
        case "Selector":
            named = {"kubernetes.io/metadata.name": route.key.namespace, **object_labels(namespace)}
            return label_selector_accepts(allowed.get("selector"), named)
        case "Same":
            return bool(route.key.namespace == nested_value(gateway, "metadata", "namespace"))
    return False


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
    """The ReferenceGrants that let HTTPRoutes of the route's namespace name the Service."""
    return [
        key
        for key, obj in grants
        if (key.group, key.namespace) == (GROUP, service.namespace) and _grants(obj, route, service)
    ]


def _grants(obj: Object, route: Key, service: Key) -> bool:
    sources = mapping_items(nested_value(obj, "spec", "from"))
    targets = mapping_items(nested_value(obj, "spec", "to"))
    return any(s.get("kind") == "HTTPRoute" and s.get("namespace") == route.namespace for s in sources) and any(
        t.get("kind") == "Service" and t.get("name", service.name) == service.name for t in targets
    )
