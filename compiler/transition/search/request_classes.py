"""The request classes of a change: requests that no route of either commit tells apart, one representative each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from compiler.model.objects import Key
from compiler.model.request import Request, RouteMatch, condition_holds, host_matches
from compiler.traffic.gateway_api import gateways as gateway
from compiler.traffic.gateway_api import routes as http_route
from compiler.traffic.ingress_nginx import routes as ingress
from compiler.transition.routing import service
from compiler.transition.routing.path_language import MAX_DIFFERENT_PATTERNS, PathPattern, separating_paths
from compiler.transition.routing.request import MatchTests, distinct_requests, representative_requests
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot


def known_sections(change: Change) -> dict[Key, frozenset[str]]:
    """The listeners that exist on each Gateway of no folder: those that a converged route hangs on."""
    collected: dict[Key, set[str]] = {}
    for route in change.baseline.http_routes.values():
        for parent in route.parents:
            collected.setdefault(parent.gateway, set()).add(parent.section or "*")
    return {key: frozenset(names) | ({"*"} if "*" in names else frozenset()) for key, names in collected.items()}


def request_classes(change: Change) -> list[Request]:
    """All classes: of HTTPRoutes by listener, of Ingresses by class, of Services by port."""
    return [*_gateway_classes(change), *_ingress_classes(change), *_service_classes(change)]


def _snapshots(change: Change) -> list[Snapshot]:
    return list(dict.fromkeys((change.baseline, change.live, change.target)))


def _gateway_classes(change: Change) -> Iterable[Request]:
    routes = dict.fromkeys(route for snapshot in _snapshots(change) for route in snapshot.http_routes.values())
    for entry, attached in _routes_by_listener(change, routes).items():
        matches = dict.fromkeys(match for route in attached for rule in route.rules for match in rule.matches)
        extra = _separating_matches(*(_gateway_matches(s, attached) for s in (change.baseline, change.target)))
        yield from _classes(
            representative_requests(entry, (*matches, *extra)), matches, frozenset(), http_route.http_route_matches
        )


def _gateway_matches(snapshot: Snapshot, attached: Iterable[http_route.HttpRoute]) -> dict[RouteMatch, PathPattern]:
    """The matches of those of the routes that stand in `snapshot`, each as a pattern."""
    routes = (route for route in attached if snapshot.http_routes.get(route.key) is route)
    return {match: _gateway_pattern(match) for route in routes for rule in route.rules for match in rule.matches}


def _gateway_pattern(match: RouteMatch) -> PathPattern:
    if match.kind == "Regex":
        return PathPattern(match.path)
    text = re.escape(match.path if match.kind == "Exact" else match.path.rstrip("/"))
    return PathPattern(text if match.kind == "Exact" else f"{text}(/.*)?")


def _separating_matches(
    before: Mapping[RouteMatch, PathPattern], after: Mapping[RouteMatch, PathPattern]
) -> Iterator[RouteMatch]:
    """Exact paths that tell apart the patterns which go and which come on a host, under any of their conditions."""
    changed = [match for match in {**before, **after} if before.get(match) != after.get(match)]
    for host in dict.fromkeys(match.host for match in changed if match.kind in ("Regex", "Pattern")):
        near = [match for match in changed if match.host == host][:MAX_DIFFERENT_PATTERNS]
        gone, came = ([side[match] for match in near if match in side] for side in (before, after))
        for path in separating_paths(dict.fromkeys(gone), dict.fromkeys(came)):
            yield from (RouteMatch(host, "Exact", path, c) for c in dict.fromkeys(match.condition for match in near))


def _routes_by_listener(
    change: Change, routes: Iterable[http_route.HttpRoute]
) -> dict[str, list[http_route.HttpRoute]]:
    """Each listener ("gateway ns/name#section") with the routes that may hang on it."""
    routes = list(routes)
    names: dict[Key, dict[str, None]] = {}
    for route in routes:
        for parent in route.parents:
            names.setdefault(parent.gateway, {}).update({parent.section: None} if parent.section else {})
    for key, known in names.items():
        for snapshot in _snapshots(change):
            known.update(
                dict.fromkeys(gateway.listeners_by_name(snapshot.objects[key]) if key in snapshot.objects else ())
            )
    return {
        f"gateway {key.namespace}/{key.name}#{section}": _attached_routes(routes, key, section)
        for key, known in names.items()
        for section in known or ("*",)
    }


def _attached_routes(routes: Iterable[http_route.HttpRoute], key: Key, section: str) -> list[http_route.HttpRoute]:
    wanted = ("", section)
    return [r for r in routes if any(p.gateway == key and p.section in wanted for p in r.parents)]


def _ingress_classes(change: Change) -> Iterable[Request]:
    every = dict.fromkeys(facts for snapshot in _snapshots(change) for facts in snapshot.ingresses.values())
    for name in dict.fromkeys(facts.class_name for facts in every):
        group = [facts for facts in every if facts.class_name == name]
        matches = dict.fromkeys(match for facts in group for match in ingress.ingress_matches(facts))
        infected = frozenset(rule.match.host for facts in group if facts.regex for rule in facts.rules)
        extra = _separating_matches(*(_ingress_patterns(s, name, infected) for s in (change.baseline, change.target)))
        requests = representative_requests(f"ingress {name}", (*matches, *extra), patterns=bool(infected))
        yield from _classes(requests, matches, infected, _ingress_test)


def _ingress_patterns(snapshot: Snapshot, name: str, hosts: Collection[str]) -> dict[RouteMatch, PathPattern]:
    """The paths of an Ingress class on hosts that are patterned on either side, as ingress-nginx reads them there."""
    every = [facts for facts in snapshot.ingresses.values() if facts.class_name == name]
    matches = dict.fromkeys(rule.match._replace(kind="Pattern") for facts in every for rule in facts.rules)
    return {match: PathPattern(match.path, whole=False, ignore_case=True) for match in matches if match.host in hosts}


def _classes(
    requests: Iterable[Request],
    matches: Iterable[RouteMatch],
    patterned: frozenset[str],
    test: Callable[[RouteMatch, Request], bool],
) -> Iterable[Request]:
    """The requests that the matches tell apart, host by host; in `patterned` hosts paths may be patterns."""
    exact: dict[str, list[RouteMatch]] = {}
    for match in matches:
        exact.setdefault("*" if match.host.startswith("*") else match.host, []).append(match)
    for host, group in itertools.groupby(requests, lambda request: request.host):
        wild = [match for match in exact.get("*", ()) if host_matches(match.host, host)]
        tests = MatchTests([*exact.get(host, ()), *wild], patterns=bool(patterned))
        yield from distinct_requests(group, partial(_passed_tests, tests, patterned, test))


def _passed_tests(
    tests: MatchTests, patterned: frozenset[str], test: Callable[[RouteMatch, Request], bool], request: Request
) -> frozenset[int]:
    result = set()
    for number, match in tests.near(request.path):
        if test(match, request):
            result.add(number)
        if match.host in patterned and _matches_as_pattern(match, request):
            result.add(-number - 1)
    return frozenset(result)


def _ingress_test(match: RouteMatch, request: Request) -> bool:
    return condition_holds(match.condition, request) and ingress.ingress_path_matches(match, request, regex=False)


def _matches_as_pattern(match: RouteMatch, request: Request) -> bool:
    return condition_holds(match.condition, request) and ingress.ingress_path_matches(match, request, regex=True)


def _service_classes(change: Change) -> Iterable[Request]:
    """A Service is an entry for clients inside the cluster, on each of its ports."""
    for key, facts in change.baseline.services.items():
        if facts.selects_pods and not facts.external:
            for port in service.service_port_numbers(facts):
                yield Request(f"service {key.namespace}/{key.name}", f"{key.name}.{key.namespace}:{port}", "")
