"""Which routes may take one and the same request: by host and path, so that only these are judged together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from compiler.model.manifest import Object
from compiler.model.request import ONE_LABEL, RouteMatch, host_matches
from compiler.traffic.readers import reader_of

SEVERAL: Final = ""
"""Stands for the first element of a path that may begin with several."""


def route_matches(objects: Iterable[Object]) -> frozenset[RouteMatch]:
    """What the routes among the objects match."""
    readers = ((obj, reader_of(obj)) for obj in objects)
    return frozenset(match for obj, reader in readers if reader is not None for match in reader.matches_of(obj))


def matches_overlap(one: RouteMatch, other: RouteMatch) -> bool:
    """Whether a request may fall under both; conditions are left out, for each of them may hold or not."""
    if not (host_matches(one.host, other.host) or host_matches(other.host, one.host)):
        return False
    if "Regex" in (one.kind, other.kind):
        return True
    if "Text" in (one.kind, other.kind):
        first, second = one.path.lower(), other.path.lower()
        return first.startswith(second) or second.startswith(first)
    first, second = f"{one.path.rstrip('/')}/", f"{other.path.rstrip('/')}/"
    if one.kind == other.kind == "Exact":
        return first == second
    return first.startswith(second) or second.startswith(first)


def sets_overlap(some: Iterable[RouteMatch], others: Iterable[RouteMatch]) -> bool:
    others = list(others)
    return any(matches_overlap(one, other) for one in some for other in others)


class RouteIndex:
    """Names by what they match, found without looking at all: by host and by the first element of the path."""

    def __init__(self, matches: Mapping[str, Iterable[RouteMatch]]) -> None:
        self._by_host: dict[str, dict[str, list[tuple[str, RouteMatch]]]] = {}
        for name, own in matches.items():
            for match in own:
                self._by_host.setdefault(match.host, {}).setdefault(_first_element(match), []).append((name, match))

    def overlapping(self, wanted: Iterable[RouteMatch]) -> set[str]:
        """The names of which a match may take requests that one of the wanted ones may take."""
        return {name for match in wanted for name, other in self._near(match) if matches_overlap(match, other)}

    def _near(self, match: RouteMatch) -> Iterator[tuple[str, RouteMatch]]:
        element = _first_element(match)
        for host in self._hosts(match.host):
            places = self._by_host[host]
            for place in places if element == SEVERAL else {element, SEVERAL} & places.keys():
                yield from places[place]

    def _hosts(self, host: str) -> Iterator[str]:
        if host.startswith("*"):
            return (each for each in self._by_host if host_matches(host, each) or host_matches(each, host))
        wildcards = (f"{wild}{rest}" for rest in _parents(host) for wild in ("*.", ONE_LABEL))
        return (each for each in ("*", host, *wildcards) if each in self._by_host)


def _parents(host: str) -> Iterator[str]:
    while "." in host:
        host = host.partition(".")[2]
        yield host


def _first_element(match: RouteMatch) -> str:
    if match.kind not in ("Exact", "Prefix"):
        return SEVERAL
    return match.path.strip("/").partition("/")[0] if match.path.strip("/") else SEVERAL
