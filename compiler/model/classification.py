"""The words in which a table classifies the fields of a kind, and the kind itself.

A field is *modeled* (a property of the verifier judges it), *inert* (its source shows that no request, pod or sync
depends on it) or *unjudged* (it may influence what the verifier does not simulate). What no table names is unjudged.
A change of what is unjudged leaves the transition unproven.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def _always(_old: Any, _new: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Modeled:
    """Judged: `by` names the properties, or the parts of the simulation, that read the field."""

    by: str


@dataclass(frozen=True, slots=True)
class Inert:
    """Without influence: `source` is the document, or the project's file and function, that shows it."""

    source: str


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Not judged: `influence` says what a change may do, as "which …" or "whether …".

    `default` is what the API server fills in where nothing is written. `matters` takes the old and the new value and
    says whether this difference can do harm at all: what only adds is often harmless. `alone` says whether
    the field counts also in an object that comes or goes as a whole: what it does to that object's own pods or requests
    harms nobody then. `gated` ones count only where a wave waits for the object. `loss` says of an old and a new
    value what is lost, in words; empty: only that the field changes. `remedy` is what its user can do to know more.
    """

    influence: str
    default: Any = None
    matters: Callable[[Any, Any], bool] = _always
    alone: bool = True
    gated: bool = False
    loss: Callable[[Any, Any], str] | None = None
    remedy: str = ""


Classification = Modeled | Inert | Unjudged


@dataclass(frozen=True, slots=True)
class Items:
    """A list of objects: `of` classifies the fields of each; two are the same one if they agree in the fields `by`.

    `alone` is false where an item that comes or goes as a whole is judged as a whole: its fields count only if they do
    in an object that comes or goes.
    """

    of: Mapping[str, Field]
    by: tuple[str, ...] = ("name",)
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping whose names anybody may choose: `of` classifies each entry by its name."""

    of: Callable[[str], Classification]


Field = Classification | Items | Entries | Mapping[str, "Field"]
FieldTable = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class KindTable:
    """The fields of one kind. `versions` are the API versions that hold the same object.

    `appears` and `goes` classify an object that is in one side only; where they are None, its fields decide, as if
    the other side had none of them. `influence` is what a field may influence that no line of the table names.
    """

    group: str
    kind: str
    versions: tuple[str, ...]
    influence: str
    fields: FieldTable
    appears: Classification | None = None
    goes: Classification | None = None
    sources: tuple[str, ...] = field(default=())
