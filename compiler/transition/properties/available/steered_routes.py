"""available, for what a Rollout writes its shares into: the route's name and the port that it names are there.

Source: Argo Rollouts, rollout/trafficrouting/istio (`ValidateHTTPRoutes`: a route that the VirtualService does not have
makes the Rollout InvalidSpec) and trafficrouting/alb (`servicePort`, that of the root or the stable Service).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"
ISTIO = "networking.istio.io"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Rollouts that name a route of a VirtualService, or a port of a Service, which this commit takes away."""
    change = judged.change
    for key in change.target.of_kind("Rollout"):
        routing = mapping_or_empty(
            nested_value(change.target.objects[key], "spec", "strategy", "canary", "trafficRouting")
        )
        yield from _lost_route_names(change, key, routing.get("istio"))
        yield from _lost_service_port(change, key, mapping_or_empty(routing.get("alb")))


def _lost_route_names(change: Change, key: Key, istio: object) -> Iterator[PropertyBreach]:
    settings = mapping_or_empty(istio)
    for named in (mapping_or_empty(settings.get("virtualService")), *mapping_items(settings.get("virtualServices"))):
        name, _, place = str(named.get("name") or "").partition(".")
        other = Key(ISTIO, "VirtualService", place or key.namespace, name)
        if other in change.ops and other in change.live.objects and other in change.target.objects:
            before, after = (_route_names(side.objects[other]) for side in (change.live, change.target))
            for route in list_or_empty(named.get("routes")):
                if isinstance(route, str) and route in before - after:
                    yield _rollout_without(change, key, other, f"the route {route} of {other}")


def _route_names(virtual_service: Object) -> set[str]:
    return {str(rule.get("name")) for rule in mapping_items(nested_value(virtual_service, "spec", "http"))}


def _lost_service_port(change: Change, key: Key, alb: object) -> Iterator[PropertyBreach]:
    settings = mapping_or_empty(alb)
    canary = mapping_or_empty(nested_value(change.target.objects[key], "spec", "strategy", "canary"))
    name, port = settings.get("rootService") or canary.get("stableService"), settings.get("servicePort")
    other = Key("", "Service", key.namespace, str(name))
    before, after = (side.services.get(other) for side in (change.live, change.target))
    if not isinstance(port, int | str) or before is None or after is None:
        return
    if port in before.ports and port not in after.ports:
        yield _rollout_without(change, key, other, f"port {port} of {other}")


def _rollout_without(change: Change, key: Key, other: Key, what: str) -> PropertyBreach:
    return PropertyBreach(
        "reference-unresolved",
        PROPERTY,
        f"{key} names {what}, which goes: the object becomes Degraded",
        (key, other),
        f"let {key} name the new one in the same commit",
        "warning",
        change.moment(other),
    )
