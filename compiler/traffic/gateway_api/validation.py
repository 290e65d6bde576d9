"""What makes the API server refuse a route or a Gateway, of what several fields say together.

Source: Gateway API, config/crd/standard (CEL rules of HTTPRoute, GRPCRoute and Gateway).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from compiler.model.objects import integer_or_default, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.traffic.base import BAD_SEQUENCES
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
WITHOUT_TLS = ("HTTP", "TCP", "UDP")
WITH_TLS = ("HTTPS", "TLS")
WITHOUT_HOSTNAME = ("TCP", "UDP")
MOST_LISTENERS = 64
LISTENER_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
PATH_CHARACTERS = re.compile(r"(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+")
GRPC_SERVICE = re.compile(r"\.?[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*")
GRPC_METHOD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
MAX_MATCHES = 128
Value = TypeVar("Value", str, tuple[str, ...])
RETRY_CODES = range(400, 600)
ONCE_IN_A_RULE = frozenset({"RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite"})


def route_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """Why an HTTPRoute or a GRPCRoute is refused: each error in words, with what fixes it."""
    yield from _parent_errors(spec)
    if sum(len(list_or_empty(rule.get("matches"))) for rule in mapping_items(spec.get("rules"))) > MAX_MATCHES:
        yield f"its rules have more than {MAX_MATCHES} matches", "split it into two routes"
    for rule in mapping_items(spec.get("rules")):
        yield from _timeout_errors(mapping_or_empty(rule.get("timeouts")))
        yield from _persistence_errors(mapping_or_empty(rule.get("sessionPersistence")))
        for code in list_or_empty(nested_value(rule, "retry", "codes")):
            if integer_or_default(code, 0) not in RETRY_CODES:
                yield f"{code} is not a status after which a request is tried again", "name codes from 400 to 599"
        for term in mapping_items(rule.get("matches")):
            yield from _match_errors(term)
            if isinstance(called := term.get("method"), Mapping):
                yield from _called_errors(called)
        for ref in mapping_items(rule.get("backendRefs")):
            if (ref.get("group") or "", ref.get("kind") or "Service") == ("", "Service") and not ref.get("port"):
                yield f"the backend {ref.get('name')} has no port", "give the Service's port"
            yield from _filter_list_errors(list(mapping_items(ref.get("filters"))))
        yield from _filter_errors(rule)


def _persistence_errors(persistence: Spec) -> Iterator[tuple[str, str]]:
    """A cookie that lasts needs an end (apis/v1/shared_types.go `SessionPersistence`)."""
    lifetime = nested_value(persistence, "cookieConfig", "lifetimeType")
    if lifetime == "Permanent" and not persistence.get("absoluteTimeout"):
        yield "its cookie is Permanent and has no absoluteTimeout", "set absoluteTimeout"


def _called_errors(called: Spec) -> Iterator[tuple[str, str]]:
    """What a GRPCRoute calls (`GRPCMethodMatch`): of type Exact, names of protobuf."""
    if not (called.get("service") or called.get("method")):
        yield "a match by method names neither a service nor a method", "name one of them"
    for field, form in (("service", GRPC_SERVICE), ("method", GRPC_METHOD)):
        name = str(called.get(field) or "")
        if name and (called.get("type") or "Exact") == "Exact" and not form.fullmatch(name):
            yield f"'{name}' is not a name of a gRPC {field}", "write it as in the .proto file"


def _match_errors(term: Spec) -> Iterator[tuple[str, str]]:
    """The form of a path (`HTTPPathMatch`), and names that stand once (`listMapKey=name`)."""
    path = mapping_or_empty(term.get("path"))
    value = str(path.get("value") or "/")
    if path.get("type") != "RegularExpression" and not value.startswith("/"):
        yield f"the path {value} does not begin with /", "begin the path with /"
    elif path.get("type") != "RegularExpression" and ("#" in value or BAD_SEQUENCES.search(value)):
        yield f"the path {value[:80]} contains //, ., .., %2f or #", "write it without them"
    elif path.get("type") != "RegularExpression" and not PATH_CHARACTERS.fullmatch(value):
        yield f"the path {value[:80]} has a character that must be written as %XX", "escape it"
    for field, word in (("headers", "header"), ("queryParams", "query parameter")):
        yield from _repeated_names(word, mapping_items(term.get(field)))


def _repeated_names(word: str, items: Iterable[Spec]) -> Iterator[tuple[str, str]]:
    for name in _given_twice([str(item.get("name")) for item in items]):
        yield f"the {word} {name} is given twice", "keep one of them"


def _given_twice(values: Sequence[Value]) -> list[Value]:
    """The values that stand more than once: nearly every list has none, which a set tells in a fourth of the time."""
    return [value for value, count in Counter(values).items() if count > 1] if len(set(values)) < len(values) else []


def _parent_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """A parent that stands twice is told apart by its section, or by its port (the experimental CRDs)."""
    parts = ("group", "kind", "namespace", "name", "sectionName", "port")
    parents = [tuple(str(ref.get(part) or "") for part in parts) for ref in mapping_items(spec.get("parentRefs"))]
    for parent in _given_twice(parents):
        yield f"its parentRefs hold {parent[3]} twice", "name each section once"
    sections: dict[tuple[str, ...], set[bool]] = {}
    for parent in parents:
        sections.setdefault(parent[:4], set()).add(bool(parent[4]))
    for parent, named in sections.items():
        if len(named) > 1:
            yield f"its parentRefs name {parent[3]} with a section and without one", "name a section in each"


def _timeout_errors(timeouts: Spec) -> Iterator[tuple[str, str]]:
    whole, backend = (timeout_seconds(timeouts.get(name)) for name in ("request", "backendRequest"))
    if whole and backend and backend > whole:
        yield "the backendRequest timeout is longer than the request timeout", "raise the request timeout"


def gateway_errors(spec: Spec) -> Iterator[tuple[str, str]]:
    """Each error in words, with what fixes it: listeners are told apart by name, and by port, protocol and hostname."""
    listeners = list(mapping_items(spec.get("listeners")))
    if not 0 < len(listeners) <= MOST_LISTENERS:
        yield f"it has {len(listeners)} listeners", f"keep 1 to {MOST_LISTENERS}"
    for parts, words in ((("name",), "name"), (("port", "protocol", "hostname"), "port, protocol and hostname")):
        seen = [tuple(str(listener.get(part) or "") for part in parts) for listener in listeners]
        twice = next((values for values in seen if seen.count(values) > 1), None)
        if twice is not None:
            yield f"two listeners have the same {words}: {', '.join(filter(None, twice))}", "remove one of them"
    for listener in listeners:
        yield from _listener_errors(listener, str(listener.get("name")), listener.get("protocol"))


def _listener_errors(listener: Spec, name: str, protocol: object) -> Iterator[tuple[str, str]]:
    """What a listener's protocol asks for (`GatewaySpec.Listeners`, `ListenerTLSConfig`).

    Of HTTPS without tls it is the implementation that makes nothing: Envoy Gateway, `validateTLSConfiguration`.
    """
    tls = listener.get("tls")
    if protocol == "HTTPS" and nested_value(tls, "mode") == "Passthrough":
        yield f"the listener {name} is HTTPS and passes TLS through", "set protocol: TLS"
    if protocol in WITHOUT_TLS and tls is not None:
        yield f"the listener {name} is {protocol} and has tls", "remove tls, or set protocol: HTTPS"
    if protocol in WITHOUT_HOSTNAME and listener.get("hostname"):
        yield f"the listener {name} is {protocol} and has a hostname", "remove the hostname"
    if protocol in WITH_TLS and tls is None:
        yield f"the listener {name} is {protocol} and has no tls", "add tls, with the Secret of its certificate"
    ends_here = isinstance(tls, Mapping) and (tls.get("mode") or "Terminate") == "Terminate"
    if ends_here and not (nested_value(tls, "certificateRefs") or nested_value(tls, "options")):
        yield f"the listener {name} ends TLS and has no certificateRefs", "name the Secret of its certificate"
    if not LISTENER_NAME.fullmatch(name):
        yield f"{name} is not a name of a listener", "use lower-case letters, digits and -"


def _filter_list_errors(filters: list[Spec]) -> Iterator[tuple[str, str]]:
    """What is wrong with the filters of a rule, or of one backend."""
    kinds = [str(item.get("type")) for item in filters]
    for kind in _given_twice(kinds):
        if kind in ONCE_IN_A_RULE:
            yield f"a rule has the filter {kind} twice", "put both into one filter"
    for item in filters:
        wanted = FIELDS_BY_FILTER.get(str(item.get("type")))
        if wanted is not None and not item.get(wanted):
            yield f"a filter of type {item['type']} has no {wanted}", f"add {wanted}"
        for other in (field for field in FIELDS_BY_FILTER.values() if field != wanted and item.get(field)):
            yield f"a filter of type {item.get('type')} has {other} too", "make two filters"
        yield from _filter_part_errors(item)
    if "RequestRedirect" in kinds and "URLRewrite" in kinds:
        yield "a rule both redirects and rewrites", "keep one of the filters"


def _filter_part_errors(item: Spec) -> Iterator[tuple[str, str]]:
    mirror = mapping_or_empty(item.get("requestMirror"))
    if "percent" in mirror and "fraction" in mirror:
        yield "a mirror names both a percent and a fraction", "name one of them"
    for name in ("requestHeaderModifier", "responseHeaderModifier"):
        for field in ("set", "add"):
            yield from _repeated_names("header", mapping_items(nested_value(item, name, field)))
    for name in ("urlRewrite", "requestRedirect"):
        yield from _modifier_errors(mapping_or_empty(nested_value(item, name, "path")))


def _modifier_errors(path: Spec) -> Iterator[tuple[str, str]]:
    """The one field that a path modifier's type names (`HTTPPathModifier`)."""
    for kind, field in (("ReplaceFullPath", "replaceFullPath"), ("ReplacePrefixMatch", "replacePrefixMatch")):
        if path.get("type") == kind and path.get(field) is None:
            yield f"a path of type {kind} has no {field}", f"add {field}"
        if path and path.get("type") != kind and path.get(field) is not None:
            yield f"a path of type {path.get('type')} has {field}", f"set type: {kind}"


def _filter_errors(rule: Spec) -> Iterator[tuple[str, str]]:
    filters = list(mapping_items(rule.get("filters")))
    kinds = [item.get("type") for item in filters]
    yield from _filter_list_errors(filters)
    if "RequestRedirect" in kinds and list_or_empty(rule.get("backendRefs")):
        yield "a rule that redirects has backends", "remove the backends or the redirect"
    paths = [nested_value(term, "path", "type") or "PathPrefix" for term in mapping_items(rule.get("matches"))] or [
        "PathPrefix"
    ]
    replaces = [
        nested_value(item, name, "path", "type") for item in filters for name in ("urlRewrite", "requestRedirect")
    ]
    if "ReplacePrefixMatch" in replaces and paths != ["PathPrefix"]:
        yield "ReplacePrefixMatch needs exactly one match, by PathPrefix", "put each match into its own rule"
