"""Middlewares and transports of Traefik that change no request: they come before any route finds them, go with all that
named them, or cut off what no path begins with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, list_or_empty, mapping_or_empty, nested_value
from compiler.traffic.traefik.reader import READER
from compiler.traffic.traefik.routes import IngressRouteFacts
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.facts.named_objects import TRAEFIK_GROUPS
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

TRAEFIK_FILTERS = frozenset({"Middleware", "MiddlewareTCP", "ServersTransport", "ServersTransportTCP"})
PREFIXES = ("stripPrefix", "prefixes")


def is_first_filter_of_its_name(change: Change, key: Key, _difference: UnjudgedDifference) -> bool:
    """Whether a filter of Traefik comes that routes have not found in its other group either.

    Source: Traefik, pkg/server/router/router.go `buildEntryPointHandler` (a router whose Middleware or transport does
    not exist is left out) and pkg/provider/kubernetes/crd/client_containous.go (one of traefik.io hides its namesake).
    """
    if key.group not in TRAEFIK_GROUPS or key.kind not in TRAEFIK_FILTERS:
        return False
    return not any(key._replace(group=group) in change.live.objects for group in TRAEFIK_GROUPS)


def is_filter_of_nobody(change: Change, key: Key, _difference: UnjudgedDifference) -> bool:
    """Whether a filter of Traefik goes with all that named it here: what is named nowhere, other folders may name."""
    if key.group not in TRAEFIK_GROUPS or key.kind not in TRAEFIK_FILTERS or key in change.target.objects:
        return False
    before, after = (_names_it(side, key) for side in (change.live, change.target))
    return before and not after


def strips_other_paths_too(change: Change, key: Key, _difference: UnjudgedDifference) -> bool:
    """Whether a filter comes to cut off prefixes that no request has which passes it.

    Source: Traefik, pkg/middlewares/stripprefix/strip_prefix.go `ServeHTTP`: the first prefix that the path has goes.
    """
    if key.group not in TRAEFIK_GROUPS or key.kind != "Middleware":
        return False
    before, after = (mapping_or_empty(side.objects.get(key, {}).get("spec")) for side in (change.live, change.target))
    old, new = (list_or_empty(nested_value(spec, *PREFIXES)) for spec in (before, after))
    come = [str(prefix) for prefix in new if prefix not in old]
    kept = [prefix for prefix in new if prefix in old]
    if not come or kept != [*old] or not kept or _without_prefixes(before) != _without_prefixes(after):
        return False
    paths = [path for side in (change.live, change.target) for path in _paths_through(side, key)]
    return bool(paths) and not any(_share_a_path(path, prefix) for path in paths for prefix in come)


def _without_prefixes(spec: Mapping[str, Any]) -> dict[str, Any]:
    strip = mapping_or_empty(spec.get(PREFIXES[0]))
    return {**spec, PREFIXES[0]: {name: value for name, value in strip.items() if name != PREFIXES[1]}}


def _share_a_path(one: str, other: str) -> bool:
    return not one or one.startswith(other) or other.startswith(one)


def _paths_through(snapshot: Snapshot, filter_key: Key) -> list[str]:
    """How the paths begin of the requests that pass a filter; empty text: any, or nobody reads who names it.

    Any where the route names other filters: one before this may give requests another path (`addPrefix`).
    """
    paths: list[str] = []
    for key in _naming(snapshot, filter_key):
        route = snapshot.routes.get(key)
        alone = {each.key for each in snapshot.named[key] if each.key.kind == "Middleware"} == {filter_key}
        rules = route.rules if isinstance(route, IngressRouteFacts) and alone else ()
        passing = [rule for rule in rules if READER.leads_through(rule.answer, filter_key)]
        matches = [match for rule in passing for match in rule.matches]
        paths += [match.path if match.kind in ("Text", "Exact") else "" for match in matches] if passing else [""]
    return paths


def _names_it(snapshot: Snapshot, filter_key: Key) -> bool:
    return next(_naming(snapshot, filter_key), None) is not None


def _naming(snapshot: Snapshot, filter_key: Key) -> Iterator[Key]:
    for key, names in snapshot.named.items():
        alike = (each.key.kind == filter_key.kind and each.key[2:] == filter_key[2:] for each in names)
        if key != filter_key and any(alike):
            yield key
