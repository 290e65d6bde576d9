"""VirtualServices behind Gateways: which requests their rules take, and to whom these lead.

Source: Istio, api/networking/v1alpha3/virtual_service.proto (the first rule that matches counts; `prefix` is one of
text; a single destination gets all), pilot/pkg/networking/core/route/route.go (`BuildHTTPRoutesForVirtualService`,
`TranslateRouteMatch`, `IsCatchAllRoute`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    integer_or_default,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.model.request import PATTERN, BackendRef, MatchCondition, RouteAction, RouteMatch, RouteRule
from compiler.traffic.reader import Route

GROUP: Final = "networking.istio.io"
MESH: Final = "mesh"
MESH_GATEWAY: Final = Key(GROUP, "Gateway", "", MESH)
URI_KINDS: Final = {"exact": "Exact", "prefix": "Text", "regex": "Regex"}
MATCH_FIELDS: Final = frozenset({"headers", "method", "name", "queryParams", "statPrefix", "uri"})
RULE_FIELDS: Final = frozenset({"match", "name", "redirect", "retries", "route", "timeout"})
TREATMENTS: Final = frozenset(
    {"corsPolicy", "fault", "headers", "mirror", "mirrorPercent", "mirrorPercentage", "mirror_percent", "mirrors",
     "rewrite"}
)  # fmt: skip
DURATION: Final = re.compile(r"([0-9.]+)(h|ms|m|s)")
SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


@dataclass(frozen=True, slots=True, eq=False)
class VirtualServiceFacts(Route):
    """The facts of one VirtualService that is bound to Gateways."""

    hosts: tuple[str, ...]
    rules: tuple[RouteRule, ...]


def read_virtual_service(obj: Object, key: Key) -> VirtualServiceFacts:
    """The facts of a VirtualService of which nothing is unread."""
    spec = mapping_or_empty(obj.get("spec"))
    hosts = tuple(str(host).lower() for host in list_or_empty(spec.get("hosts")))
    rules = tuple(_http_rule(rule, hosts, key, spec) for rule in mapping_items(spec.get("http")))
    backends = [backend for rule in rules for backend in rule.answer.backends]
    return VirtualServiceFacts(
        key,
        tuple(dict.fromkeys(match for rule in rules for match in rule.matches)),
        tuple((backend.service, backend.weight > 0) for backend in backends),
        frozenset(backend.service for backend in backends if backend.weight),
        frozenset(_gateways(spec, key)),
        frozenset(),
        False,
        hosts,
        rules,
    )


def is_of_the_mesh_alone(obj: Object) -> bool:
    """Whether no Gateway reads a VirtualService."""
    return set(map(str, list_or_empty(nested_value(obj, "spec", "gateways")))) <= {MESH}


def unread_of_virtual_service(obj: Object) -> Iterator[str]:
    """What a VirtualService says about its requests that is not read."""
    spec = mapping_or_empty(obj.get("spec"))
    gateways = list_or_empty(spec.get("gateways"))
    meshed = not gateways or MESH in gateways
    yield from (f"spec.{way}" for way in ("tcp", "tls") if spec.get(way))
    if not spec.get("hosts"):
        yield "spec.hosts: none, as others delegate to it,"
    for host in map(str, list_or_empty(spec.get("hosts"))):
        if (meshed and _may_be_a_service(host)) or (host != "*" and "." not in host):
            yield f"spec.hosts: {host}{' in the mesh' if meshed else ''}"
    for index, rule in enumerate(mapping_items(spec.get("http"))):
        place = f"spec.http[{index}]"
        yield from (f"{place}.{name}" for name in rule if name not in RULE_FIELDS | TREATMENTS)
        if not rule.get("route") and not rule.get("redirect"):
            yield place
        if not isinstance(rule.get("match", []), list):
            yield f"{place}.match"
        for term in mapping_items(rule.get("match")):
            yield from (f"{place}.match: {part}" for part in _unread_match(term))
        for item in mapping_items(rule.get("route")):
            yield from (f"{place}.route: {part}" for part in _unread_destination(item))


def _may_be_a_service(host: str) -> bool:
    """Whether clients in the mesh may reach a Service by this name: `web`, `web.shop`, `web.shop.svc…`, any."""
    parts = host.split(".")
    return len(parts) < 3 or parts[2] == "svc" or "*" in host


def _unread_match(term: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name in term if name not in MATCH_FIELDS)
    if mapping_or_empty(term.get("uri")).keys() - URI_KINDS.keys() or len(mapping_or_empty(term.get("uri"))) > 1:
        yield "uri"
    if term.get("method") and mapping_or_empty(term["method"]).keys() != {"exact"}:
        yield "method"
    for field in ("headers", "queryParams"):
        for name, value in mapping_or_empty(term.get(field)).items():
            if str(name).startswith(("@", ":")) or mapping_or_empty(value).keys() - URI_KINDS.keys():
                yield f"{field} {name}"


def _unread_destination(item: Mapping[str, Any]) -> Iterator[str]:
    destination = mapping_or_empty(item.get("destination"))
    parts = str(destination.get("host")).split(".")
    if destination.get("subset"):
        yield f"subset {destination['subset']}"
    if len(parts) > 1 and parts[2:3] != ["svc"]:
        yield f"host {destination.get('host')}"


def _gateways(spec: Mapping[str, Any], key: Key) -> Iterator[Key]:
    """The Gateways to which a VirtualService is bound; the proxies beside clients count as one of no namespace."""
    for name in map(str, list_or_empty(spec.get("gateways")) or [MESH]):
        namespace, _, own = name.rpartition("/")
        place = key.namespace if namespace in ("", ".") else namespace
        yield MESH_GATEWAY if name == MESH else Key(GROUP, "Gateway", place, own)


def _http_rule(rule: Mapping[str, Any], hosts: tuple[str, ...], key: Key, spec: Mapping[str, Any]) -> RouteRule:
    terms = list(mapping_items(rule.get("match"))) or [{}]
    matches = tuple(_match(term, host) for term in terms for host in hosts)
    routed = list(mapping_items(rule.get("route")))
    backends = tuple(_destination_ref(each, key, alone=len(routed) == 1) for each in routed)
    itself = "redirect" if rule.get("redirect") else "" if any(each.weight for each in backends) else "nothing"
    treatment = tuple(_rule_treatment(rule, routed, spec))
    seconds = _rule_timeout(rule.get("timeout"))
    return RouteRule(
        matches, RouteAction(key, () if itself == "redirect" else backends, itself, (), seconds, treatment=treatment)
    )


def _match(term: Mapping[str, Any], host: str) -> RouteMatch:
    kind, path = next(iter(mapping_or_empty(term.get("uri")).items()), ("prefix", "/"))
    method = str(nested_value(term, "method", "exact") or "")
    condition = MatchCondition(method, _values(term, "headers"), _values(term, "queryParams"))
    if (kind, path) == ("prefix", "/"):
        return RouteMatch(host, "Prefix", "/", condition)
    return RouteMatch(host, URI_KINDS[kind], str(path), condition)


def _values(term: Mapping[str, Any], field: str) -> tuple[tuple[str, str, str], ...]:
    """What is asked of headers or parameters; an empty match is one of any value (`canBeConvertedToPresentMatch`)."""
    result = []
    for name, value in mapping_or_empty(term.get(field)).items():
        kind, text = next(iter(mapping_or_empty(value).items()), ("prefix", ""))
        exact = kind == "exact"
        pattern = str(text) if kind == "regex" else f"{re.escape(str(text))}.*"
        result.append((str(name), "Exact" if exact else PATTERN, str(text) if exact else pattern))
    return tuple(result)


def _destination_ref(item: Mapping[str, Any], key: Key, *, alone: bool) -> BackendRef:
    """The Service of a destination; a weight counts beside others only (route.go `TranslateRoute`)."""
    name, _, rest = str(nested_value(item, "destination", "host")).partition(".")
    service = Key("", "Service", rest.partition(".")[0] or key.namespace, name)
    port = integer_or_default(nested_value(item, "destination", "port", "number"), 0)
    return BackendRef(service, port, 1 if alone else integer_or_default(item.get("weight"), 0))


def _rule_treatment(
    rule: Mapping[str, Any], routed: list[Mapping[str, Any]], spec: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """What a rule does with its requests but to divide them among Services."""
    exported = [str(each) for each in list_or_empty(spec.get("exportTo")) if each != "*"]
    if exported:
        yield "exportTo", ", ".join(exported)
    yield from ((name, str(rule[name])) for name in sorted(TREATMENTS & rule.keys()) if rule[name])
    yield from (("route.headers", str(item["headers"])) for item in routed if item.get("headers"))


def _rule_timeout(text: Any) -> float:
    """The seconds after which a request is cut off; 0 is never, as without a timeout (`HTTPRoute.timeout`)."""
    return sum(float(number) * SECONDS[unit] for number, unit in DURATION.findall(str(text or "")))


def is_catch_all(match: RouteMatch) -> bool:
    """Whether a rule by this match stands behind all others of its host (route.go `IsCatchAllRoute`)."""
    whole = (match.kind, match.path) in (("Prefix", "/"), ("Regex", ".*"), ("Regex", "*"))
    return whole and not match.condition.headers and not match.condition.query and not match.condition.method
