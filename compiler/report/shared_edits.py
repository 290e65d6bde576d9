"""One edit that is made in many places, shown once, with the places where it differs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from compiler.model.plan import EnvironmentPlan, FieldChange, ObjectChange
from compiler.report.phrases import edit_text

_CONTAINER = re.compile(r"\b(containers|initContainers)\[[^\]]*\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")
MIN_PLACES: Final = 5
EditKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EditLocation:
    """An object of a plan: `prod/web`, `Deployment web-blue`."""

    unit: str
    object: str


@dataclass(frozen=True, slots=True)
class SharedEdit:
    """One edit of one field of one kind, where it is made, and where the field changes in another way."""

    kind: str
    path: str
    text: str
    places: tuple[EditLocation, ...]
    exceptions: tuple[tuple[EditLocation, str], ...]

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.unit for place in self.places))


@dataclass(frozen=True, slots=True)
class SharedEdits:
    """The shared edits, and which fields they cover: they are not repeated at their objects."""

    edits: tuple[SharedEdit, ...]
    covered: frozenset[tuple[str, str, str]]

    def own(self, change: ObjectChange, unit: str) -> tuple[FieldChange, ...]:
        """The fields of a change of this unit that only it has."""
        return tuple(field for field in change.fields if (change.kind, *_signature(field, unit)) not in self.covered)


def find_shared_edits(environments: Sequence[EnvironmentPlan]) -> SharedEdits:
    """Edits made alike in at least two environments, or in at least five releases or groups."""
    places: dict[tuple[str, str, str], list[tuple[str, EditLocation]]] = defaultdict(list)
    by_field: dict[EditKey, list[tuple[EditLocation, str]]] = defaultdict(list)
    for environment, place, change, field in _located_fields(environments):
        path, text = _signature(field, place.unit.partition("/")[2])
        places[change.kind, path, text].append((environment, place))
        by_field[change.kind, path].append((place, text))
    shared = [key for key, where in places.items() if _is_widespread(where)]
    edits = [_shared_edit(key, [place for _, place in places[key]], by_field[key[:2]], set(shared)) for key in shared]
    edits.sort(key=lambda each: -len(each.places))
    return SharedEdits(tuple(edits), frozenset(shared))


def _located_fields(
    environments: Sequence[EnvironmentPlan],
) -> Iterator[tuple[str, EditLocation, ObjectChange, FieldChange]]:
    for environment in environments:
        for unit in environment.units:
            for change in unit.changes:
                place = EditLocation(f"{environment.name}/{unit.name}", f"{change.kind} {change.name}")
                for field in change.fields:
                    yield environment.name, place, change, field


def _signature(field: FieldChange, unit: str) -> tuple[str, str]:
    """The path with `*` for the unit's own name, for one edit of many units; and the edit in words."""
    path = _CONTAINER.sub(r"\1[*]", field.path)
    if "[" in path and unit in path:
        path = _BRACKETS.sub(lambda brackets: brackets[0].replace(unit, "*"), path)
    return path, edit_text(field)


def _is_widespread(where: Sequence[tuple[str, EditLocation]]) -> bool:
    return len({name for name, _ in where}) > 1 or len({place.unit for _, place in where}) >= MIN_PLACES


def _shared_edit(
    key: tuple[str, str, str],
    places: Sequence[EditLocation],
    same_field: Sequence[tuple[EditLocation, str]],
    shared: set[tuple[str, str, str]],
) -> SharedEdit:
    """Exceptions are limited to releases with the names of the edit's own, in any environment."""
    kind, path, text = key
    names = {place.unit.partition("/")[2] for place in places}
    exceptions = [
        (place, other)
        for place, other in same_field
        if other != text and (kind, path, other) not in shared and place.unit.partition("/")[2] in names
    ]
    return SharedEdit(kind, path, text, tuple(places), tuple(exceptions))
