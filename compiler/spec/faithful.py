"""Numbers and booleans that a container reads as text: they must be written as they will be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.source import Document
from compiler.spec.base import text_of

WORD: Final = re.compile(r"[^\s,\[\]{}]+")


def unfaithful(document: Document) -> Iterator[Problem]:
    """A finding for each variable that YAML reads as a number or a boolean, and whose text that would change: `1.10`
    is the number 1.1, `0x1F` is 31 and `True` is true.
    """
    for path in document.positions:
        if is_variable(path):
            value = value_at(document.data, path)
            if isinstance(value, int | float) and text_of(value) != (said := word_at(document, path)):
                message = f"`{path[-1]}` is written {said} and would reach the container as {text_of(value)}"
                yield Problem("variable-rewritten", message, path, "put it into quotes as it stands")


def is_variable(path: Path) -> bool:
    """Whether the spec has a variable's value there: `env: {NAME: …}`, `config: {values: {NAME: …}}`."""
    # by index: every path of every spec comes by, and slices cost twice as much
    return len(path) > 3 and (path[-2] == "env" or (path[-2] == "values" and path[-3] == "config"))


def value_at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def word_at(document: Document, path: Path) -> str:
    """The unquoted word of a value, as it stands in its file."""
    loc = document.locate(path)
    line = document.texts[loc.file].split("\n")[loc.line - 1]
    found = WORD.match(line, loc.column - 1)
    return found.group() if found is not None else ""
