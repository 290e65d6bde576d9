"""The request classes of a change: requests that no route of either commit tells apart, one representative each."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from compiler.model.manifest import Object
from compiler.model.objects import Key
from compiler.model.request import (
    Request,
    RouteMatch,
    host_matches,
    is_stand_in,
    match_takes,
    path_matches,
)
from compiler.traffic.reader import Entry, Route, RouteReader
from compiler.traffic.readers import readers_by_kind, route_readers
from compiler.transition.routing import service
from compiler.transition.routing.expression_automaton import Expression
from compiler.transition.routing.path_language import (
    are_comparable,
    are_comparable_values,
    path_pattern,
    separating_paths,
    separating_values,
)
from compiler.transition.routing.request import MatchTests, distinct_requests, paths_near, representative_requests
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

Matches = Mapping[RouteMatch, None]


def request_classes(change: Change) -> list[Request]:
    """All classes: of routes by the entry of their provider, of Services by port."""
    return [*routed_classes(change), *service_classes(change)]


def routed_classes(change: Change) -> list[Request]:
    """The classes of requests that routes tell apart: between two commits they are the same in both directions."""
    return [request for entry in _entries_of_change(change) for request in _classes_of_entry(change, entry)]


def _entries_of_change(change: Change) -> Iterator[Entry]:
    """The entries of every provider, each with its routes in all the forms that they have."""
    readers, routes = readers_by_kind(), dict[RouteReader, dict[Route, None]]()
    for snapshot in _snapshots(change):
        for key, route in snapshot.routes.items():
            routes.setdefault(readers[key[:2]], {})[route] = None
    for reader in (reader for reader in route_readers() if reader in routes):
        yield from reader.entries([*routes[reader]], _gate_forms(change, reader))


def _snapshots(change: Change) -> list[Snapshot]:
    return list(dict.fromkeys((change.baseline, change.live, change.target)))


def _classes_of_entry(change: Change, entry: Entry) -> Iterator[Request]:
    """The classes of the requests that come in by one entry of a provider."""
    patterned = _patterned_hosts(entry)
    forms = _every_form(change, entry.routes)
    plain = dict.fromkeys((*(match for route in forms for match in route.matches), *entry.conditions))
    matches = (*plain, *(match._replace(kind="Location") for match in plain if match.host in patterned))
    before, after = _matches_of_sides(change, entry, patterned)
    extra = (*_separating_matches(before, after), *_separating_conditions(before, after))
    stays = before.keys() & after.keys()
    dropped = {match.path for match in matches if is_stand_in(match) and (match not in stays or _is_sampled(match))}
    requests = representative_requests(entry.name, (*matches, *extra))
    yield from _classes((request for request in requests if request.path not in dropped), matches)


def _every_form(change: Change, routes: Iterable[Route]) -> Iterator[Route]:
    """The routes in all forms that they have: one that leaves the entry may ask for part of it elsewhere."""
    keys = dict.fromkeys(route.key for route in routes)
    return (snapshot.routes[key] for snapshot in _snapshots(change) for key in keys if key in snapshot.routes)


def _matches_of_sides(change: Change, entry: Entry, patterned: set[str]) -> tuple[Matches, Matches]:
    """The matches of the entry before and after the change."""
    return (
        _matches_as_read(entry, change.baseline, patterned),
        _matches_as_read(entry, change.target, patterned),
    )


def _patterned_hosts(entry: Entry) -> set[str]:
    """The hosts of which every path is read as an expression."""
    return {match.host for route in entry.routes if route.patterned for match in route.matches}


def _is_sampled(match: RouteMatch) -> bool:
    """Whether a real request is known that the pattern takes: its own text need not stand for it then.

    Nor can it where the pattern comes or goes: nothing can be claimed of what it takes.
    """
    return any(path_matches(match, path) for path in paths_near(match, loose=True) if path != match.path)


def _gate_forms(change: Change, reader: RouteReader) -> Mapping[Key, Sequence[Object]]:
    """Every form of each object that decides whether the provider's routes count."""
    forms: dict[Key, list[Object]] = {}
    for snapshot in _snapshots(change):
        for key in (key for group, kind in reader.GATE_KINDS for key in snapshot.of_kind(kind) if key.group == group):
            forms.setdefault(key, []).append(snapshot.objects[key])
    return forms


