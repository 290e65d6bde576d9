"""available, for the listeners of Gateways: what clients connect to stays open, at its port, for its hosts.

Source: Gateway API, apis/v1/gateway_types.go `Listener` (port, protocol, hostname), `AllowedRoutes` (routes of the
Gateway's own namespace by default). Which listener takes a route of the folder is judged with the route's requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, nested_value
from compiler.model.request import host_matches
from compiler.traffic.gateway_api.gateways import listeners_by_name
from compiler.traffic.gateway_api.routes import HttpRoute
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"
GROUP = "gateway.networking.k8s.io"
Listener = Mapping[str, Any]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The listeners that go, and that nothing of the same port and protocol replaces."""
    change = judged.change
    for key in change.ops:
        if (key.group, key.kind) == (GROUP, "Gateway") and key in change.live.objects:
            new = list(listeners_by_name(change.target.objects.get(key, {})).values())
            for name, listener in listeners_by_name(change.live.objects[key]).items():
                if not any(_replaces(other, listener) for other in new):
                    yield from _closed_listener(change, key, name, listener)


def _replaces(new: Listener, old: Listener) -> bool:
    """Whether clients of the old listener find the new one."""
    same = (new.get("port"), new.get("protocol")) == (old.get("port"), old.get("protocol"))
    before, after = (str(each.get("hostname") or "*") for each in (old, new))
    return same and (after == before or (not before.startswith("*") and host_matches(after, before)) or after == "*")


def _closed_listener(change: Change, key: Key, name: str, listener: Listener) -> Iterator[PropertyBreach]:
    """An error where a route of the folder hangs on the Gateway; elsewhere nobody here knows what does."""
    hosts = str(listener.get("hostname") or "*")
    what = f"listener {name} of {key} ({listener.get('protocol')} {listener.get('port')}, {hosts})"
    routes = [(route, facts.parents) for route, facts in change.live.routes.items() if isinstance(facts, HttpRoute)]
    sections = {route: {p.section for p in parents if p.gateway == key} for route, parents in routes}
    users = [route for route, names in sections.items() if names & {"", name}]
    own = nested_value(listener, "allowedRoutes", "namespaces", "from") in (None, "Same") and any(sections.values())
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
