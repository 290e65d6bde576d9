"""One field's edit as lines: in one line where it fits, else as what goes and what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from compiler.emit import emit
from compiler.emit.errors import UnwritableError
from compiler.plan.model import FieldChange
from compiler.report.lines import cut, rows, unified
from compiler.report.phrases import edit_words, value

_WIDE: Final = 72
_LONG: Final = 240


@dataclass(frozen=True, slots=True)
class EditLines:
    """`path: says`, or `path` and lines that begin with `- `, `+ `, two spaces, or `@@ `."""

    path: str
    says: str
    lines: tuple[str, ...] = ()


def edit_lines(field: FieldChange, most: int = 12) -> EditLines:
    """The edit, at most `most` lines of it: the last one then counts the others."""
    words = edit_words(field)
    if field.secret or field.moved or (len(words) <= _WIDE and "\n" not in words and not _structured(field)):
        return EditLines(field.path, cut(words, _LONG))
    found = list(unified(rows(_text(field.before), _text(field.after), most * 4)))
    found = [f"{line[0]} {cut(line[1:], _LONG)}" if line[0] != "@" else line for line in found]
    if len(found) > most:
        found = [*found[:most], f"@@ {len(found) - most:,} more lines @@"]
    return EditLines(field.path, "", tuple(found))


def _structured(field: FieldChange) -> bool:
    sides = (field.before, field.after)
    return any((isinstance(side, dict) and len(side) > 1) or (isinstance(side, str) and "\n" in side) for side in sides)


def _text(data: Any) -> bytes | None:
    if data is None:
        return None
    return "\n".join(_lines(data)).encode("utf-8", "replace")


def _lines(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from data.splitlines() or [""]
    elif isinstance(data, list):
        for item in data:
            yield from _item(item)
    elif isinstance(data, dict):
        yield from _yaml(data)
    else:
        yield value(data)


def _item(item: Any) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"- {value(item)}"
        return
    for number, line in enumerate(_yaml(item)):
        yield f"{'  ' if number else '- '}{line}"


def _yaml(data: dict[str, Any]) -> list[str]:
    try:
        return emit(data).decode().splitlines()
    except UnwritableError:
        # what others published may hold what we would never write
        return [value(data)]
