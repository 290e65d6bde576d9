"""What becomes of clients when a Gateway changes: its listeners, whatever routes of the folder hang on them.

Source: Gateway API, apis/v1/gateway_types.go `Listener` (port, protocol, hostname), `AllowedRoutes` (routes of the
Gateway's own namespace by default).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from compiler.model.objects import Key, nested_value
from compiler.model.request import host_matches
from compiler.traffic.gateway_api.gateways import listeners_by_name
from compiler.traffic.gateway_api.routes import GROUP, HttpRoute
from compiler.traffic.reader import ConvergedObjects, GateChange

Listener = Mapping[str, Any]
AttachedRoute = tuple[Key, str]
"""A route, and the listener on which it wants to hang (empty: any)."""


def listener_changes(written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """The listeners that go, and that nothing of the same port and protocol replaces."""
    gateways = [key for key in written if key[:2] == (GROUP, "Gateway") and key in before.objects]
    hanging = _routes_by_gateway(before) if gateways else {}
    yield from _ports_of_unknown_listeners(written, before, after)
    for key in gateways:
        new = list(listeners_by_name(after.objects.get(key, {})).values())
        for name, listener in listeners_by_name(before.objects[key]).items():
            if not any(_replaces(other, listener) for other in new):
                users = hanging.get(key, [])
                yield from _closed_listener(key, name, listener, users, stays=key in after.objects)


def _ports_of_unknown_listeners(
    written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects
) -> Iterator[GateChange]:
    """Routes that come to name a port of a Gateway of no folder: whether a listener is there is not known."""
    for key in written:
        old, new = before.routes.get(key), after.routes.get(key)
        known = set(old.parents) if isinstance(old, HttpRoute) else set()
        named = [each for each in new.parents if each.port] if known and isinstance(new, HttpRoute) else []
        held = {*before.objects, *after.objects} if named else set()
        away = [each.gateway for each in named if each not in known and each.gateway not in held]
        if away:
            yield GateChange(
                "field-unproven",
                f"{key}: spec.parentRefs[].port changes. Not judged: whether {away[0]} listens there",
                (key,),
                "judge it by hand, together with the Gateway",
                "warning",
            )


def _routes_by_gateway(converged: ConvergedObjects) -> dict[Key, list[AttachedRoute]]:
    """The routes that want to hang on each Gateway, with the listener (empty: all of them)."""
    result: dict[Key, list[AttachedRoute]] = {}
    for key, route in converged.routes.items():
        for parent in route.parents if isinstance(route, HttpRoute) else ():
            result.setdefault(parent.gateway, []).append((key, parent.section))
    return result


def _replaces(new: Listener, old: Listener) -> bool:
    """Whether clients of the old listener find the new one."""
    same = (new.get("port"), new.get("protocol")) == (old.get("port"), old.get("protocol"))
    before, after = (str(each.get("hostname") or "*") for each in (old, new))
    return same and (after == before or (not before.startswith("*") and host_matches(after, before)) or after == "*")


def _closed_listener(
    key: Key, name: str, listener: Listener, hanging: Sequence[AttachedRoute], *, stays: bool
) -> Iterator[GateChange]:
    """An error where a route of the folder hangs on the Gateway; elsewhere nobody here knows what does."""
    hosts = str(listener.get("hostname") or "*")
    what = f"listener {name} of {key} ({listener.get('protocol')} {listener.get('port')}, {hosts})"
    users = list(dict.fromkeys(route for route, section in hanging if section in ("", name)))
    own = bool(hanging) and nested_value(listener, "allowedRoutes", "namespaces", "from") in (None, "Same")
    if stays and users:
        yield GateChange(
            "listener-closed",
            f"{what} is closed or moves: its clients are refused",
            (key, *users),
            "add the new listener beside the old one, move the clients, then remove the old one",
            since=key,
        )
    elif not own:
        yield GateChange(
            "field-unproven",
            f"{what} goes. Not judged: which routes of other folders hang on it",
            (key,),
            "judge it by hand, with the folders whose routes hang on it",
            "warning",
        )
