"""accepted, for lists with one entry twice: a server-side apply refuses them.

Source: Kubernetes, structured-merge-diff typed/validate.go ("duplicate entries for key").
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.repeated_entries import keyed_lists
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut, SyncPosition

PROPERTY = "accepted"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects that are written with such a list."""
    change = judged.change
    for key, (place, _) in change.ops.items():
        new = change.target.objects.get(key)
        asked = change.options.of_write(new) if new is not None else frozenset()
        if "ServerSideApply=true" in asked and "Replace=true" not in asked:
            yield from _refused_lists(change, key, place)


def _refused_lists(change: Change, key: Key, place: SyncPosition) -> Iterator[PropertyBreach]:
    """The lists that a server-side apply refuses; what the cluster holds already was applied otherwise."""
    before = _repeated_in(change, key)
    for each in keyed_lists(change.target.objects[key]):
        if each.repeated and each.place not in before:
            yield PropertyBreach(
                "object-refused",
                PROPERTY,
                f"{key}: {each.field} has {each.repeated} twice, which a server-side apply refuses",
                (key,),
                "remove one of the two",
                cut=Cut(place),
            )


def _repeated_in(change: Change, key: Key) -> frozenset[tuple[str, ...]]:
    """The places of such lists in the live object."""
    obj = change.live.objects.get(key)
    return frozenset(each.place for each in keyed_lists(obj) if each.repeated) if obj is not None else frozenset()
