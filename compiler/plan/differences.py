"""What a commit changes, object by object: a semantic difference of two published trees."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from compiler.diagnostics.model import Rejected
from compiler.model.manifest import Object
from compiler.model.plan import FieldChange, ObjectChange
from compiler.plan.fields import field_changes
from compiler.plan.item_labels import has_hash, hash_stem
from compiler.plan.masking import is_secret, masked_object, secret_paths, without_last_applied
from compiler.plan.states import parsed_file
from compiler.tree.yaml import emit

UNREADABLE = "unreadable file"
MAX_SHOWN_FILES: Final = 1000
"""Files that are kept as items: a plan compares each step of a unit with the one before, and the way back with both."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One object of one side; `data` None: the file is no YAML, and its bytes are all there is."""

    file: str
    kind: str
    namespace: str
    name: str
    data: Object | None
    content: bytes

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.kind, self.namespace, self.name

    @property
    def pair(self) -> tuple[str, str, str]:
        return self.kind, self.namespace, hash_stem(self.name)


def object_changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[ObjectChange, ...]:
    """The objects in which two trees (contents by path) differ, ordered by path.

    Only `*.yaml` files count: indexes and the README are not objects. Objects are matched by kind, namespace and
    name; those whose names differ only in a content's hash (`web-config-46cdf12f94`) are paired as `replace`. Values
    of secrets are masked in all that is returned. A file that is no YAML is one object of the kind
    `unreadable file`, of which nothing is shown, for it may hold anything.
    """
    paths = [path for path in {**before, **after} if path.endswith(".yaml") and before.get(path) != after.get(path)]
    old, new = _tree_items(before, paths), _tree_items(after, paths)
    changes = [change for key in new.keys() & old.keys() for change in _changed_object(old[key], new[key])]
    gone = [item for key, item in old.items() if key not in new]
    come = [item for key, item in new.items() if key not in old]
    changes += _replaced_added_deleted(gone, come)
    return tuple(sorted(changes, key=lambda change: (change.file, change.kind, change.name, change.action)))


def _tree_items(tree: Mapping[str, bytes], paths: Iterable[str]) -> dict[tuple[str, str, str], _Item]:
    names: dict[tuple[str, str, str], _Item] = {}
    for path in paths:
        if path in tree:
            for item in _parsed_items(path, tree[path]):
                names.setdefault(item.identity, item)
    return names


@lru_cache(maxsize=MAX_SHOWN_FILES)
def _parsed_items(path: str, content: bytes) -> tuple[_Item, ...]:
    return tuple(_items_of_file(path, content))


def _items_of_file(path: str, content: bytes) -> Iterator[_Item]:
    try:
        documents = parsed_file(path, content.decode("utf-8"))
    except (Rejected, UnicodeDecodeError):
        yield _Item(path, UNREADABLE, "", path, None, content)
        return
    objects = [obj for document in documents for obj in _flattened_lists(document.data)]
    for obj in objects:
        metadata = obj.get("metadata")
        facts = metadata if isinstance(metadata, dict) else {}
        shown = content if len(objects) == 1 else b""
        name, namespace = str(facts.get("name", "")), str(facts.get("namespace", ""))
        yield _Item(path, str(obj.get("kind", "")), namespace, name, obj, shown)


def _flattened_lists(data: Any) -> Iterator[Object]:
    if not isinstance(data, dict):
        return
    if str(data.get("kind", "")).endswith("List") and isinstance(data.get("items"), list):
        for item in data["items"]:
            yield from _flattened_lists(item)
    else:
        yield data


def _changed_object(old: _Item, new: _Item) -> Iterator[ObjectChange]:
    if old.data is None or new.data is None:
        if old.content != new.content:
            yield ObjectChange("change", new.kind, new.name, new.file)
        return
    fields = _field_differences(old.data, new.data)
    if fields:
        before, after = _displayed_file(old, None), _displayed_file(new, old)
        yield ObjectChange("change", new.kind, new.name, new.file, None, fields, before, after)


def _field_differences(old: Object, new: Object) -> tuple[FieldChange, ...]:
    """The fields that differ; below a secret's data only which keys do."""
    hidden = secret_paths(str(new.get("kind")))
    changes = field_changes(without_last_applied(old), without_last_applied(new)) if hidden else field_changes(old, new)
    return tuple(_concealed(change, hidden) for change in changes if change.path != "metadata.name")


def _concealed(change: FieldChange, hidden: Sequence[str]) -> FieldChange:
    if not hidden:
        return change
    inside = any(change.path == place or change.path.startswith((f"{place}.", f"{place}[")) for place in hidden)
    if not inside:
        return change
    return replace(change, before=_secret_presence(change.before), after=_secret_presence(change.after), secret=True)


def _secret_presence(value: Any) -> Any:
    """Of a secret: its keys, or that it is there."""
    if isinstance(value, dict):
        return sorted(value)
    return None if value is None else "(hidden)"


def _replaced_added_deleted(gone: Sequence[_Item], come: Sequence[_Item]) -> Iterator[ObjectChange]:
    waiting: dict[tuple[str, str, str], list[_Item]] = defaultdict(list)
    for item in gone:
        waiting[item.pair].append(item)
    for item in come:
        candidates = waiting[item.pair] if has_hash(item.name) else []
        partner = next((other for other in candidates if has_hash(other.name)), None)
        if partner is None or partner.data is None or item.data is None:
            yield _single_change("add", item)
            continue
        waiting[item.pair].remove(partner)
        fields = _field_differences(partner.data, item.data)
        before, after = _displayed_file(partner, None), _displayed_file(item, partner)
        yield ObjectChange("replace", item.kind, item.name, item.file, partner.name, fields, before, after)
    for item in (item for items in waiting.values() for item in items):
        yield _single_change("delete", item)


def _single_change(action: Any, item: _Item) -> ObjectChange:
    content = _displayed_file(item, None)
    before, after = (content, None) if action == "delete" else (None, content)
    return ObjectChange(action, item.kind, item.name, item.file, None, (), before, after)


def _displayed_file(item: _Item, other: _Item | None) -> bytes | None:
    """The file as a reader may see it."""
    if item.data is None:
        return None
    if is_secret(item.data):
        return emit(masked_object(item.data, other.data if other is not None else None))
    return item.content or emit(item.data)
