"""Gateways: which routes hang on which listener.

Source: Gateway API, apis/v1/gateway_types.go (`Listener`, `AllowedRoutes`: only routes of the Gateway's own
namespace by default) and apis/v1beta1/referencegrant_types.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compiler.manifest import Object
from compiler.transition.objects import Key, dig, labels, mapping, mappings, matches
from compiler.transition.routing.http_route import GROUP, HttpRoute
from compiler.transition.routing.request import host_matches


def listeners(gateway: Object) -> dict[str, Mapping[str, object]]:
    """The listeners by name."""
    return {str(item.get("name")): item for item in mappings(dig(gateway, "spec", "listeners"))}


def admits(gateway: Object, section: str, route: HttpRoute, host: str, namespaces: Mapping[str, Object]) -> bool:
    """Whether the listener exists, takes this host, and allows routes of this one's namespace."""
    listener = listeners(gateway).get(section)
    if listener is None or not host_matches(str(listener.get("hostname") or "*"), host):
        return False
    allowed = mapping(dig(listener, "allowedRoutes", "namespaces"))
    match allowed.get("from", "Same"):
        case "All":
            return True
        case "Selector":
            place = route.key.namespace
            named = {"kubernetes.io/metadata.name": place, **labels(namespaces.get(place, {}))}
            return matches(allowed.get("selector"), named)
        case "Same":
            return bool(route.key.namespace == dig(gateway, "metadata", "namespace"))
    return False


def grants(objects: Iterable[tuple[Key, Object]], route: Key, service: Key) -> bool:
    """Whether a ReferenceGrant lets HTTPRoutes of the route's namespace name the Service."""
    for key, obj in objects:
        if key.kind != "ReferenceGrant" or key.group != GROUP or key.namespace != service.namespace:
            continue
        sources = mappings(dig(obj, "spec", "from"))
        targets = mappings(dig(obj, "spec", "to"))
        if any(s.get("kind") == "HTTPRoute" and s.get("namespace") == route.namespace for s in sources) and any(
            t.get("kind") == "Service" and t.get("name", service.name) == service.name for t in targets
        ):
            return True
    return False
