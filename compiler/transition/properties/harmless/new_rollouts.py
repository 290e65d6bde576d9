"""Rollouts that come with all that their strategy steers: nobody has had requests there before."""

from __future__ import annotations

from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.sync.change import Change

ROLLOUT = ("argoproj.io", "Rollout")
READ_ROUTING = frozenset({"alb", "istio", "managedRoutes", "maxTrafficWeight", "nginx", "plugins", "traefik"})
"""What says which routes a Rollout writes to, as `facts.named_objects` reads it, or says nothing of them."""
READ_PLUGINS = frozenset({"argoproj-labs/gatewayAPI"})


def steers_only_what_comes(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a strategy is that of a new Rollout, and names no Service, route or workload that was there before."""
    if key[:2] != ROLLOUT or key in change.live.objects or not difference.field.startswith("spec.strategy."):
        return False
    routing = mapping_or_empty(nested_value(change.target.objects[key], "spec", "strategy", "canary", "trafficRouting"))
    read = routing.keys() <= READ_ROUTING and mapping_or_empty(routing.get("plugins")).keys() <= READ_PLUGINS
    return read and all(each.key not in change.live.objects for each in change.target.named.get(key, ()))
