"""Gateways: which routes hang on which listener.

Source: Gateway API, apis/v1/gateway_types.go (`Listener`, `AllowedRoutes`: only routes of the Gateway's own
namespace by default) and apis/v1beta1/referencegrant_types.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    label_selector_accepts,
    mapping_items,
    mapping_or_empty,
    nested_value,
    object_labels,
)
from compiler.model.request import host_matches
from compiler.traffic.gateway_api.routes import GROUP, HttpRoute


def listeners_by_name(gateway: Object) -> dict[str, Mapping[str, object]]:
    """The listeners by name."""
    return {str(item.get("name")): item for item in mapping_items(nested_value(gateway, "spec", "listeners"))}


def listener_admits(
    gateway: Object, section: str, route: HttpRoute, host: str, namespaces: Mapping[str, Object]
) -> bool:
    """Whether the listener exists, takes this host, and allows routes of this one's namespace."""
    listener = listeners_by_name(gateway).get(section)
    if listener is None or not host_matches(str(listener.get("hostname") or "*"), host):
        return False
    allowed = mapping_or_empty(nested_value(listener, "allowedRoutes", "namespaces"))
    match allowed.get("from", "Same"):
        case "All":
            return True
        case "Selector":
            place = route.key.namespace
            named = {"kubernetes.io/metadata.name": place, **object_labels(namespaces.get(place, {}))}
            return label_selector_accepts(allowed.get("selector"), named)
        case "Same":
            return bool(route.key.namespace == nested_value(gateway, "metadata", "namespace"))
    return False


def has_reference_grant(objects: Iterable[tuple[Key, Object]], route: Key, service: Key) -> bool:
    """Whether a ReferenceGrant lets HTTPRoutes of the route's namespace name the Service."""
    for key, obj in objects:
        if key.kind != "ReferenceGrant" or key.group != GROUP or key.namespace != service.namespace:
            continue
        sources = mapping_items(nested_value(obj, "spec", "from"))
        targets = mapping_items(nested_value(obj, "spec", "to"))
        if any(s.get("kind") == "HTTPRoute" and s.get("namespace") == route.namespace for s in sources) and any(
            t.get("kind") == "Service" and t.get("name", service.name) == service.name for t in targets
        ):
            return True
    return False
