"""One field's edit as lines: in one line where it fits, else as what goes and what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from compiler.model.plan import FieldChange
from compiler.report.line_diff import diff_rows, shortened, unified_lines
from compiler.report.phrases import edit_text, inline_value
from compiler.tree.yaml import emit
from compiler.tree.yaml.errors import UnwritableError

_MAX_INLINE_WIDTH: Final = 72
_MAX_VALUE_WIDTH: Final = 240


@dataclass(frozen=True, slots=True)
class EditLines:
    """`path: text`, or `path` and lines that begin with `- `, `+ `, two spaces, or `@@ `."""

    path: str
    text: str
    lines: tuple[str, ...] = ()


def edit_lines(field: FieldChange, most: int = 12) -> EditLines:
    """The edit, at most `most` lines of it: the last one then counts the others."""
    words = edit_text(field)
    if (
        field.secret
        or field.moved
        or (len(words) <= _MAX_INLINE_WIDTH and "\n" not in words and not _structured(field))
    ):
        return EditLines(field.path, shortened(words, _MAX_VALUE_WIDTH))
    lines = list(unified_lines(diff_rows(_decoded_bytes(field.before), _decoded_bytes(field.after), most * 4)))
    lines = [f"{line[0]} {shortened(line[1:], _MAX_VALUE_WIDTH)}" if line[0] != "@" else line for line in lines]
    if len(lines) > most:
        lines = [*lines[:most], f"@@ {len(lines) - most:,} more lines @@"]
    return EditLines(field.path, "", tuple(lines))


def _structured(field: FieldChange) -> bool:
    sides = (field.before, field.after)
    return any((isinstance(side, dict) and len(side) > 1) or (isinstance(side, str) and "\n" in side) for side in sides)


def _decoded_bytes(data: Any) -> bytes | None:
    if data is None:
        return None
    return "\n".join(_value_lines(data)).encode("utf-8", "replace")


def _value_lines(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from data.splitlines() or [""]
    elif isinstance(data, list):
        for item in data:
            yield from _yaml_item(item)
    elif isinstance(data, dict):
        yield from _yaml(data)
    else:
        yield inline_value(data)


def _yaml_item(item: Any) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"- {inline_value(item)}"
        return
    for number, line in enumerate(_yaml(item)):
        yield f"{'  ' if number else '- '}{line}"


def _yaml(data: dict[str, Any]) -> list[str]:
    try:
        return emit(data).decode().splitlines()
    except UnwritableError:
        # what others published may hold what we would never write
        return [inline_value(data)]
