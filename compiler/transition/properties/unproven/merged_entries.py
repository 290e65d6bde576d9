"""config, and what nobody has proven: lists with one entry twice, which a client-side apply takes for one.

Source: Kubernetes, apimachinery pkg/util/strategicpatch/patch.go `deleteMatchingEntries` (issue 58477); Argo CD, issues
4071 and 18402. Ports are judged by themselves, for there the protocol is no key.
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.repeated_entries import changed_keyed_lists
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "config"
MERGED_APART = "ports"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The lists that change and have such an entry, in objects that a client-side apply merges."""
    change = judged.change
    for key, (_, op) in change.ops.items():
        if op.action != "apply" or key not in change.live.objects or key not in change.target.objects:
            continue
        if not change.options.of_write(change.target.objects[key]) & {"Replace=true", "ServerSideApply=true"}:
            yield from _merged_lists(change, key)


def _merged_lists(change: Change, key: Key) -> Iterator[PropertyBreach]:
    for old, new in changed_keyed_lists(change.live.objects[key], change.target.objects[key]):
        twice = old.repeated or new.repeated
        if twice and new.place[-1] != MERGED_APART:
            yield PropertyBreach(
                "field-unproven",
                PROPERTY,
                f"{key}: {new.field} changes and has {twice} twice: a client-side apply takes the two for one, and "
                "removes both where it removes one. Not judged: what the live object has then",
                (key,),
                "set ServerSideApply=true once no entry is there twice, or Replace=true",
                "warning",
            )
