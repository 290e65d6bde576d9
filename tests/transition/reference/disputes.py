"""Who writes the replicas of a workload: a manifest and an HPA that do not agree."""

from __future__ import annotations

from typing import Any

from tests.transition.reference.metadata import Key, sync_options
from tests.transition.reference.model import World
from tests.transition.reference.workloads import HPA, Scaler


def comes_to_dispute(first: dict[Key, Any], last: dict[Key, Any], key: Key) -> bool:
    """Whether Argo CD and an HPA come to write a workload's replicas against each other, once or at each sync."""
    old, new = first.get(key), last.get(key)
    if new is None or not scalers(last, key):
        return False
    if old is not None and old.written is not None and new.written is None:
        return True  # it is reset to 1 until the HPA corrects that
    return disputed(last, key) and not (old is not None and old.written == new.written and disputed(first, key))


def is_reset(world: World, key: Key) -> bool:
    """Whether each sync replaces a workload, and so resets the count that nobody says until its HPA corrects that."""
    form = world.forms[world.last].get(key)
    unsaid = form is not None and form.written is None and bool(scalers(world.forms[world.last], key))
    return unsaid and key in world.forms[0] and "Replace=true" in sync_options(world.raw[world.last][key])


def disputed(forms: dict[Key, Any], key: Key) -> bool:
    """Whether a commit says a count, and the HPA may want another."""
    written = forms[key].written
    return bool(written) and any(not each.low == each.high == written for each in scalers(forms, key))


def scalers(forms: dict[Key, Any], key: Key) -> list[Scaler]:
    return [each for name, each in forms.items() if name[0] == HPA and each.target == key]
