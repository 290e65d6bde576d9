"""What differs between the two sides of one object that nothing judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from compiler.transition.classification.compare import FieldDifference, field_differences, is_unproven
from compiler.transition.classification.fields import Classification, FieldTable, Inert, KindTable, Modelled, Unproven
from compiler.transition.classification.registry import classified_kind
from compiler.transition.classification.shared.metadata import METADATA

Object = Mapping[str, Any]
VERSION = "in which form the API server takes the object, if it does"
IDENTITY: FieldTable = {
    "apiVersion": Modelled("the object's identity"),
    "kind": Modelled("the object's identity"),
    "status": Inert("Kubernetes, api-conventions.md: written by controllers, and left out of what is applied"),
}


class UnprovenDifference(NamedTuple):
    """What nothing judges: a field (empty: the whole object), and what it may influence."""

    field: str
    influence: str
    before: Any = None
    after: Any = None


def unproven_differences(group: str, kind: str, old: Object | None, new: Object | None) -> Iterator[UnprovenDifference]:
    """What of the change from `old` to `new` is unproven; None: there is no such object."""
    known = classified_kind(group, kind)
    if isinstance(known, Unproven):
        yield from _of_a_whole(known, old, new)
    elif isinstance(known, KindTable):
        whole = _whole_classification(known, old, new)
        if isinstance(whole, Unproven):
            yield UnprovenDifference("", whole.influence)
        elif whole is None:
            yield from _of_fields(known, old, new)


def _of_a_whole(known: Unproven, old: Object | None, new: Object | None) -> Iterator[UnprovenDifference]:
    """The object itself, or, where only its metadata differ, those of them that matter."""
    if old is None or new is None or _without_metadata(old) != _without_metadata(new):
        yield UnprovenDifference("", known.influence, old, new)
        return
    for difference in field_differences(old.get("metadata"), new.get("metadata"), METADATA, "metadata"):
        if is_unproven(difference):
            yield _named(difference, known.influence)


def _without_metadata(obj: Object) -> dict[str, Any]:
    return {name: value for name, value in obj.items() if name not in ("metadata", "status")}


def _whole_classification(table: KindTable, old: Object | None, new: Object | None) -> Classification | None:
    if old is None:
        return table.appears
    return table.goes if new is None else None


def _of_fields(table: KindTable, old: Object | None, new: Object | None) -> Iterator[UnprovenDifference]:
    if old is not None and new is not None and not _hold_the_same(table, old, new):
        yield UnprovenDifference("apiVersion", VERSION, old.get("apiVersion"), new.get("apiVersion"))
    for difference in field_differences(old, new, {**IDENTITY, **table.fields}):
        found = difference.classification
        harmless = old is None and isinstance(found, Unproven) and not found.new
        if is_unproven(difference) and not harmless:
            yield _named(difference, table.influence)


def _hold_the_same(table: KindTable, old: Object, new: Object) -> bool:
    versions = {old.get("apiVersion"), new.get("apiVersion")}
    return len(versions) == 1 or versions <= set(table.versions)


def _named(difference: FieldDifference, otherwise: str) -> UnprovenDifference:
    found = difference.classification
    influence = found.influence if isinstance(found, Unproven) else otherwise
    return UnprovenDifference(difference.path, influence, difference.before, difference.after)
