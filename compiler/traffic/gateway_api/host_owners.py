"""Hosts that come to have routes of their own: what these do not match may no longer reach a route of a wider host.

Source: Gateway API, apis/v1/httproute_types.go `HTTPRouteSpec.Hostnames` gives precedence to the longest host, and
leaves open whether others are tried after it; Envoy takes one virtual host for a request and answers 404 from there
(envoyproxy/gateway#5500).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from compiler.model.objects import Key
from compiler.model.request import MatchCondition, RouteMatch, host_matches, path_matches
from compiler.traffic.gateway_api.routes import HttpRoute, ParentRef
from compiler.traffic.reader import ConvergedObjects, GateChange


def hosts_with_first_routes(
    written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects
) -> Iterator[GateChange]:
    """The hosts to which a commit gives their first route, and for which a wider one took requests that it misses."""
    routes = [(key, route) for key in written if isinstance(route := after.routes.get(key), HttpRoute)]
    old = [route for route in before.routes.values() if isinstance(route, HttpRoute)] if routes else []
    new = [route for route in after.routes.values() if isinstance(route, HttpRoute)] if routes else []
    known = {host for route in old for host in route.hosts}
    for key, route in routes:
        first = [host for host in route.hosts if host not in known]
        beside = [each for each in new if _share_listener(each.parents, route.parents)] if first else []
        for host in first:
            wide = _widest_left(host, [each for each in old if _share_listener(each.parents, route.parents)])
            taken = [match for each in beside for match in each.matches if match.host == host]
            if wide and not all(_is_covered(match, taken) for match in wide.matches if host_matches(match.host, host)):
                yield GateChange(
                    "field-unproven",
                    f"{key} is the first route for {host}, whose requests {wide.key} takes so far. Not judged: whether "
                    f"the gateway still leads there what no route for {host} matches (Envoy answers 404)",
                    (key, wide.key),
                    f"add rules for all paths of {host} first",
                    "warning",
                    key,
                )


def _widest_left(host: str, routes: Iterable[HttpRoute]) -> HttpRoute | None:
    """A route that takes the host's requests by a wildcard or by naming no host."""
    return next((route for route in routes if any(host_matches(each, host) for each in route.hosts)), None)


def _share_listener(some: Iterable[ParentRef], others: Iterable[ParentRef]) -> bool:
    return any(
        one.gateway == other.gateway and (one.section == other.section or "" in (one.section, other.section))
        for one in some
        for other in others
    )


def _is_covered(wanted: RouteMatch, matches: Iterable[RouteMatch]) -> bool:
    """Whether one of the host's own matches takes all that the wider one took."""
    return any(
        match.condition in (MatchCondition(), wanted.condition)
        and ((match.kind, match.path) == (wanted.kind, wanted.path) or _is_within_prefix(wanted, match))
        for match in matches
    )


def _is_within_prefix(wanted: RouteMatch, match: RouteMatch) -> bool:
    return match.kind == "Prefix" and (
        match.path == "/" or (wanted.kind in ("Exact", "Prefix") and path_matches(match, wanted.path))
    )
