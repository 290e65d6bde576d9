"""Finalizers taken out of an object that stays: they do nothing before it is deleted.

Source: Kubernetes, docs/concepts/overview/working-with-objects/finalizers.md.
"""

from __future__ import annotations

from compiler.model.objects import Key
from compiler.transition.classification import UnjudgedDifference
from compiler.transition.sync.change import Change

FIELD = "metadata.finalizers"


def is_finalizer_of_what_stays(change: Change, key: Key, difference: UnjudgedDifference) -> bool:
    """Whether finalizers differ of an object that the sync neither deletes nor creates anew."""
    stays = key in change.live.objects and key in change.target.objects and not change.recreated(key)
    return difference.field == FIELD and stays
