"""The attempt annotation: the smallest change that makes a new commit of the same release."""

from __future__ import annotations

from typing import Final

from compiler.diagnostics.model import Path
from compiler.edit import set_value
from compiler.edit.data import value_or_missing
from compiler.model.frame import ATTEMPT as KEY
from compiler.model.unit import Unit
from compiler.source import parse

ATTEMPT_PATH: Final[Path] = ("metadata", "annotations", KEY)


def with_next_attempt(unit: Unit, text: str) -> tuple[str, str]:
    """The text of the unit's first spec with its attempt counted up, and the attempt's number.

    The annotation stands on the objects themselves, never on pods: nothing is restarted.
    """
    file = unit.members[0].document.file
    held = value_or_missing(parse(text, file).data, ATTEMPT_PATH)
    number = str(int(held) + 1 if isinstance(held, str) and held.isdigit() else 2)
    if isinstance(value_or_missing(parse(text, file).data, ATTEMPT_PATH[:-1]), dict):
        return set_value(text, ATTEMPT_PATH, number, file), number
    return set_value(text, ATTEMPT_PATH[:-1], {ATTEMPT_PATH[-1]: number}, file), number
