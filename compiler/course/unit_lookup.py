"""Which unit a verb means."""

from __future__ import annotations

from compiler.course.refusals import unknown_unit, verb_rejection
from compiler.model.compiled import CompiledEnvironment
from compiler.model.unit import Unit, units_of


def unit_named(compiled: CompiledEnvironment, name: str) -> Unit:
    """The release or group of that name. Raises Rejected for a name that is none, and for a member of a group."""
    known = units_of(compiled)
    for unit in known:
        if unit.name == name:
            return unit
    for unit in known:
        if any(member.name == name for member in unit.members):
            message = f"{name} is in the group {unit.name}, whose members move as one"
            raise verb_rejection(
                "course-in-group", message, f"name {unit.shown} instead of {compiled.name}/{name}", unit
            )
    raise unknown_unit(name, sorted(unit.name for unit in known))
