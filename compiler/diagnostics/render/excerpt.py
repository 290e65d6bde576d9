"""The line of a file that a finding speaks of, with its number and a caret below the place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compiler.diagnostics.model import Loc
from compiler.diagnostics.render.cells import printed_cells

_BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what libyaml counts as the end of a line
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|' r"'(?:[^']|'')*'|" r"[^\s,\[\]{}:]+(?::(?=\S)[^\s,\[\]{}:]*)*")
_USER_OF_URL = re.compile(r"(?<=://)[^\s/@]+(?=@)")
_WIDEST = 110
_BEFORE_CARET = 60


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line as it is shown, and the caret's offset and length in cells."""

    number: int
    line: str
    indent: int
    length: int


def source_lines(text: str) -> list[str]:
    """The lines of a file as the YAML parser counts them."""
    return _BREAKS.split(text)


def excerpt(lines: list[str], loc: Loc) -> Excerpt | None:
    """The line at `loc`, windowed around the place if it is long; None when the file has no such line."""
    if not 1 <= loc.line <= len(lines):
        return None
    # a token in an address must not reach a log; as long as before, so that the caret stays below its place
    line = _USER_OF_URL.sub(lambda result: "*" * len(result[0]), lines[loc.line - 1])
    at = min(max(loc.column - 1, 0), len(line))
    word = _WORD.match(line, at)
    length = max(1, word.end() - at) if word is not None else 1
    first = 0 if len(line) <= _WIDEST else max(0, at - _BEFORE_CARET)
    return _windowed(loc.line, line, first, at, length)


def _windowed(number: int, line: str, first: int, at: int, length: int) -> Excerpt:
    cells = printed_cells(line[first : at + _WIDEST])
    lead = "…" if first > 0 else ""
    shown, used, marked = lead, len(lead), 0
    indent = used + sum(width for _, width in cells[: at - first])
    for index, (text, width) in enumerate(cells):
        if used + width > _WIDEST:
            return Excerpt(number, f"{shown}…", indent, max(1, marked))
        shown, used = shown + text, used + width
        marked += width if at - first <= index < at - first + length else 0
    tail = "…" if first + len(cells) < len(line) else ""
    return Excerpt(number, f"{shown}{tail}".rstrip(), indent, max(1, marked))
