"""HTTPRoutes and GRPCRoutes: what they match, which match wins, and to whom it leads.

Source: Gateway API, apis/v1/httproute_types.go (`HTTPRouteRule.Matches` for the precedence, `HTTPBackendRef` for
weights and their default of 1), apis/v1/shared_types.go (`ParentReference`). Where a regular expression stands
among paths is left to implementations: here between Exact and Prefix, as Envoy Gateway sorts them.

A call of gRPC is a request whose path is `/SERVICE/METHOD` (gRPC, doc/PROTOCOL-HTTP2.md; Gateway API,
apis/v1/grpcroute_types.go `GRPCMethodMatch`), so the two kinds are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import (
    INFERENCE_POOLS,
    Key,
    integer_or_default,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.model.request import (
    BackendRef,
    MatchCondition,
    Request,
    RouteAction,
    RouteCandidate,
    RouteMatch,
    RouteRule,
    match_takes,
)
from compiler.traffic.reader import Route

GROUP = "gateway.networking.k8s.io"
PATH_KINDS = {"Exact": "Exact", "PathPrefix": "Prefix", "RegularExpression": "Regex"}
PATH_PRECEDENCE = {"Exact": 3, "Regex": 2, "Prefix": 1}
DURATION = re.compile(r"(\d+)(h|ms|m|s)")
SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


class ParentRef(NamedTuple):
    """What a route wants to hang on: a Gateway, a ListenerSet, or (of a mesh) a Service whose clients it takes.

    An empty section means all listeners, port 0 those of any port.
    """

    gateway: Key
    section: str
    port: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class HttpRoute(Route):
    """The facts of one HTTPRoute or GRPCRoute."""

    parents: tuple[ParentRef, ...]
    hosts: tuple[str, ...]
    rules: tuple[RouteRule, ...]
    mirrors: frozenset[Key]

    @property
    def copied_to(self) -> frozenset[Key]:
        return self.mirrors

    @property
    def reach(self) -> tuple[object, ...]:
        return self.matches, self.parents


def read_http_route(obj: Object, key: Key) -> HttpRoute:
    """The facts of an HTTPRoute or GRPCRoute; without hostnames it takes all, without matches every path."""
    spec = mapping_or_empty(obj.get("spec"))
    hosts = tuple(str(host) for host in list_or_empty(spec.get("hostnames"))) or ("*",)
    rules = tuple(_http_route_rule(rule, hosts, key) for rule in mapping_items(spec.get("rules")))
    parents = tuple(parent_refs(obj, key))
    weights = tuple((backend.service, backend.weight > 0) for rule in rules for backend in rule.answer.backends)
    return HttpRoute(
        key,
        tuple(match for rule in rules for match in rule.matches),
        weights,
        frozenset(service for service, positive in weights if positive),
        frozenset(parent.gateway for parent in parents),
        frozenset(),
        False,
        parents,
        hosts,
        rules,
        frozenset(_mirrors(spec, key)),
    )


def _mirrors(spec: Mapping[str, Any], key: Key) -> Iterator[Key]:
    """The Services of `requestMirror` filters (httproute_types.go: "Responses from this backend MUST be ignored")."""
    for rule in mapping_items(spec.get("rules")):
        for holder in (rule, *mapping_items(rule.get("backendRefs"))):
            for item in mapping_items(holder.get("filters")):
                backend = nested_value(item, "requestMirror", "backendRef")
                if isinstance(backend, dict):
                    yield _http_backend_ref(backend, key).service


def parent_refs(obj: Object, key: Key) -> Iterable[ParentRef]:
    """On what a route of any kind wants to hang."""
    for ref in mapping_items(nested_value(obj, "spec", "parentRefs")):
        kind, place = str(ref.get("kind") or "Gateway"), str(ref.get("namespace") or key.namespace)
        group = "" if kind == "Service" else str(ref.get("group") or GROUP)
        parent = Key(group, kind, place, str(ref.get("name")))
        yield ParentRef(parent, str(ref.get("sectionName") or ""), integer_or_default(ref.get("port"), 0))


def _http_route_rule(rule: Mapping[str, Any], hosts: tuple[str, ...], key: Key) -> RouteRule:
    terms = list(mapping_items(rule.get("matches"))) or [{}]
    read = _called_match if key.kind == "GRPCRoute" else _http_route_match
    matches = tuple(read(term, host) for term in terms for host in hosts)
    backends = tuple(_http_backend_ref(ref, key) for ref in mapping_items(rule.get("backendRefs")))
    redirects = any(item.get("type") == "RequestRedirect" for item in mapping_items(rule.get("filters")))
    itself = "redirect" if redirects else "" if any(backend.weight for backend in backends) else "nothing"
    return RouteRule(matches, RouteAction(key, backends, itself, (), _shortest_timeout(rule)))


def _shortest_timeout(rule: Mapping[str, Any]) -> float | None:
    """The seconds after which a request to a backend is cut off: 0 is never, None what is usual (`HTTPRouteTimeouts`).

    `request` holds for all attempts, `backendRequest` for each.
    """
    texts = [nested_value(rule, "timeouts", name) for name in ("request", "backendRequest")]
    stated = [seconds for seconds in map(timeout_seconds, texts) if seconds is not None]
    return min(filter(None, stated), default=min(stated, default=None))


def _http_route_match(term: Mapping[str, Any], host: str) -> RouteMatch:
    path = mapping_or_empty(term.get("path"))
    kind = PATH_KINDS.get(str(path.get("type", "PathPrefix")), "Prefix")
    condition = MatchCondition(
        str(term.get("method") or ""),
        _header_or_query_matches(term, "headers"),
        _header_or_query_matches(term, "queryParams"),
    )
    return RouteMatch(host, kind, str(path.get("value") or "/"), condition)


def _called_match(term: Mapping[str, Any], host: str) -> RouteMatch:
    """A match of a GRPCRoute as that of the paths of its calls."""
    called = mapping_or_empty(term.get("method"))
    service, method = str(called.get("service") or ""), str(called.get("method") or "")
    condition = MatchCondition("", _header_or_query_matches(term, "headers"))
    if called.get("type", "Exact") == "RegularExpression" or (method and not service):
        pattern = called.get("type") == "RegularExpression"
        parts = (text if pattern else re.escape(text) for text in (service, method))
        return RouteMatch(host, "Regex", "".join(f"/{part or '[^/]+'}" for part in parts), condition)
    if method:
        return RouteMatch(host, "Exact", f"/{service}/{method}", condition)
    return RouteMatch(host, "Prefix", f"/{service}", condition)


def _header_or_query_matches(term: Mapping[str, Any], field: str) -> tuple[tuple[str, str, str], ...]:
    items = mapping_items(term.get(field))
    return tuple((str(item.get("name")), str(item.get("type", "Exact")), str(item.get("value"))) for item in items)


def _http_backend_ref(ref: Mapping[str, Any], key: Key) -> BackendRef:
    kind, group = str(ref.get("kind") or "Service"), str(ref.get("group") or "")
    service = Key(group, kind, str(ref.get("namespace") or key.namespace), str(ref.get("name")))
    port = 0 if service[:2] in INFERENCE_POOLS else integer_or_default(ref.get("port"), 0)
    return BackendRef(service, port, integer_or_default(ref.get("weight"), 1))


def timeout_seconds(text: Any) -> float | None:
    """The seconds of a timeout (`1m30s`); None of what is none (GEP-2257)."""
    parts = DURATION.findall(str(text)) if text is not None else []
    return sum(int(number) * SECONDS[unit] for number, unit in parts) if parts else None


def route_candidate(route: HttpRoute, request: Request, *, aged: bool) -> RouteCandidate | None:
    """The route's best match for the request, or None. `aged` routes were there before the commit, and win ties."""
    best: RouteCandidate | None = None
    for order, rule in enumerate(route.rules):
        for match in rule.matches:
            if match_takes(match, request):
                rank = (_match_precedence(match), aged, _alphabetical_rank(route.key), -order)
                if best is None or rank > best.rank:
                    best = RouteCandidate(rank, rule.answer._replace(path=match.path))
    return best


def _match_precedence(match: RouteMatch) -> tuple[int, ...]:
    exact_host = match.host != "*" and not match.host.startswith("*.")
    condition = match.condition
    return (
        exact_host, 0 if match.host == "*" else len(match.host), PATH_PRECEDENCE[match.kind], len(match.path),
        bool(condition.method), len(condition.headers), len(condition.query),
    )  # fmt: skip


def _alphabetical_rank(key: Key) -> tuple[int, ...]:
    """Greater for what comes first in the alphabet."""
    return (*(-ord(character) for character in f"{key.namespace}/{key.name}"), 0)
