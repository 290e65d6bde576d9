"""Which member of a union was meant: pydantic reports what each of them lacks, a reader wants the nearest one's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from compiler.diagnostics.model import Path

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Members = dict[str | int, dict[int, "ErrorDetails"]]
"""By each member of a union the errors that speak of it, each with its number among all."""


def closest_member_errors(errors: Sequence[ErrorDetails], data: Any) -> list[ErrorDetails]:
    """The errors without those of union members that a map in the document was not meant to be."""
    unions: dict[Path, Members] = {}
    for number, error in enumerate(errors):
        for place, member in chosen_members(error, data):
            unions.setdefault(place, {}).setdefault(member, {})[number] = error
    dropped = {number for members in unions.values() if len(members) > 1 for number in less_likely_errors(members)}
    return [error for number, error in enumerate(errors) if number not in dropped]


def chosen_members(error: ErrorDetails, data: Any) -> list[tuple[Path, str | int]]:
    """Where the error's `loc` names a union's member, and which: those parts are not in the document."""
    parts = error["loc"][:-1] if error["type"] == "missing" else error["loc"]
    names: list[tuple[Path, str | int]] = []
    path: list[str | int] = []
    for part in parts:
        in_list = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if in_list or (isinstance(data, dict) and part in data):
            data = data[part]
            path.append(part)
        elif isinstance(data, dict):
            names.append((tuple(path), part))
    return names


def less_likely_errors(members: Members) -> list[int]:
    """The numbers of the errors of all members but the likeliest: that knows most of the keys, then lacks least."""
    # what takes no map at all is wrong as a whole, at the member itself
    every = {member: list(errors.values()) for member, errors in members.items()}
    maps = {member: errors for member, errors in every.items() if errors[0]["loc"][-1] != member}
    if not maps:
        return []
    best = min(maps, key=lambda member: (unknown_keys(maps[member]), len(maps[member])))
    return [number for member, errors in members.items() if member != best for number in errors]


def unknown_keys(errors: Sequence[ErrorDetails]) -> int:
    return sum(error["type"] == "extra_forbidden" for error in errors)
