"""The attempt annotation: the smallest change that makes a new commit of the same release."""

from __future__ import annotations

from typing import Final

from compiler.diagnostics.model import Path
from compiler.edit import set_value
from compiler.edit.data import value_at
from compiler.objects import ATTEMPT as KEY
from compiler.source import parse
from compiler.units import Unit

ATTEMPT: Final[Path] = ("metadata", "annotations", KEY)


def counted_up(unit: Unit, text: str) -> tuple[str, str]:
    """The text of the unit's first spec with its attempt counted up, and the attempt's number.

    The annotation stands on the objects themselves, never on pods: nothing is restarted.
    """
    file = unit.members[0].document.file
    held = value_at(parse(text, file).data, ATTEMPT)
    number = str(int(held) + 1 if isinstance(held, str) and held.isdigit() else 2)
    if isinstance(value_at(parse(text, file).data, ATTEMPT[:-1]), dict):
        return set_value(text, ATTEMPT, number, file), number
    return set_value(text, ATTEMPT[:-1], {ATTEMPT[-1]: number}, file), number
