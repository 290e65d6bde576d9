"""What differs between two objects, field by field: lists by what names their items, reorderings as such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from compiler.model.plan import FieldChange
from compiler.plan.item_labels import item_labels

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 400  # items of a list that are compared with each other; longer ones are compared as wholes
_PER_KEY_FIELDS = frozenset({"annotations", "labels"})  # whole or in part, people speak of the keys in them


class _Absent:
    """Not there, which is not the same as null."""


_ABSENT: Final = _Absent()


def field_changes(before: Any, after: Any) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of `after`, what is gone last among its siblings.

    An explicit null is written `"null"`, for None stands for what is not there.
    """
    return tuple(_compare("", "", before, after))


def child_path(path: str, key: str) -> str:
    """The path one key down: `spec.replicas`; keys with other signs in brackets: `annotations[a.example/b]`."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def _compare(path: str, field: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if type(before) is type(after):
        if before == after and not _has_bool_twin(before, after):
            return
        if isinstance(before, dict):
            yield from _map_changes(path, before, after)
            return
        if isinstance(before, list):
            yield from _list_changes(path, field, before, after)
            return
    if field in _PER_KEY_FIELDS and (isinstance(before, dict) or isinstance(after, dict)):
        sides = [side if isinstance(side, dict) else {} for side in (before, after)]
        yield from _map_changes(path, sides[0], sides[1])
        return
    yield FieldChange(path, _displayed_value(before), _displayed_value(after))


def _has_bool_twin(before: Any, after: Any) -> bool:
    """Whether equality hides a change of type deep inside: Python takes 1 for True and for 1.0."""
    if isinstance(before, dict):
        return any(
            type(value) is not type(after[key]) or _has_bool_twin(value, after[key]) for key, value in before.items()
        )
    if isinstance(before, list):
        return any(type(a) is not type(b) or _has_bool_twin(a, b) for a, b in zip(before, after, strict=True))
    return False


def _displayed_value(value: Any) -> Any:
    if isinstance(value, _Absent):
        return None
    return "null" if value is None else value


def _map_changes(path: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[FieldChange]:
    for key, value in after.items():
        yield from _compare(child_path(path, key), key, before.get(key, _ABSENT), value)
    for key, value in before.items():
        if key not in after:
            yield from _compare(child_path(path, key), key, value, _ABSENT)


def _list_changes(path: str, field: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[FieldChange]:
    labels = item_labels(field, before, after)
    if labels is not None:
        yield from _named_item_changes(path, before, after, labels)
    elif _reordered(before, after):
        yield FieldChange(path, list(before), list(after), moved=True)
    elif max(len(before), len(after)) > _LONGEST or not _holds_containers(before, after):
        yield FieldChange(path, list(before), list(after))
    else:
        yield from _unnamed_item_changes(path, before, after)


def _holds_containers(before: Sequence[Any], after: Sequence[Any]) -> bool:
    return all(isinstance(item, dict | list) for item in (*before, *after))


def _reordered(before: Sequence[Any], after: Sequence[Any]) -> bool:
    if len(before) != len(after) or len(before) > _LONGEST:
        return False
    return sorted(map(repr, before)) == sorted(map(repr, after))


def _named_item_changes(
    path: str, before: Sequence[Any], after: Sequence[Any], labels: Sequence[Sequence[str]]
) -> Iterator[FieldChange]:
    old, new = dict(zip(labels[0], before, strict=True)), dict(zip(labels[1], after, strict=True))
    kept_before = [label for label in old if label in new]
    kept_after = [label for label in new if label in old]
    if kept_before != kept_after:
        yield FieldChange(path, kept_before, kept_after, moved=True)
    for label, value in new.items():
        yield from _compare(f"{path}[{label}]", "", old.get(label, _ABSENT), value)
    for label, value in old.items():
        if label not in new:
            yield from _compare(f"{path}[{label}]", "", value, _ABSENT)


def _unnamed_item_changes(path: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[FieldChange]:
    """Items that nothing names: equal ones are paired wherever they stand, the others in their order."""
    matcher = SequenceMatcher(None, [repr(item) for item in before], [repr(item) for item in after], autojunk=False)
    for _, old, old_end, new, new_end in (block for block in matcher.get_opcodes() if block[0] != "equal"):
        for offset in range(max(old_end - old, new_end - new)):
            was = before[old + offset] if old + offset < old_end else _ABSENT
            now = after[new + offset] if new + offset < new_end else _ABSENT
            index = new + offset if new + offset < new_end else old + offset
            yield from _compare(f"{path}[{index}]", "", was, now)
