"""accepted, and what nobody has proven: lists with one entry twice, which an apply refuses or takes for one.

Source: Kubernetes, structured-merge-diff typed/validate.go ("duplicate entries for key", of a server-side apply);
apimachinery pkg/util/strategicpatch/patch.go `deleteMatchingEntries` (of a client-side one, issue 58477); Argo CD,
issues 4071 and 18402. Ports are judged by themselves, for there the protocol is no key.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.repeated_entries import changed_keyed_lists, keyed_lists
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change, Cut, SyncPosition

PROPERTY = "accepted"
MERGED_APART = "ports"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The objects that are written with such a list, or over one."""
    change = judged.change
    for key, (place, op) in change.ops.items():
        new = change.target.objects.get(key)
        if new is None:
            continue
        asked = change.options.of_write(new)
        if "Replace=true" in asked:
            continue
        if "ServerSideApply=true" in asked:
            yield from _refused_lists(change, key, place)
        elif op.action == "apply" and key in change.live.objects:
            yield from _merged_lists(change, key)


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


def _merged_lists(change: Change, key: Key) -> Iterator[PropertyBreach]:
    for old, new in changed_keyed_lists(change.live.objects[key], change.target.objects[key]):
        twice = old.repeated or new.repeated
        if twice and new.place[-1] != MERGED_APART:
            yield PropertyBreach(
                "field-unproven",
                "config",
                f"{key}: {new.field} changes and has {twice} twice: a client-side apply takes the two for one, and "
                "removes both where it removes one. Not judged: what the live object has then",
                (key,),
                "set ServerSideApply=true once no entry is there twice, or Replace=true",
                "warning",
            )


def _repeated_in(change: Change, key: Key) -> frozenset[tuple[str, ...]]:
    """The places of such lists in the live object."""
    obj = change.live.objects.get(key)
    return frozenset(each.place for each in keyed_lists(obj) if each.repeated) if obj is not None else frozenset()
