"""Rollouts that come with all that their strategy steers: nobody has had requests there before."""

from __future__ import annotations

from compiler.model.objects import Key
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.sync.change import Change

ROLLOUT = ("argoproj.io", "Rollout")


def steers_only_what_comes(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether a strategy is that of a new Rollout, and names no Service, route or workload that was there before."""
    if key[:2] != ROLLOUT or key in change.live.objects or not difference.field.startswith("spec.strategy."):
        return False
    return all(each.key not in change.live.objects for each in change.target.named.get(key, ()))
