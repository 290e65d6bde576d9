"""The quick way through a spec: the data alone, of a text in block style in which nothing is odd."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from compiler.source.characters import is_clean
from compiler.source.dialects import SPEC
from compiler.source.plain_flow import KEY, QUOTED, NeedsFullParseError, flow_data, key_text
from compiler.source.scalars import Scalar, ScalarError

Collection = dict[str, Any] | list[Any]

_LINE: Final = re.compile(
    rf"""(\ *+)(-\ (?=[^\s\#]))?
    (?:({KEY}):(?=\ |$)\ *+)?
    (?:((?:[\w./$+~(]|-(?=\S))[^\s:\#]*+(?:(?::(?=[^\s\#])|\ ++(?=[^\s:\#]))[^\s:\#]*+)*+)   # a word or several
      |({QUOTED})
      |([\[{{][^\t]*)                                                                    # a flow collection
      |(\|-?)                                                                            # lines of text follow
    )?
    \ *+(?:(?:^|(?<=\ ))\#.*)?""",
    re.VERBOSE,
)
"""An item, a key, and a value. No unquoted value holds `: ` or ` #` (YAML 1.2.2, chapters 6.6 and 7.3.3).

Nothing that is taken is given back (`*+`): of 50,000 spaces each would be tried with each.
"""


class Line(NamedTuple):
    """A line's indentation, `- ` if it is an item, its key, and its value: a word's, a quoted text's or none; of a flow
    collection the text, of lines of text their sign.
    """

    column: int
    dash: str
    key: str
    value: Scalar
    flow: str
    lines: str
    empty: bool


def plain_data(text: str) -> dict[str, Any] | None:
    """The data that `SpecComposer` would compose, or None where it may have to say something, or may read otherwise.

    A line is looked at once for all specs that have it: of 1,000 specs each takes 130 µs, from libyaml's events 300.
    PyYAML, which loads in 8 ms, is not needed either.
    """
    # a value is a character at least
    if len(text) > SPEC.limits.values or not is_clean(text.replace("\r\n", " \n")):
        return None
    try:
        return _block_data(text.split("\n")) or None
    except (ScalarError, NeedsFullParseError):
        return None


def _block_data(lines: list[str]) -> dict[str, Any]:
    block = _Block()
    number = 0
    while number < len(lines):
        line = _line(lines[number])
        number += 1
        if line is None:
            continue
        column, dash, key, value, flow, sign, empty = line
        holder: Any = block.mapping(column, dash) if key else block.collection(column, list)
        if key in holder and key:
            raise NeedsFullParseError
        if flow:
            value = flow_data(flow, len(block.open))
        elif sign:
            value, number = _lines_of_text(lines, number, column + len(dash) if key else column, sign)
        if key:
            holder[key] = value
            block.unfilled = (column + len(dash), holder, key) if empty else None
        else:
            holder.append(value)
    return block.data


@lru_cache(maxsize=4096)  # specs repeat their lines
def _line(text: str) -> Line | None:
    """The line; None for one that is empty or a comment. Raises NeedsFullParseError, and as `SPEC.plain` does."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise NeedsFullParseError
    indent, dash, key, word, quoted, flow, lines = match.groups(default="")
    empty = not (word or quoted or flow or lines)
    if empty and not key and not dash:
        return None
    if not key and (empty or not dash):
        raise NeedsFullParseError
    value = SPEC.plain(word) if word else quoted[1:-1] if quoted else None
    return Line(len(indent), dash, key_text(key) if key else "", value, flow, lines, empty)


def _lines_of_text(lines: list[str], first: int, above: int, sign: str) -> tuple[str, int]:
    """The text in the lines below `| ` that are indented more than `above`, and the number of the line after them."""
    column = len(lines[first]) - len(lines[first].lstrip(" ")) if first < len(lines) else 0
    if column <= above or lines[first][column : column + 1] in ("", "\t", "\r"):
        raise NeedsFullParseError
    indent, end = " " * column, first
    while end < len(lines) and (not lines[end] or lines[end].startswith(indent)):
        end += 1
    text = "\n".join(line[column:] for line in lines[first:end])
    # a text that ends with the file lacks its last line break, and a line of fewer spaces is part of a text
    if "\r" in text or (lines[-1] if end == len(lines) else lines[end].isspace()):
        raise NeedsFullParseError
    return text.rstrip("\n") + ("\n" if sign == "|" else ""), end


class _Block:
    """The collections that are open at a line, the outermost first, each with the column of its keys or dashes."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.open: list[tuple[int, Collection]] = [(0, self.data)]
        self.unfilled: tuple[int, dict[str, Any], str] | None = None
        """the key of the line before, whose value may stand in the lines below it"""

    def mapping(self, column: int, dash: str) -> dict[str, Any]:
        """The mapping that the key of a line belongs to; after a dash, a new one."""
        if not dash:
            return self.collection(column, dict)  # type: ignore[no-any-return]
        entries: dict[str, Any] = {}
        self.collection(column, list).append(entries)
        self.enter(column + len(dash), entries)
        return entries

    def collection(self, column: int, kind: type[Collection]) -> Any:
        """The mapping or list that a line at this column belongs to: a new one below the key before, or an open one."""
        if self.unfilled is not None:
            above, entries, key = self.unfilled
            self.unfilled = None
            if column > above or (column == above and kind is list):
                entries[key] = new = kind()
                self.enter(column, new)
                return new
        while self.open:
            at, collection = self.open[-1]
            if at == column and type(collection) is kind:
                return collection
            if at < column or (at == column and kind is list):
                break
            self.open.pop()
        raise NeedsFullParseError

    def enter(self, column: int, collection: Collection) -> None:
        self.open.append((column, collection))
        if len(self.open) > SPEC.limits.depth:
            raise NeedsFullParseError
