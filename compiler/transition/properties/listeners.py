"""available, for the listeners of Gateways: what clients connect to stays open, at its port, for its hosts.

Source: Gateway API, apis/v1/gateway_types.go `Listener` (port, protocol, hostname), `AllowedRoutes` (routes of the
Gateway's own namespace by default). Which listener takes a route of the folder is judged with the route's requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compiler.model.objects import Key, nested_value
from compiler.model.request import host_matches
from compiler.traffic.gateway_api.gateways import listeners_by_name
from compiler.traffic.gateway_api.routes import HttpRoute
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
GROUP = "gateway.networking.k8s.io"
Listener = Mapping[str, Any]
AttachedRoute = tuple[Key, str]
"""A route, and the listener on which it wants to hang (empty: any)."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The listeners that go, and that nothing of the same port and protocol replaces."""
    change = judged.change
    gateways = [key for key in change.ops if key[:2] == (GROUP, "Gateway") and key in change.live.objects]
    hanging = _routes_by_gateway(change.live) if gateways else {}
    yield from _ports_of_unknown_listeners(change)
    for key in gateways:
        new = list(listeners_by_name(change.target.objects.get(key, {})).values())
        for name, listener in listeners_by_name(change.live.objects[key]).items():
            if not any(_replaces(other, listener) for other in new):
                yield from _closed_listener(change, key, name, listener, hanging.get(key, []))


def _ports_of_unknown_listeners(change: Change) -> Iterator[PropertyBreach]:
    """Routes that come to name a port of a Gateway of no folder: whether a listener is there is not known."""
    for key in change.ops:
        old, new = change.live.routes.get(key), change.target.routes.get(key)
        known = set(old.parents) if isinstance(old, HttpRoute) else set()
        named = [each for each in new.parents if each.port] if known and isinstance(new, HttpRoute) else []
        away = [each.gateway for each in named if each not in known and not _is_in_a_folder(change, each.gateway)]
        if away:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key}: spec.parentRefs[].port changes. Not judged: whether {away[0]} listens there",
                (key,),
                "judge it by hand, together with the Gateway",
                "warning",
            )


def _is_in_a_folder(change: Change, key: Key) -> bool:
    return key in change.live.objects or key in change.target.objects


def _routes_by_gateway(snapshot: Snapshot) -> dict[Key, list[AttachedRoute]]:
    """The routes that want to hang on each Gateway, with the listener (empty: all of them)."""
    result: dict[Key, list[AttachedRoute]] = {}
    for key, route in snapshot.routes.items():
        for parent in route.parents if isinstance(route, HttpRoute) else ():
            result.setdefault(parent.gateway, []).append((key, parent.section))
    return result


def _replaces(new: Listener, old: Listener) -> bool:
    """Whether clients of the old listener find the new one."""
    same = (new.get("port"), new.get("protocol")) == (old.get("port"), old.get("protocol"))
    before, after = (str(each.get("hostname") or "*") for each in (old, new))
    return same and (after == before or (not before.startswith("*") and host_matches(after, before)) or after == "*")


def _closed_listener(
    change: Change, key: Key, name: str, listener: Listener, hanging: Sequence[AttachedRoute]
) -> Iterator[PropertyBreach]:
    """An error where a route of the folder hangs on the Gateway; elsewhere nobody here knows what does."""
    hosts = str(listener.get("hostname") or "*")
    what = f"listener {name} of {key} ({listener.get('protocol')} {listener.get('port')}, {hosts})"
    users = list(dict.fromkeys(route for route, section in hanging if section in ("", name)))
    own = bool(hanging) and nested_value(listener, "allowedRoutes", "namespaces", "from") in (None, "Same")
    if key in change.target.objects and users:
        yield PropertyBreach(
            "listener-closed",
            PROPERTY,
            f"{what} is closed or moves: its clients are refused",
            (key, *users),
            "add the new listener beside the old one, move the clients, then remove the old one",
            cut=change.moment(key),
        )
    elif not own:
        yield PropertyBreach(
            "field-unproven",
            PROPERTY,
            f"{what} goes. Not judged: which routes of other folders hang on it",
            (key,),
            "judge it by hand, with the folders whose routes hang on it",
            "warning",
        )
