"""Entries that a list of a manifest has twice, where Kubernetes tells its entries apart by keys.

Source: Kubernetes, api/openapi-spec (`x-kubernetes-list-map-keys`, `x-kubernetes-patch-merge-key`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from compiler.assemble.strategic_merge import are_items, fields_of, item_key, merge_definitions
from compiler.model.manifest import Object

Fields = Mapping[str, Any]


class KeyedList(NamedTuple):
    """A list of a manifest: its place, with the keys of entries on the way, its entries and their keys."""

    place: tuple[str, ...]
    entries: Sequence[Fields]
    keys: tuple[tuple[str, ...], ...]

    @property
    def repeated(self) -> str:
        """The key of the first entry that it has twice; empty: none."""
        if len(set(self.keys)) == len(self.keys):
            return ""
        return "/".join(next(key for key, count in Counter(self.keys).items() if count > 1))

    @property
    def field(self) -> str:
        """Where it stands, as messages write it."""
        return ".".join(self.place)

    def place_of(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """Where its entry of this key stands."""
        return (*self.place[:-1], f"{self.place[-1]}[{'/'.join(key)}]")


def keyed_lists(obj: Object) -> Iterator[KeyedList]:
    """The lists of an object whose entries have keys."""
    return _lists_below(obj, _definition_of(obj), ())


def changed_keyed_lists(old: Object, new: Object) -> Iterator[tuple[KeyedList, KeyedList]]:
    """The lists with keys that two forms of an object have in one place and that differ there."""
    return _changes_below(old, new, _definition_of(new), ())


def _definition_of(obj: Object) -> str:
    return str(merge_definitions()["kinds"].get(f"{obj.get('apiVersion')} {obj.get('kind')}", ""))


def _lists_below(value: Fields, definition: str, place: tuple[str, ...]) -> Iterator[KeyedList]:
    for name, (below, keys) in fields_of(definition).items():
        inner = value.get(name)
        if isinstance(inner, dict):
            yield from _lists_below(inner, below, (*place, name))
        elif keys and inner and are_items(inner):
            own = _keyed_list((*place, name), inner, keys)
            yield own
            for item, key in zip(inner, own.keys, strict=True) if fields_of(below) else ():
                yield from _lists_below(item, below, own.place_of(key))


def _changes_below(
    old: Fields, new: Fields, definition: str, place: tuple[str, ...]
) -> Iterator[tuple[KeyedList, KeyedList]]:
    known_fields = fields_of(definition)
    for name, after in new.items():
        before = old.get(name)
        if name not in known_fields or before == after:
            continue
        below, keys = known_fields[name]
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _changes_below(before, after, below, (*place, name))
        elif keys and before and after and are_items(before) and are_items(after):
            first, second = (_keyed_list((*place, name), each, keys) for each in (before, after))
            yield first, second
            known = dict(zip(first.keys, before, strict=True)) if fields_of(below) else {}
            for item, key in zip(after, second.keys, strict=True) if known else ():
                if key in known:
                    yield from _changes_below(known[key], item, below, second.place_of(key))


def _keyed_list(place: tuple[str, ...], entries: Sequence[Fields], keys: Sequence[str]) -> KeyedList:
    return KeyedList(place, entries, tuple(item_key(item, keys) for item in entries))
