"""What differs between two forms of an object, field by field, and how its table classifies each difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from compiler.model.classification import Classification, Entries, Field, FieldTable, Inert, Items, Modeled, Unjudged

EMPTY: tuple[Any, ...] = (None, "", [], {})
"""What the API server keeps as nothing."""
IMPLIED: Mapping[str, str] = {"protocol": "TCP"}
"""What tells items apart where they do not say it (Kubernetes, pkg/apis/core/v1/defaults.go)."""


class FieldDifference(NamedTuple):
    """A field that differs: `spec.ports[].name`, its classification (None: no table has it), what it was and is."""

    path: str
    classification: Classification | None
    before: Any
    after: Any


def field_differences(old: Any, new: Any, table: FieldTable, path: str = "") -> Iterator[FieldDifference]:
    """The fields of two mappings that differ; None stands for a mapping that is not there."""
    first, second = _mapping(old), _mapping(new)
    for name in {**first, **second}:
        before, after = first.get(name), second.get(name)
        if before is not after and before != after:
            place = f"{path}.{name}" if path else str(name)
            yield from _differences(before, after, table.get(str(name)), place)


def _differences(old: Any, new: Any, entry: Field | None, path: str) -> Iterator[FieldDifference]:
    if isinstance(entry, Items):
        pairs = list(_paired_items(_sequence(old), _sequence(new), entry.by))
        for before, after in pairs if entry.alone else _with_renamed_item(pairs):
            whole = not entry.alone and (before is None or after is None)
            result = field_differences(before, after, entry.of, f"{path}[]")
            yield from (each for each in result if not (whole and counts_in_changed_objects_only(each)))
    elif isinstance(entry, Entries):
        first, second = _mapping(old), _mapping(new)
        for name in {**first, **second}:
            yield from _entry_differences(first.get(name), second.get(name), entry.of(str(name)), f"{path}.{name}")
    elif isinstance(entry, Mapping):
        yield from field_differences(old, new, entry, path)
    elif not _say_the_same(old, new, entry):
        yield FieldDifference(path, entry, old, new)


def differing_leaves(old: Any, new: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """(path, before, after) of the innermost values that differ between two mappings, or of the two as they are."""
    if not (isinstance(old, dict) and isinstance(new, dict) and old and new):
        yield path, old, new
        return
    for name in {**old, **new}:
        before, after = old.get(name), new.get(name)
        if before != after:
            yield from differing_leaves(before, after, f"{path}.{name}" if path else str(name))


def classified_path(table: FieldTable, path: Sequence[str]) -> Classification | None:
    """The classification of the field at a path, where `[]` is each item of a list; None: of a part, or unknown."""
    entry: Field | None = table
    for part in path:
        if isinstance(entry, Items):
            entry = entry.of if part == "[]" else None
        elif isinstance(entry, Entries):
            entry = entry.of(part)
        elif isinstance(entry, Mapping):
            entry = entry.get(part)
    return entry if isinstance(entry, Modeled | Inert | Unjudged) else None


def _entry_differences(old: Any, new: Any, known: Classification, path: str) -> Iterator[FieldDifference]:
    """The difference of one label or annotation: an empty one is there, and may be all that a controller asks for."""
    default = known.default if isinstance(known, Unjudged) else None
    if old != new and (default is None or not _say_the_same(old, new, known)):
        yield FieldDifference(path, known, old, new)


def _say_the_same(old: Any, new: Any, entry: Classification | None) -> bool:
    """Whether one only writes out what the API server fills in, or keeps as nothing."""
    default = entry.default if isinstance(entry, Unjudged) else None
    first, second = (default if value in EMPTY else value for value in (old, new))
    return bool(first == second)


def _paired_items(old: Sequence[Any], new: Sequence[Any], by: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
    """The items that differ: those that agree in the fields `by` are one item, others come or go whole."""
    first, second = _by_identity(old, by), _by_identity(new, by)
    for name in dict.fromkeys((*first, *second)):
        before, after = first.get(name), second.get(name)
        if before != after:
            yield before, after


def _with_renamed_item(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The pairs; where one item goes and one comes, they are one by another name, such as a container."""
    gone = [before for before, after in pairs if after is None]
    came = [after for before, after in pairs if before is None]
    if len(gone) != 1 or len(came) != 1:
        return list(pairs)
    return [*(pair for pair in pairs if None not in pair), (gone[0], came[0])]


def _by_identity(items: Sequence[Any], by: tuple[str, ...]) -> dict[tuple[str, int], Any]:
    """The items by what tells them apart; of those that agree, by their order."""
    names: dict[tuple[str, int], Any] = {}
    for item in items:
        held, number = _mapping(item), 0
        name = "/".join([str(held.get(part, IMPLIED.get(part))) for part in by])
        while (name, number) in names:
            number += 1
        names[name, number] = item
    return names


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def counts_in_changed_objects_only(difference: FieldDifference) -> bool:
    """Whether the field does nothing to others when all that holds it comes or goes."""
    result = difference.classification
    return isinstance(result, Unjudged) and not result.alone


def is_unjudged(difference: FieldDifference) -> bool:
    """Whether nothing judges the difference, and it is not known to do no harm."""
    result = difference.classification
    return result is None or (isinstance(result, Unjudged) and result.matters(difference.before, difference.after))