def _matches_as_read(entry: Entry, snapshot: Snapshot, patterned: set[str]) -> dict[RouteMatch, None]:
    """The matches of those of the entry's routes that stand in `snapshot`; on `patterned` hosts all are patterns."""
    matches = (match for route in entry.routes if _stands_in(snapshot, route) for match in route.matches)
    return dict.fromkeys(match._replace(kind="Location") if match.host in patterned else match for match in matches)


def _stands_in(snapshot: Snapshot, route: Route) -> bool:
    return snapshot.routes.get(route.key) is route


def uncompared_hosts(change: Change) -> set[str]:
    """The hosts on which so many patterns change that requests which tell them apart cannot be looked for."""
    hosts = set[str]()
    for entry in _entries_of_change(change):
        sides = _matches_of_sides(change, entry, _patterned_hosts(entry))
        hosts |= {host for host, *each, _ in _changed_paths(*sides) if not are_comparable(itertools.chain(*each))}
        for near, _, _, *each in _changed_values(*sides):
            hosts |= set() if are_comparable_values(itertools.chain(*each)) else {near[0].host}
    return hosts


def _separating_matches(before: Matches, after: Matches) -> Iterator[RouteMatch]:
    """Exact paths that tell apart the patterns which go and which come on a host, under any of their conditions."""
    for host, gone, came, near in _changed_paths(before, after):
        for path in separating_paths(gone, came):
            yield from (RouteMatch(host, "Exact", path, c) for c in dict.fromkeys(match.condition for match in near))


def _changed_paths(
    before: Matches, after: Matches
) -> Iterator[tuple[str, Iterable[Expression], Iterable[Expression], list[RouteMatch]]]:
    """Of each host whose patterns change: the expressions for paths that go, and that come, and all these matches."""
    changed = [match for match in {**before, **after} if (match in before) != (match in after)]
    for host in dict.fromkeys(match.host for match in changed if match.kind in ("Regex", "Location")):
        near = [match for match in changed if match.host == host]
        gone, came = (dict.fromkeys(path_pattern(m) for m in near if m in side) for side in (before, after))
        yield host, gone, came, near


def _separating_conditions(before: Matches, after: Matches) -> Iterator[RouteMatch]:
    """Matches with values that tell apart the patterns of one header or parameter which go and which come on a host."""
    for near, part, name, gone, came in _changed_values(before, after):
        for value in separating_values(gone, came):
            yield from (match._replace(condition=match.condition.with_value(part, name, value)) for match in near)


def _changed_values(
    before: Matches, after: Matches
) -> Iterator[tuple[list[RouteMatch], str, str, Iterable[str], Iterable[str]]]:
    """Of each header or parameter for which patterns change on a host: the matches, and what goes, and what comes."""
    changed = [match for match in {**before, **after} if (match in before) != (match in after)]
    patterned = [match for match in changed if any(match.condition.patterns())]
    places = ((match.host, *at[:2]) for match in patterned for at in match.condition.patterns())
    for host, part, name in dict.fromkeys(places):
        near = [match for match in patterned if match.host == host]
        gone, came = (_value_patterns((m for m in near if m in side), part, name) for side in (before, after))
        yield near, part, name, gone, came


def _value_patterns(matches: Iterable[RouteMatch], part: str, name: str) -> dict[str, None]:
    """The expressions by which matches ask for one header or parameter."""
    asked = (each for match in matches for each in match.condition.patterns())
    return dict.fromkeys(text for of, called, text in asked if (of, called) == (part, name))


def _classes(requests: Iterable[Request], matches: Iterable[RouteMatch]) -> Iterable[Request]:
    """The requests that the matches tell apart, host by host."""
    exact: dict[str, list[RouteMatch]] = {}
    for match in matches:
        exact.setdefault("*" if match.host.startswith("*") else match.host, []).append(match)
    for host, group in itertools.groupby(requests, lambda request: request.host):
        wild = [match for match in exact.get("*", ()) if host_matches(match.host, host)]
        yield from distinct_requests(group, partial(_passed_tests, MatchTests([*exact.get(host, ()), *wild])))


def _passed_tests(tests: MatchTests, request: Request) -> frozenset[int]:
    return frozenset(number for number, match in tests.near(request.path) if match_takes(match, request))


def service_classes(change: Change) -> Iterable[Request]:
    """A Service is an entry for clients inside the cluster, on each of its ports."""
    for key, facts in change.baseline.services.items():
        if facts.selects_pods and not facts.external:
            host = ".".join(filter(None, (key.name, key.namespace)))
            for port in service.service_port_numbers(facts):
                yield Request.to_service(key, f"{host}:{port}")
