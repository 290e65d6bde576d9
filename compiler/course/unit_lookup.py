"""Which unit a verb means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from compiler.course.refusals import unknown_unit, verb_rejection
from compiler.model.unit import Unit

UnitT = TypeVar("UnitT", bound=Unit)


def unit_named(known: Sequence[UnitT], name: str) -> UnitT:
    """The release or group of that name. Raises Rejected for a name that is none, and for a member of a group."""
    for unit in known:
        if unit.name == name:
            return unit
    for unit in known:
        if any(member.name == name for member in unit.members):
            message = f"{name} is in the group {unit.name}, whose members move together"
            raise verb_rejection(
                "course-in-group", message, f"name {unit.shown} instead of {unit.environment}/{name}", unit
            )
    raise unknown_unit(name, sorted(unit.name for unit in known))
