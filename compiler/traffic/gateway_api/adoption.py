"""A running HTTPRoute or GRPCRoute in the words of `spec.expose`: hosts, paths or methods, a prefix, a timeout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty
from compiler.traffic.adoption import AdoptedRoutes, RoutedRequests, Spec, UnsayableRouteError, single_backend
from compiler.traffic.gateway_api.routes import GROUP

ROUTE_PATHS: Final[Mapping[str, str]] = {"PathPrefix": "Prefix", "Exact": "Exact"}
STRIPS: Final = {
    "type": "URLRewrite",
    "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}},
}
RULE_FIELDS: Final = frozenset({"matches", "filters", "backendRefs", "timeouts"})
ROUTE_DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "parentRefs": {"group": GROUP, "kind": "Gateway"},
    "backendRefs": {"group": "", "kind": "Service"},
    "rules": {"matches": [{"path": {"type": "PathPrefix", "value": "/"}}]},
    "method": {"type": "Exact"},
}
"""What the server writes into a route. Source: Gateway API, config/crd/standard, `default` of both kinds."""


class AdoptedHttpRoutes(AdoptedRoutes):
    """HTTPRoutes, and GRPCRoutes for calls."""

    PROVIDER = "gatewayApi"
    KIND = (GROUP, "HTTPRoute")
    CALLS = (GROUP, "GRPCRoute")
    KINDS = frozenset({KIND, CALLS})
    RULES = "rules"

    def authored(self, spec: Spec, /) -> Spec:
        return {field: _authored_route_part(field, value) for field, value in spec.items()}

    def backends(self, spec: Spec, /) -> Iterator[str]:
        for rule in mapping_items(spec.get("rules")):
            yield from (str(ref["name"]) for ref in mapping_items(rule.get("backendRefs")) if "name" in ref)

    def requests(self, obj: Object, /) -> RoutedRequests:
        spec = mapping_or_empty(obj.get("spec"))
        if obj.get("kind") == "GRPCRoute":
            return _called_requests(spec)
        rules = list(mapping_items(spec.get("rules"))) or [{}]
        paths = [_route_path(match) for rule in rules for match in mapping_items(rule.get("matches") or [{}])]
        strips, timeouts = {_strips(rule) for rule in rules}, {_request_timeout(rule) for rule in rules}
        for rule in rules:
            for field in rule:
                if field not in RULE_FIELDS:
                    raise UnsayableRouteError(f"`expose` cannot express a rule's `{field}`")
        if len(strips) > 1 or len(timeouts) > 1:
            raise UnsayableRouteError(
                "its rules differ in more than their paths, but `expose` has one rule for all paths"
            )
        service, port = single_backend(_route_backend(each) for rule in rules for each in _backend_refs(rule))
        hosts = tuple(str(each) for each in list_or_empty(spec.get("hostnames")))
        return RoutedRequests(hosts, tuple(paths), service, port, strips.pop(), timeouts.pop())


def _called_requests(spec: Spec) -> RoutedRequests:
    rules = list(mapping_items(spec.get("rules")))
    for field in (field for rule in rules for field in rule if field not in ("matches", "backendRefs")):
        raise UnsayableRouteError(f"`expose.grpc` cannot express a rule's `{field}`")
    matches = [match for rule in rules for match in mapping_items(rule.get("matches") or [{}])]
    called = tuple(_called_method(match) for match in matches)
    service, port = single_backend(_route_backend(each) for rule in rules for each in _backend_refs(rule))
    hosts = tuple(str(each) for each in list_or_empty(spec.get("hostnames")))
    return RoutedRequests(hosts, () if ("", "") in called else called, service, port)


def _called_method(match: Mapping[str, Any]) -> tuple[str, str]:
    """The service and the method of a match; two empty texts take every call."""
    for field in (field for field in match if field != "method"):
        raise UnsayableRouteError(f"`expose.grpc` cannot express a match by `{field}`")
    called = mapping_or_empty(match.get("method"))
    service, method = str(called.get("service") or ""), str(called.get("method") or "")
    if called.get("type", "Exact") != "Exact" or (method and not service):
        raise UnsayableRouteError("`expose.grpc` names services and methods, but cannot express patterns")
    return service, method


def _route_path(match: Mapping[str, Any]) -> tuple[str, str]:
    for field in match:
        if field != "path":
            raise UnsayableRouteError(f"`expose` cannot express a match by `{field}`")
    path = mapping_or_empty(match.get("path"))
    kind = str(path.get("type", "PathPrefix"))
    if kind not in ROUTE_PATHS:
        raise UnsayableRouteError(f"`expose` has no path of type {kind}")
    return str(path.get("value", "/")), ROUTE_PATHS[kind]


def _backend_refs(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    refs = list(mapping_items(rule.get("backendRefs")))
    if len(refs) != 1:
        names = ", ".join(str(each.get("name")) for each in refs) or "no Service"
        raise UnsayableRouteError(
            f"one of its rules leads to {names}, but a release writes routes only to its own Service"
        )
    return refs


def _route_backend(ref: Mapping[str, Any]) -> tuple[str, int | str]:
    plain = {"group": "", "kind": "Service"}
    if any(ref.get(field, usual) != usual for field, usual in plain.items()) or ref.get("weight", 1) == 0:
        raise UnsayableRouteError("one of its backends is not a Service, or gets no requests")
    if ref.get("namespace") is not None or ref.get("filters"):
        raise UnsayableRouteError("one of its backends is in another namespace, or has its own filters")
    port = ref.get("port", "")
    return str(ref.get("name")), port if isinstance(port, int) else str(port)


def _strips(rule: Mapping[str, Any]) -> bool:
    filters = list(list_or_empty(rule.get("filters")))
    if filters not in ([], [STRIPS]):
        names = ", ".join(str(each.get("type")) for each in mapping_items(filters))
        raise UnsayableRouteError(f"`expose` cannot express its filters ({names})")
    return bool(filters)


def _request_timeout(rule: Mapping[str, Any]) -> int | None:
    timeouts = mapping_or_empty(rule.get("timeouts"))
    seconds = re.fullmatch(r"([0-9]{1,6})s", str(timeouts.get("request", "")))
    if timeouts and (set(timeouts) != {"request"} or seconds is None or not int(seconds[1])):
        raise UnsayableRouteError("`expose` cannot express its timeouts")
    return int(seconds[1]) if seconds else None


def _authored_route_part(field: str, value: Any) -> Any:
    """A part of a route without defaults. The weight of a backend that has no other means nothing, unless it is 0."""
    if isinstance(value, list):
        items: list[Any] = [_authored_route_part(field, item) for item in value]
        alone = (
            field == "backendRefs" and len(items) == 1 and isinstance(items[0], dict) and items[0].get("weight") != 0
        )
        return [{key: inner for key, inner in items[0].items() if key != "weight"}] if alone else items
    if not isinstance(value, dict):
        return value
    implied = ROUTE_DEFAULTS.get(field, {})
    kept = {key: _authored_route_part(key, inner) for key, inner in value.items()}
    return {key: inner for key, inner in kept.items() if inner != implied.get(key, ...)}


ADOPTED: Final = AdoptedHttpRoutes()
