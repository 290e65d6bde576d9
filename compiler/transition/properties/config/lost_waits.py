"""Objects that go while pods wait for them by a command whenever they start.

Source: kubectl, pkg/cmd/wait (an object that is not there is an error); Kubernetes, init-containers.md (an init
container that fails is run again, and nothing else of the pod before it has ended).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.startup_waits import AWAITED_KINDS, awaited_objects, init_containers
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.order import survives_sync

PROPERTY = "config"
NAMED_KINDS = frozenset(AWAITED_KINDS.values()) - {("", "Service")}
"""A Service that goes is missed by all who call it, which another property says."""


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads whose pods, once they restart, wait for what the commit takes away."""
    change = judged.change
    gone = {key for key in change.ops if key[:2] in NAMED_KINDS and _goes(change, key)}
    for key, workload in change.target.workloads.items() if gone else ():
        for awaited in dict.fromkeys(awaited_objects(init_containers(workload.template), key.namespace)):
            if awaited in gone:
                yield PropertyBreach(
                    "reference-pruned",
                    PROPERTY,
                    f"{awaited} is deleted, and init containers of {key} wait for it: a pod that restarts cannot start",
                    (key, awaited),
                    f"let the pods wait for nothing first, and remove {awaited} in a later commit",
                    cut=change.moment(awaited),
                )


def _goes(change: Change, key: Key) -> bool:
    """Whether it is there before the sync, and not after it: pruned, or a hook that is deleted in the end."""
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    return old is not None and survives_sync(old) and (new is None or not survives_sync(new))
