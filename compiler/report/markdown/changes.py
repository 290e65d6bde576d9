"""Differences by object in Markdown: as fields where room is short, else as lines of the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from compiler.model.plan import ObjectChange
from compiler.report.edits import edit_lines
from compiler.report.line_diff import diff_rows, shortened, unified_lines
from compiler.report.phrases import (
    ACTION_PARTICIPLES,
    ACTION_SIGNS,
    change_title,
    counted,
    split_wave_changes,
    wave_changes_text,
)
from compiler.report.shared_edits import SharedEdit, SharedEdits

_MAX_DIFF_LINES = 120
_MAX_LINE_WIDTH = 240


def file_difference(change: ObjectChange, shared: SharedEdits, unit: str) -> dict[str, Any]:
    """An object's difference as lines of its file; edits that many share are only counted."""
    own = not change.fields or bool(shared.own(change, unit))
    rows = diff_rows(change.before, change.after, _MAX_DIFF_LINES) if own else ()
    return {
        "title": f"{ACTION_SIGNS[change.action]} {change_title(change)}",
        "origin": str(change.origin) if change.origin is not None else "",
        "note": "" if own else f"{counted(len(change.fields), 'edit')} shared with others, below",
        "lines": [shortened(line, _MAX_LINE_WIDTH) for line in unified_lines(rows)],
    }


def field_lines(changes: Sequence[ObjectChange], most: int) -> list[str]:
    """Each object and its fields, for a block of the language diff; at most `most` lines."""
    telling, waves = split_wave_changes(changes)
    lines = [line for change in telling for line in _object_field_lines(change)]
    lines += [shortened(f"  {wave_changes_text(waves)}", _MAX_LINE_WIDTH)] if waves else []
    return lines if len(lines) <= most else [*lines[:most], f"@@ {len(lines) - most:,} more lines @@"]


def _object_field_lines(change: ObjectChange) -> Iterator[str]:
    sign = {"add": "+", "delete": "-"}.get(change.action, "!")
    yield f"{sign} {shortened(change_title(change), _MAX_LINE_WIDTH)} {ACTION_PARTICIPLES[change.action]}"
    for field in change.fields:
        edit = edit_lines(field)
        yield shortened(f"    {edit.path}: {edit.text}".rstrip(), _MAX_LINE_WIDTH)
        yield from (f"{line[:1]}     {line[1:]}" if line[:1] in "+-" else f"      {line}" for line in edit.lines)


def changed_object_names(changes: Sequence[ObjectChange], most: int = 12) -> str:
    """`~ Service web, + Deployment web-green`."""
    names = ", ".join(f"{ACTION_SIGNS[change.action]} {change_title(change)}" for change in changes[:most])
    return f"{names} and {len(changes) - most:,} more" if len(changes) > most else names


def shared_edit_values(edit: SharedEdit) -> dict[str, str]:
    """An edit that is made in many places: what it is, where, and where the field changes in another way."""
    units = edit.units
    return {
        "kind": edit.kind,
        "path": edit.path,
        "text": edit.text,
        "where": ", ".join(units[:6]) + (f" and {len(units) - 6:,} more" if len(units) > 6 else ""),
        "except": "; ".join(f"{place.unit}: {text}" for place, text in edit.exceptions[:4]),
    }
