"""capacity, for the steps of a Rollout: the pods that `setCanaryScale` holds must carry what `setWeight` gives them.

Source: Argo Rollouts, utils/replicaset/canary.go (`CalculateReplicaCountsForTrafficRoutedCanary`, `UseSetCanaryScale`):
without such a step, the canary has the pods of its share.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.controllers.rollout import canary_max_unavailable, shares_of_held_canary
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.replicas import converged_replicas

PROPERTY = "capacity"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The updates in which a canary gets a share that is too large for its pods."""
    change = judged.change
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if key.kind != "Rollout" or old is None or old.template is new.template:
            continue
        count = min(converged_replicas(each, change.options, "low") for each in (old, new))
        needed = count - canary_max_unavailable(new, count)
        for step, share, pods in shares_of_held_canary(new, count):
            if 0 < pods < needed * share:
                yield _overload(change, key, (step, share, pods), needed)
                break


def _overload(change: Change, key: Key, held: tuple[int, float, int], needed: int) -> PropertyBreach:
    step, share, pods = held
    return PropertyBreach(
        "capacity-dip",
        PROPERTY,
        f"step {step} of {key} sends {share:.0%} of the requests to {pods} {'pod' if pods == 1 else 'pods'}, as if "
        f"{pods / share:.3g} pods served all of them, and needs {needed}",
        (key,),
        "raise setCanaryScale before the weight, or set matchTrafficWeight: true",
        cut=change.moment(key),
    )
