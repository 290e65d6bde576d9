"""What a verdict compared: said where nothing that serves changes, so that "safe" never means "not looked at"."""

from __future__ import annotations

from compiler.model.verdict import Compared
from compiler.transition.classification import differing_fields
from compiler.transition.sync.change import Change


def compared_objects(change: Change, states: int) -> Compared:
    """How many objects the two sides have, how many of them differ, and, without any states, in how many fields."""
    live, target = change.live.objects, change.target.objects
    changed = [key for key in change.ops if live.get(key) != target.get(key)]
    every, before = len({**live, **target}), len(live)
    if states:
        return Compared(every, len(changed), before=before)
    fields = sum(differing_fields(key.group, key.kind, live.get(key), target.get(key)) for key in changed)
    return Compared(every, len(changed), fields, before)
