"""available, for what serves and becomes a hook: Argo CD deletes it once its phase has succeeded.

Source: Argo CD gitops-engine, pkg/sync/sync_context.go `Sync` (`HookSucceeded` deletes at the end of the phase).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.traffic.readers import gate_readers
from compiler.transition.properties.config import last_moment
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.order import survives_sync

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Live Services, workloads, routes and gates that are hooks from now on, and are deleted by their own success."""
    change = judged.change
    for key in change.ops:
        if _becomes_deleted(change, key) and _serves(change, key):
            yield PropertyBreach(
                "hook-deleted",
                PROPERTY,
                f"{key} becomes a hook that is deleted once it has succeeded",
                (key,),
                "leave out the hook annotation, or the deletion policy HookSucceeded",
                cut=last_moment(change),
            )


def _becomes_deleted(change: Change, key: Key) -> bool:
    old, new = change.live.objects.get(key), change.target.objects.get(key)
    return old is not None and new is not None and survives_sync(old) and not survives_sync(new)


def _serves(change: Change, key: Key) -> bool:
    live = change.live
    parts = (live.services, live.workloads, live.routes)
    return any(key in part for part in parts) or key[:2] in gate_readers()
