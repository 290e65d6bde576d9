"""Paths and values of routes that the verifier cannot read, where requests come to be taken otherwise.

A pattern that is not read may take any request of its host; it is named, never held to take none.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.expression import compiled_pattern
from compiler.model.objects import Key
from compiler.model.request import RouteMatch, host_matches
from compiler.traffic.reader import Route
from compiler.traffic.readers import gate_readers, readers_by_kind
from compiler.transition.routing.path_language import is_readable, is_readable_value, path_pattern
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.request_classes import uncompared_hosts
from compiler.transition.sync.change import Change

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Paths of which it is not known what they take, where other requests come to be taken on their host.

    While the matches of a host stay, each request stays with its rule, whatever a pattern takes.
    """
    change = judged.change
    hosts = hosts_of_changed_matches(change)
    uncompared = uncompared_hosts(change) if hosts else set[str]()
    unread: dict[tuple[Key, str], None] = {}
    for snapshot in (change.live, change.target) if hosts else ():
        for key, route in snapshot.routes.items():
            written = key in change.ops
            for match in _pattern_matches(route):
                hidden = match.host in uncompared or not _is_read(match, written=written)
                if hidden and any(share_requests(match.host, host) for host in hosts):
                    unread[key, f"the paths {match.path}"] = None
            for host, part, name, text in _expressions_for_values(route) if written else ():
                hidden = host in uncompared or not is_readable_value(text)
                if hidden and any(share_requests(host, other) for other in hosts):
                    unread[key, f"the values {text} of {part} {name}"] = None
    for key, what in unread:
        yield PropertyBreach(
            "path-unread",
            PROPERTY,
            f"{key} matches {what}, and Shipway cannot analyze that pattern",
            (key,),
            "review the change by hand, or write a simpler expression",
            "warning",
        )


def hosts_of_changed_matches(change: Change) -> set[str]:
    """The hosts of routes that come to take other requests than before."""
    readers, gates = readers_by_kind(), any(key[:2] in gate_readers() for key in change.ops)
    hosts: set[str] = set()
    for key in (key for key in change.ops if key[:2] in readers):
        forms = [snapshot.routes.get(key) for snapshot in (change.live, change.target)]
        if gates or len({None if form is None else form.reach for form in forms}) > 1:
            hosts |= {match.host for form in forms if form is not None for match in form.matches}
    return hosts


def share_requests(one: str, other: str) -> bool:
    """Whether some host falls under both of two hosts of routes."""
    return host_matches(one, other) or host_matches(other, one)


def _pattern_matches(route: Route) -> list[RouteMatch]:
    """The matches of a route whose paths are read as regular expressions."""
    if route.patterned:
        return [match._replace(kind="Location") for match in route.matches]
    return [match for match in route.matches if match.kind == "Regex"]


def _expressions_for_values(route: Route) -> Iterator[tuple[str, str, str, str]]:
    """Of each expression for a value: host, header or parameter, its name, the expression."""
    return ((match.host, *pattern) for match in route.matches for pattern in match.condition.patterns())


def _is_read(match: RouteMatch, *, written: bool) -> bool:
    """Whether a request can be tested against the pattern, and, where its route is written, all is known of it."""
    return compiled_pattern(match.path) is not None and (not written or is_readable(path_pattern(match)))
