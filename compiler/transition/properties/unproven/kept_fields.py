"""What the commit changes, and the Application ignores and keeps as it is: the live value stays, for ever.

Source: Argo CD, docs/user-guide/sync-options.md, "Respect ignore difference configs"; controller/sync.go
`normalizeTargetResources`.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.ignored_fields import IgnoredField, ignored_values

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The fields that differ and are not written."""
    change = judged.change
    for key in change.ops if change.options.ignored else ():
        if key in change.live.objects and key in change.target.objects and not change.recreated(key):
            kept = dict.fromkeys(
                each.field for each in change.options.ignored if _keeps_another_value(change, key, each)
            )
            if kept:
                yield _kept_breach(key, ", ".join(kept))


def _keeps_another_value(change: Change, key: Key, ignored: IgnoredField) -> bool:
    if not ignored.covers(key):
        return False
    old, new = (ignored_values(side.objects[key], ignored.path) for side in (change.live, change.target))
    return old != new  # what the live object does not have is taken out of the manifest too (`normalizedTarget`)


def _kept_breach(key: Key, fields: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{key}: {fields} changes, but the Application ignores it and syncs with RespectIgnoreDifferences: the live "
        "value stays. Not judged: what the rest of the commit does beside the old value",
        (key,),
        "take the field out of ignoreDifferences, or leave it as it is",
        "warning",
    )
