"""What becomes of clients when a Gateway changes: its listeners, whatever routes of the folder hang on them.

Source: Gateway API, apis/v1/gateway_types.go `Listener` (port, protocol, hostname), `AllowedRoutes` (routes of the
Gateway's own namespace by default).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from compiler.model.objects import Key, nested_value
from compiler.model.request import host_matches
from compiler.traffic.gateway_api.detached import detached_routes
from compiler.traffic.gateway_api.gateways import (
    Listener,
    listener_host,
    listener_place,
    listeners_by_name,
    names_listener,
)
from compiler.traffic.gateway_api.routes import GROUP, HttpRoute, ParentRef
from compiler.traffic.reader import ConvergedObjects, GateChange


class AttachedRoute(NamedTuple):
    """A route, the Gateway's listeners on which it wants to hang, and its hosts."""

    key: Key
    parent: ParentRef
    hosts: tuple[str, ...]

    def hosts_on(self, listener: Listener) -> list[str]:
        """The hosts that both the route and the listener are for."""
        served = listener_host(listener)
        narrower = [host for host in self.hosts if host_matches(served, host)]
        return [*narrower, *(served for host in self.hosts if host != served and host_matches(host, served))]


def listener_changes(written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """The listeners that go, and that nothing of the same port and protocol replaces."""
    gateways = [key for key in written if key[:2] == (GROUP, "Gateway") and key in before.objects]
    hanging = _routes_by_gateway(before, after) if gateways else {}
    yield from _ports_of_unknown_listeners(written, before, after)
    for key in gateways:
        new = list(listeners_by_name(after.objects.get(key, {})).values())
        yield from _hosts_taken_over(key, before, after, hanging.get(key, []))
        yield from _conflicting_protocols(key, before, after)
        for name, listener in listeners_by_name(before.objects[key]).items():
            if not any(_replaces(other, listener) for other in new):
                users = hanging.get(key, [])
                yield from _closed_listener(key, name, listener, users, new)
    yield from detached_routes(before, after) if gateways else ()


def _hosts_taken_over(
    key: Key, before: ConvergedObjects, after: ConvergedObjects, hanging: Sequence[AttachedRoute]
) -> Iterator[GateChange]:
    """Listeners that come for hosts which a wider one of the same port has taken, where a route hangs on that alone.

    Whether the wider one still answers for them is up to the implementation (`Listener`: "most specific").
    """
    old_ones, new_ones = (listeners_by_name(side.objects.get(key, {})) for side in (before, after))
    for name, new in new_ones.items():
        if any(
            listener_host(new) == listener_host(old) and listener_place(new) == listener_place(old)
            for old in old_ones.values()
        ):
            continue
        for other, wide in old_ones.items():
            within = _shared_place(wide) == _shared_place(new) and host_matches(listener_host(wide), listener_host(new))
            besides = {each.key for each in hanging if each.parent.section == name}
            passed = wide.get("protocol") != new.get("protocol")
            left = [
                each.key
                for each in hanging
                if each.key not in besides
                and (each.parent.section == other or (passed and names_listener(each.parent, other, wide)))
            ]
            if within and other in new_ones and left:
                yield GateChange(
                    "field-unproven",
                    f"listener {name} of {key} is added for {listener_host(new)}, which listener {other} serves now. "
                    f"Not judged: whether {left[0]}, attached to {other}, still gets these requests",
                    (key, *left),
                    f"attach the route to {name} too",
                    "warning",
                )


def _shared_place(listener: Listener) -> tuple[str, str]:
    """Port and protocol, where connections find their listener by the name that they ask for: HTTPS and TLS are one."""
    protocol = listener.get("protocol")
    return str(listener.get("port")), "TLS" if protocol == "HTTPS" else str(protocol)


def _conflicting_protocols(key: Key, before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """Listeners that come at a port at which another protocol is spoken: none of both is taken (`Conflicted`).

    Source: apis/v1/gateway_types.go `GatewaySpec.Listeners` (no conflicting listener may be picked as the winner).
    """
    old_ones, new_ones = (listeners_by_name(side.objects.get(key, {})) for side in (before, after))
    known = {_shared_place(each) for each in old_ones.values()}
    for name, new in new_ones.items():
        port, protocol = _shared_place(new)
        if (port, protocol) in known or protocol == "UDP":
            continue
        for other, old in old_ones.items():
            if other in new_ones and _shared_place(old)[0] == port and _shared_place(old)[1] != "UDP":
                yield GateChange(
                    "field-unproven",
                    f"listener {name} of {key} is added at port {port} with protocol {new.get('protocol')}, where "
                    f"listener {other} speaks {old.get('protocol')}. Not judged: whether either is still taken",
                    (key,),
                    "give the new listener a port of its own",
                    "warning",
                )


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
                "review the change by hand, together with the Gateway",
                "warning",
            )


def _routes_by_gateway(before: ConvergedObjects, after: ConvergedObjects) -> dict[Key, list[AttachedRoute]]:
    """The routes that want to hang on each Gateway; those that go give up their hosts."""
    result: dict[Key, list[AttachedRoute]] = {}
    for key, route in before.routes.items():
        if isinstance(route, HttpRoute):
            hosts = route.hosts if key in after.routes else ()
            for parent in route.parents:
                result.setdefault(parent.gateway, []).append(AttachedRoute(key, parent, hosts))
    return result


def _replaces(new: Listener, old: Listener) -> bool:
    """Whether clients of the old listener find the new one."""
    if listener_place(new) != listener_place(old):
        return False
    before, after = listener_host(old), listener_host(new)
    return after in (before, "*") or (not before.startswith("*") and host_matches(after, before))


def _closed_listener(
    key: Key, name: str, listener: Listener, hanging: Sequence[AttachedRoute], new: Sequence[Listener]
) -> Iterator[GateChange]:
    """An error where a route of the folder hangs on it for a host that no listener of its place is for any more.

    `new` are the listeners that the Gateway has after the commit.
    """
    what = f"listener {name} of {key} ({listener.get('protocol')} {listener.get('port')}, {listener_host(listener)})"
    beside = [listener_host(each) for each in new if listener_place(each) == listener_place(listener)]
    users = [
        each.key
        for each in hanging
        if names_listener(each.parent, name, listener)
        and any(not any(host_matches(other, host) for other in beside) for host in each.hosts_on(listener))
    ]
    own = bool(hanging) and nested_value(listener, "allowedRoutes", "namespaces", "from") in (None, "Same")
    if users:
        yield GateChange(
            "listener-closed",
            f"{what} is closed or moves: its clients are refused",
            (key, *dict.fromkeys(users)),
            "add the new listener beside the old one, move the clients, then remove the old one",
            since=key,
        )
    elif not own:
        yield GateChange(
            "field-unproven",
            f"{what} is removed. Not judged: which routes of other folders are attached to it",
            (key,),
            "review the change by hand, together with the folders whose routes are attached to it",
            "warning",
        )
