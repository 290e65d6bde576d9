"""What makes the API server refuse a route or a Gateway, of what several fields say together.

Source: Gateway API, config/crd/standard (CEL rules of HTTPRoute, GRPCRoute and Gateway).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.traffic.gateway_api.routes import timeout_seconds

Spec = Mapping[str, Any]
FIELDS_BY_FILTER: Mapping[str, str] = {
    "RequestHeaderModifier": "requestHeaderModifier",
    "ResponseHeaderModifier": "responseHeaderModifier",
    "RequestMirror": "requestMirror",
    "RequestRedirect": "requestRedirect",
    "URLRewrite": "urlRewrite",
    "ExtensionRef": "extensionRef",
}
ONCE_IN_A_RULE = frozenset({"RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"})


def route_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """Why an HTTPRoute or a GRPCRoute is refused: each error in words, with what fixes it."""
    yield from _parent_errors(spec)
    for rule in mapping_items(spec.get("rules")):
        yield from _timeout_errors(mapping_or_empty(rule.get("timeouts")))
        for term in mapping_items(rule.get("matches")):
            path = mapping_or_empty(term.get("path"))
            if path.get("type") != "RegularExpression" and not str(path.get("value") or "/").startswith("/"):
                yield f"the path {path['value']} does not begin with /", "begin the path with /"
            called = term.get("method")
            if isinstance(called, Mapping) and not (called.get("service") or called.get("method")):
                yield "a match by method names neither a service nor a method", "name one of them"
        for ref in mapping_items(rule.get("backendRefs")):
            if (ref.get("group") or "", ref.get("kind") or "Service") == ("", "Service") and not ref.get("port"):
                yield f"the backend {ref.get('name')} has no port", "give the Service's port"
        yield from _filter_errors(rule)


def _parent_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """A parent that stands twice is told apart by its section, or by its port (the experimental CRDs)."""
    parts = ("group", "kind", "namespace", "name", "sectionName", "port")
    seen = Counter(tuple(str(ref.get(part) or "") for part in parts) for ref in mapping_items(spec.get("parentRefs")))
    for parent, count in seen.items():
        if count > 1:
            yield f"its parentRefs hold {parent[3]} twice", "name each section once"


def _timeout_errors(timeouts: Spec) -> Iterator[tuple[str, str]]:
    whole, backend = (timeout_seconds(timeouts.get(name)) for name in ("request", "backendRequest"))
    if whole and backend and backend > whole:
        yield "the backendRequest timeout is longer than the request timeout", "raise the request timeout"


def gateway_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """Each error in words, with what fixes it: listeners are told apart by name, and by port, protocol and hostname."""
    listeners = list(mapping_items(spec.get("listeners")))
    for parts, words in ((("name",), "name"), (("port", "protocol", "hostname"), "port, protocol and hostname")):
        seen = [tuple(str(listener.get(part) or "") for part in parts) for listener in listeners]
        twice = next((values for values in seen if seen.count(values) > 1), None)
        if twice is not None:
            yield f"two listeners have the same {words}: {', '.join(filter(None, twice))}", "remove one of them"
    for listener in listeners:
        if listener.get("protocol") == "HTTPS" and nested_value(listener, "tls", "mode") == "Passthrough":
            yield f"the listener {listener.get('name')} is HTTPS and passes TLS through", "set protocol: TLS"


def _filter_errors(rule: Spec) -> Iterator[tuple[str, str]]:
    filters = list(mapping_items(rule.get("filters")))
    kinds = [item.get("type") for item in filters]
    for kind, count in Counter(str(kind) for kind in kinds).items():
        if count > 1 and kind in ONCE_IN_A_RULE:
            yield f"a rule has the filter {kind} twice", "put both into one filter"
    for item in filters:
        wanted = FIELDS_BY_FILTER.get(str(item.get("type")))
        if wanted is not None and not item.get(wanted):
            yield f"a filter of type {item['type']} has no {wanted}", f"add {wanted}"
        for other in (field for field in FIELDS_BY_FILTER.values() if field != wanted and item.get(field)):
            yield f"a filter of type {item.get('type')} has {other} too", "make two filters"
    for mirror in (mapping_or_empty(item.get("requestMirror")) for item in filters):
        if "percent" in mirror and "fraction" in mirror:
            yield "a mirror names both a percent and a fraction", "name one of them"
    if "RequestRedirect" in kinds and list_or_empty(rule.get("backendRefs")):
        yield "a rule that redirects has backends", "remove the backends or the redirect"
    if "RequestRedirect" in kinds and "URLRewrite" in kinds:
        yield "a rule both redirects and rewrites", "keep one of the filters"
    paths = [nested_value(term, "path", "type") or "PathPrefix" for term in mapping_items(rule.get("matches"))] or [
        "PathPrefix"
    ]
    replaces = [
        nested_value(item, name, "path", "type") for item in filters for name in ("urlRewrite", "requestRedirect")
    ]
    if "ReplacePrefixMatch" in replaces and paths != ["PathPrefix"]:
        yield "ReplacePrefixMatch needs exactly one match, by PathPrefix", "put each match into its own rule"
