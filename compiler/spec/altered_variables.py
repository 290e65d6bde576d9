"""Numbers and booleans that a container reads as text: they must be written as they will be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.source import Document
from compiler.spec.base import environment_text

PLAIN_SCALAR: Final = re.compile(r"[^\s,\[\]{}]+")


def altered_variables(document: Document) -> Iterator[Problem]:
    """A finding for each variable that YAML reads as a number or a boolean, and whose text that would change: `1.10`
    is the number 1.1, `0x1F` is 31 and `True` is true.
    """
    for path, value in numeric_variables(document.data):
        if always_written_as(path[-1], environment_text(value), document):
            continue
        if environment_text(value) != (phrases := scalar_text_at(document, path)):
            message = f"`{path[-1]}` is written {phrases}, but the container would get {environment_text(value)}"
            yield Problem("variable-rewritten", message, path, "put the value into quotes as it is")


def numeric_variables(data: Mapping[str, Any], path: Path = ()) -> list[tuple[Path, int | float]]:
    """The numbers and booleans among the variables: `env: {NAME: …}`, `config: {values: {NAME: …}}`."""
    if path[-1:] == ("env",) or path[-2:] == ("config", "values"):
        return [((*path, key), value) for key, value in data.items() if isinstance(value, int | float)]
    below: list[tuple[Path, int | float]] = []
    for key, value in data.items():
        if type(value) is dict and value:
            below += numeric_variables(value, (*path, key))
    return below


def always_written_as(name: str | int, word: str, document: Document) -> bool:
    """Whether the texts have `name: word` wherever they have that name: to ask for its place takes ten times as long.

    Where a backslash stands a name may be written otherwise than it is.
    """
    phrases = re.compile(rf"{re.escape(str(name))}[\"']?\s*:\s*({PLAIN_SCALAR.pattern})")
    texts = document.texts.values()
    return all("\\" not in text for text in texts) and {each for text in texts for each in phrases.findall(text)} == {
        word
    }


def scalar_text_at(document: Document, path: Path) -> str:
    """The unquoted word of a value, as it stands in its file."""
    loc = document.locate(path)
    line = document.texts[loc.file].split("\n")[loc.line - 1]
    match = PLAIN_SCALAR.match(line, loc.column - 1)
    return match.group() if match is not None else ""
