"""istio, read back: VirtualServices by the Gateway to which they are bound.

Source: Istio, networking/v1alpha3/virtual_service.proto (`http`: the first rule that matches is used; `prefix` is one
of text; without a weight a single destination gets all) and pilot/pkg/networking/core/route.go (the virtual host of
the most specific host alone is asked).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from compiler.model.course import RequestShares
from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    integer_or_default,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
    object_key,
    own_name,
)
from compiler.model.request import (
    BackendRef,
    MatchCondition,
    Request,
    RouteAction,
    RouteMatch,
    host_matches,
    match_takes,
)
from compiler.traffic.reader import Cluster, Entry, Route, RouteReader
from compiler.traffic.shares import shares_by_answers

GROUP: Final = "networking.istio.io"
URI_KINDS: Final = {"exact": "Exact", "prefix": "Text", "regex": "Regex"}
VALUE_KINDS: Final = {"exact": "Exact", "regex": "RegularExpression"}


class HttpRule(NamedTuple):
    """A rule: any of its matches leads to its answer."""

    matches: tuple[RouteMatch, ...]
    answer: RouteAction


@dataclass(frozen=True, slots=True, eq=False)
class VirtualService(Route):
    """The facts of one VirtualService."""

    hosts: tuple[str, ...]
    rules: tuple[HttpRule, ...]


class IstioReader(RouteReader):
    """VirtualServices. Which of two answers for the same host is not defined: they tie."""

    PROVIDER = "istio"
    KINDS = frozenset({(GROUP, "VirtualService")})
    GATE_KINDS = frozenset({(GROUP, "Gateway")})
    ENTRY = "istio"

    def read(self, obj: Object, key: Key, /) -> VirtualService:
        spec = mapping_or_empty(obj.get("spec"))
        hosts = tuple(map(str, list_or_empty(spec.get("hosts"))))
        rules = tuple(_http_rule(rule, hosts, key) for rule in mapping_items(spec.get("http")))
        backends = [backend for rule in rules for backend in rule.answer.backends]
        return VirtualService(
            key,
            tuple(match for rule in rules for match in rule.matches),
            tuple((backend.service, backend.weight > 0) for backend in backends),
            frozenset(backend.service for backend in backends if backend.weight > 0),
            frozenset(_gateways(spec, key)),
            frozenset(),
            False,
            hosts,
            rules,
        )

    def shares_of(self, objects: Sequence[Object], release: str, /) -> RequestShares | None:
        keys = ((object_key(obj), obj) for obj in objects)
        routes = {own_name(obj): self.read(obj, key) for key, obj in keys if key[:2] in self.KINDS}
        if not routes:
            return None
        every = [match for route in routes.values() for match in route.matches]
        main = routes[release].matches if release in routes else every
        return shares_by_answers(main, every, partial(_first_answer, list(routes.values())))

    def entries(self, routes: Sequence[VirtualService], forms: Mapping[Key, Sequence[Object]], /) -> Iterable[Entry]:
        for gateway in sorted({gateway for route in routes for gateway in route.gates}):
            bound = [route for route in routes if gateway in route.gates]
            yield Entry(f"{self.ENTRY} {gateway.namespace}/{gateway.name}", bound)

    def source_namespace(self, entry: str, /) -> str:
        return entry.removeprefix(f"{self.ENTRY} ").partition("/")[0]

    def answer(self, routes: Sequence[VirtualService], request: Request, cluster: Cluster, /) -> RouteAction | None:
        return _first_answer([route for route in routes if self._is_bound(route, request, cluster)], request)

    def ties(self, routes: Sequence[VirtualService], request: Request, cluster: Cluster, /) -> Sequence[Key]:
        bound = [route for route in routes if self._is_bound(route, request, cluster)]
        answers = [answer for route in _most_specific(bound, request) if (answer := _answer(route, request))]
        return sorted({answer.route for answer in answers}) if len({each.backends for each in answers}) > 1 else ()

    def gates(
        self, routes: Sequence[VirtualService], services: Iterable[Key], written: Iterable[Key], /
    ) -> Iterable[Key]:
        return [key for key in written if any(key in route.gates for route in routes)]

    def refusal(self, route: Key, service: Key, cluster: Cluster, /) -> str:
        return ""

    def _is_bound(self, route: VirtualService, request: Request, cluster: Cluster) -> bool:
        word, _, place = request.entry.partition(" ")
        return any(
            (word != self.ENTRY or f"{gateway.namespace}/{gateway.name}" == place)
            and (not cluster.is_managed(gateway) or cluster.object_at(gateway) is not None)
            for gateway in route.gates
        )


def _gateways(spec: Mapping[str, Any], key: Key) -> Iterator[Key]:
    for name in map(str, list_or_empty(spec.get("gateways"))):
        namespace, _, own = name.rpartition("/")
        if own != "mesh":
            yield Key(GROUP, "Gateway", namespace or key.namespace, own)


def _http_rule(rule: Mapping[str, Any], hosts: Iterable[str], key: Key) -> HttpRule:
    terms = list(mapping_items(rule.get("match"))) or [{}]
    matches = tuple(_match(term, host) for term in terms for host in hosts)
    routed = list(mapping_items(rule.get("route")))
    backends = tuple(_backend(each, key, 100 if len(routed) == 1 else 0) for each in routed)
    itself = "redirect" if "redirect" in rule else "" if any(each.weight for each in backends) else "nothing"
    return HttpRule(matches, RouteAction(key, backends, itself))


def _match(term: Mapping[str, Any], host: str) -> RouteMatch:
    kind, path = next(iter(mapping_or_empty(term.get("uri")).items()), ("prefix", "/"))
    method = str(nested_value(term, "method", "exact") or "")
    condition = MatchCondition(method, _pairs(term, "headers"), _pairs(term, "queryParams"))
    return RouteMatch(host, URI_KINDS[kind], str(path), condition)


def _pairs(term: Mapping[str, Any], field: str) -> tuple[tuple[str, str, str], ...]:
    values = ((name, *next(iter(value.items()))) for name, value in mapping_or_empty(term.get(field)).items())
    return tuple((name, VALUE_KINDS.get(kind, "Exact"), str(value)) for name, kind, value in values)


def _backend(route: Mapping[str, Any], key: Key, default: int) -> BackendRef:
    name, _, rest = str(nested_value(route, "destination", "host")).partition(".")
    service = Key("", "Service", rest.partition(".")[0] or key.namespace, name)
    port = integer_or_default(nested_value(route, "destination", "port", "number"), 0)
    return BackendRef(service, port, integer_or_default(route.get("weight"), default))


def _first_answer(routes: Iterable[VirtualService], request: Request) -> RouteAction | None:
    answers = (_answer(route, request) for route in sorted(_most_specific(routes, request), key=lambda each: each.key))
    return next((answer for answer in answers if answer is not None), None)


def _most_specific(routes: Iterable[VirtualService], request: Request) -> list[VirtualService]:
    """The VirtualServices of the host that takes the request: others are not asked, also where these have no rule."""
    hosts = {host: route for route in routes for host in route.hosts if host_matches(host, request.host)}
    best = max(hosts, key=lambda host: (not host.startswith("*"), len(host)), default=None)
    return [route for route in routes if best in route.hosts]


def _answer(route: VirtualService, request: Request) -> RouteAction | None:
    for rule in route.rules:
        taken = next((match for match in rule.matches if match_takes(match, request)), None)
        if taken is not None:
            return rule.answer._replace(path=taken.path)
    return None


READER: Final = IstioReader()
