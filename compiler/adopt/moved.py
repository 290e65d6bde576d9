"""Whether a source still is what its receipt was written of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.adopt.read import RunningSource, source_digest_data
from compiler.adopt.receipt import data_digest
from compiler.diagnostics.model import Loc


@dataclass(frozen=True, slots=True)
class MovedObject:
    """An object of the source that is not as the receipt has it: what became of it, and where it stands now."""

    object: str
    what: str
    loc: Loc | None = None


def source_digests(source: RunningSource) -> dict[str, str]:
    """The digest of each object of the source, by its key."""
    everything = [*source.objects, *(each.source for each in source.beside)]
    return {key: data_digest(obj) for key, obj in sorted(source_digest_data(everything).items())}


def moved_objects(source: RunningSource, recorded: Mapping[str, Any]) -> Iterator[MovedObject]:
    """Every object that was added, removed or changed since the receipt with these digests."""
    now = source_digests(source)
    places = {str(each.key): each.loc for each in source.objects}
    for key in sorted({*now, *recorded}):
        if key not in recorded:
            yield MovedObject(key, "is new", places.get(key))
        elif key not in now:
            yield MovedObject(key, "is gone")
        elif now[key] != recorded[key]:
            yield MovedObject(key, "has changed", places.get(key))
