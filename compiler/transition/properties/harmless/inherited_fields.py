"""Fields that a new route leaves out, and that routes of the same hosts say for it."""

from __future__ import annotations

from compiler.model.objects import Key
from compiler.traffic.readers import readers_by_kind
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.sync.change import Change


def takes_from_others(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether the difference is between a route that stays and a new one beside it, for which it says the field."""
    reader = readers_by_kind().get(key[:2])
    if reader is None or key in change.live.objects or difference.after is not None:
        return False
    stay = (each for each in change.live.routes if each[:2] == key[:2] and each in change.target.routes)
    others = (change.target.objects[each] for each in stay)
    return reader.inherits(change.target.objects[key], difference.field, difference.before, others)
