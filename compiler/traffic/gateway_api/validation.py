"""What makes the API server refuse an HTTPRoute or a Gateway, of what several fields say together.

Source: Gateway API, config/crd/standard (CEL rules of HTTPRoute and Gateway).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty, nested_value

Spec = Mapping[str, Any]


def http_route_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """Each error in words, with what fixes it."""
    for rule in mapping_items(spec.get("rules")):
        for term in mapping_items(rule.get("matches")):
            path = mapping_or_empty(term.get("path"))
            if path.get("type") != "RegularExpression" and not str(path.get("value") or "/").startswith("/"):
                yield f"the path {path['value']} does not begin with /", "begin it with /"
        for ref in mapping_items(rule.get("backendRefs")):
            if (ref.get("group") or "", ref.get("kind") or "Service") == ("", "Service") and not ref.get("port"):
                yield f"the backend {ref.get('name')} has no port", "name the Service's port"
        yield from _filter_errors(rule)


def gateway_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """Each error in words, with what fixes it: listeners are told apart by name, and by port, protocol and hostname."""
    listeners = list(mapping_items(spec.get("listeners")))
    for parts, words in ((("name",), "name"), (("port", "protocol", "hostname"), "port, protocol and hostname")):
        seen = [tuple(str(listener.get(part) or "") for part in parts) for listener in listeners]
        twice = next((values for values in seen if seen.count(values) > 1), None)
        if twice is not None:
            yield f"two listeners have one {words}: {', '.join(filter(None, twice))}", "remove one of them"


def _filter_errors(rule: Spec) -> Iterator[tuple[str, str]]:
    filters = list(mapping_items(rule.get("filters")))
    kinds = [item.get("type") for item in filters]
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
        yield "ReplacePrefixMatch needs exactly one match, by PathPrefix", "give each match a rule of its own"
