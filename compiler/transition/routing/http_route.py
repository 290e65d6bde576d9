"""HTTPRoutes: what they match, which match wins, and to whom it leads.

Source: Gateway API, apis/v1/httproute_types.go (`HTTPRouteRule.Matches` for the precedence, `HTTPBackendRef` for
weights and their default of 1), apis/v1/shared_types.go (`ParentReference`). Where a regular expression stands
among paths is left to implementations: here between Exact and Prefix, as Envoy Gateway sorts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from compiler.manifest import Object
from compiler.transition.objects import Key, dig, mapping, mappings, sequence, whole
from compiler.transition.routing.request import (
    Answer,
    Backend,
    Candidate,
    Condition,
    Match,
    Request,
    condition_holds,
    host_matches,
    pattern_matches,
)

GROUP = "gateway.networking.k8s.io"
PATHS = {"Exact": "Exact", "PathPrefix": "Prefix", "RegularExpression": "Regex"}
STRENGTH = {"Exact": 3, "Regex": 2, "Prefix": 1}
DURATION = re.compile(r"(\d+)(h|ms|m|s)")
SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


class Parent(NamedTuple):
    """A Gateway that a route wants to hang on; an empty section means all listeners."""

    gateway: Key
    section: str


class Rule(NamedTuple):
    """A rule: any of its matches leads to its answer."""

    matches: tuple[Match, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """The facts of one HTTPRoute."""

    key: Key
    parents: tuple[Parent, ...]
    hosts: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def services(self) -> frozenset[Key]:
        """Every Service that a rule names, whatever its weight."""
        return frozenset(backend.service for rule in self.rules for backend in rule.answer.backends)


def read(obj: Object, key: Key) -> HttpRoute:
    """The facts of an HTTPRoute; without hostnames it takes all, without matches every path."""
    spec = mapping(obj.get("spec"))
    hosts = tuple(str(host) for host in sequence(spec.get("hostnames"))) or ("*",)
    rules = tuple(_rule(rule, hosts, key) for rule in mappings(spec.get("rules")))
    return HttpRoute(key, tuple(_parents(spec, key)), hosts, rules)


def _parents(spec: Mapping[str, Any], key: Key) -> Iterable[Parent]:
    for ref in mappings(spec.get("parentRefs")):
        if ref.get("kind", "Gateway") == "Gateway":
            place = str(ref.get("namespace") or key.namespace)
            yield Parent(Key(GROUP, "Gateway", place, str(ref.get("name"))), str(ref.get("sectionName") or ""))


def _rule(rule: Mapping[str, Any], hosts: tuple[str, ...], key: Key) -> Rule:
    terms = list(mappings(rule.get("matches"))) or [{}]
    matches = tuple(_match(term, host) for term in terms for host in hosts)
    backends = tuple(_backend(ref, key) for ref in mappings(rule.get("backendRefs")))
    redirects = any(item.get("type") == "RequestRedirect" for item in mappings(rule.get("filters")))
    itself = "redirect" if redirects else "" if any(backend.weight for backend in backends) else "nothing"
    timeout = dig(rule, "timeouts", "request") or dig(rule, "timeouts", "backendRequest")
    return Rule(matches, Answer(key, backends, itself, (), _seconds(timeout)))


def _match(term: Mapping[str, Any], host: str) -> Match:
    path = mapping(term.get("path"))
    kind = PATHS.get(str(path.get("type", "PathPrefix")), "Prefix")
    condition = Condition(str(term.get("method") or ""), _pairs(term, "headers"), _pairs(term, "queryParams"))
    return Match(host, kind, str(path.get("value") or "/"), condition)


def _pairs(term: Mapping[str, Any], field: str) -> tuple[tuple[str, str, str], ...]:
    items = mappings(term.get(field))
    return tuple((str(item.get("name")), str(item.get("type", "Exact")), str(item.get("value"))) for item in items)


def _backend(ref: Mapping[str, Any], key: Key) -> Backend:
    kind, group = str(ref.get("kind") or "Service"), str(ref.get("group") or "")
    service = Key(group, kind, str(ref.get("namespace") or key.namespace), str(ref.get("name")))
    return Backend(service, whole(ref.get("port"), 0), whole(ref.get("weight"), 1))


def _seconds(text: Any) -> float | None:
    parts = DURATION.findall(str(text)) if text is not None else []
    return sum(int(number) * SECONDS[unit] for number, unit in parts) if parts else None


def match_holds(match: Match, request: Request) -> bool:
    """Whether a request satisfies one match of an HTTPRoute; a prefix matches whole path elements."""
    if not host_matches(match.host, request.host) or not condition_holds(match.condition, request):
        return False
    match match.kind:
        case "Exact":
            return request.path == match.path
        case "Regex":
            return pattern_matches(match.path, request.path)
    stem = match.path.rstrip("/")
    return request.path == stem or request.path.startswith(stem + "/")


def candidate(route: HttpRoute, request: Request, *, aged: bool) -> Candidate | None:
    """The route's best match for the request, or None. `aged` routes were there before the commit, and win ties."""
    best: Candidate | None = None
    for order, rule in enumerate(route.rules):
        for match in rule.matches:
            if match_holds(match, request):
                rank = (_rank(match), aged, _alphabetical(route.key), -order)
                if best is None or rank > best.rank:
                    best = Candidate(rank, rule.answer)
    return best


def _rank(match: Match) -> tuple[int, ...]:
    exact_host = match.host != "*" and not match.host.startswith("*.")
    condition = match.condition
    return (
        exact_host, 0 if match.host == "*" else len(match.host), STRENGTH[match.kind], len(match.path),
        bool(condition.method), len(condition.headers), len(condition.query),
    )  # fmt: skip


def _alphabetical(key: Key) -> tuple[int, ...]:
    """Greater for what comes first in the alphabet."""
    return (*(-ord(character) for character in f"{key.namespace}/{key.name}"), 0)
