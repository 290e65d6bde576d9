"""A running VirtualService in the words of `spec.expose`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.traffic.adoption import AdoptedRoutes, RoutedRequests, Spec, UnsayableRouteError, single_backend

SAYABLE: Final = frozenset({"match", "route"})


class AdoptedVirtualServices(AdoptedRoutes):
    """VirtualServices whose rules all lead to one Service, by path alone."""

    PROVIDER = "istio"
    KIND = ("networking.istio.io", "VirtualService")
    KINDS = frozenset({KIND})
    RULES = "http"

    def backends(self, spec: Spec, /) -> Iterator[str]:
        for rule in mapping_items(spec.get("http")):
            for route in mapping_items(rule.get("route")):
                yield str(nested_value(route, "destination", "host")).partition(".")[0]

    def requests(self, obj: Object, /) -> RoutedRequests:
        spec = mapping_or_empty(obj.get("spec"))
        rules = list(mapping_items(spec.get("http")))
        for field in (field for rule in rules for field in rule if field not in SAYABLE):
            raise UnsayableRouteError(f"`expose` cannot express a rule's `{field}`")
        paths = tuple(path for rule in rules for path in _paths(rule))
        routes = [route for rule in rules for route in mapping_items(rule.get("route"))]
        ports = [nested_value(route, "destination", "port", "number") for route in routes]
        service, port = single_backend(zip(self.backends(spec), ports, strict=True))
        hosts = tuple(str(host) for host in list_or_empty(spec.get("hosts")) if host != "*")
        return RoutedRequests(hosts, paths, service, port)


def _paths(rule: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The paths of a rule: one by whole elements takes two matches, `{exact: /a}` and `{prefix: /a/}`."""
    terms = list(mapping_items(rule.get("match"))) or [{"uri": {"prefix": "/"}}]
    if any(term.keys() != {"uri"} for term in terms):
        raise UnsayableRouteError("`expose` cannot express a match by more than the path")
    exact = [str(term["uri"]["exact"]) for term in terms if "exact" in term["uri"]]
    prefixes = [str(term["uri"]["prefix"]) for term in terms if "prefix" in term["uri"]]
    for prefix in prefixes:
        if prefix != "/" and prefix.rstrip("/") not in exact:
            raise UnsayableRouteError(f"`expose` has no path for every text that begins with {prefix}")
    yield from ((prefix.rstrip("/") or "/", "Prefix") for prefix in prefixes)
    yield from ((path, "Exact") for path in exact if f"{path}/" not in prefixes)


ADOPTED: Final = AdoptedVirtualServices()
