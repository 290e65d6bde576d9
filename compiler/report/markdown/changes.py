"""Differences by object in Markdown: as fields where room is short, else as lines of the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.plan import ObjectChange
from compiler.report.edits import edit_lines
from compiler.report.line_diff import diff_rows, shortened, unified_lines
from compiler.report.markdown.escape import (
    collapsible,
    escaped_html_text,
    escaped_prose,
    fenced_code,
    inline_code,
    markdown_table,
)
from compiler.report.phrases import (
    ACTION_PARTICIPLES,
    ACTION_SIGNS,
    action_counts_text,
    change_title,
    counted,
    split_wave_changes,
    wave_changes_text,
)
from compiler.report.shared_edits import SharedEdit, SharedEdits

_MAX_DIFF_LINES = 120
_MAX_LINE_WIDTH = 240


def file_diffs_markdown(changes: Sequence[ObjectChange], shared: SharedEdits, unit: str) -> list[str]:
    """Each object's difference as lines of its file; what is shared by many is only counted."""
    lines = [f"**Differences** {action_counts_text(changes)}", ""]
    telling, waves = split_wave_changes(changes)
    for change in telling:
        lines += _file_diff_markdown(change, shared, unit)
    return [*lines, f"- {escaped_prose(wave_changes_text(waves))}", ""] if waves else lines


def _file_diff_markdown(change: ObjectChange, shared: SharedEdits, unit: str) -> list[str]:
    head = f"- {escaped_prose(f'{ACTION_SIGNS[change.action]} {change_title(change)}')}"
    if change.origin is not None:
        head += f" ({inline_code(str(change.origin))})"
    if change.fields and not shared.own(change, unit):
        return [f"{head}: {counted(len(change.fields), 'edit')} shared with others, below", ""]
    found = [
        shortened(line, _MAX_LINE_WIDTH)
        for line in unified_lines(diff_rows(change.before, change.after, _MAX_DIFF_LINES))
    ]
    if not found:
        return [head, ""]
    return collapsible(
        f"{ACTION_SIGNS[change.action]} {escaped_html_text(change_title(change))}",
        fenced_code(found, "diff"),
        (head, ""),
    )


def field_lines(changes: Sequence[ObjectChange], most: int) -> list[str]:
    """Each object and its fields, for a block of the language diff; at most `most` lines."""
    telling, waves = split_wave_changes(changes)
    found = [line for change in telling for line in _object_field_lines(change)]
    found += [shortened(f"  {wave_changes_text(waves)}", _MAX_LINE_WIDTH)] if waves else []
    return found if len(found) <= most else [*found[:most], f"@@ {len(found) - most:,} more lines @@"]


def _object_field_lines(change: ObjectChange) -> Iterator[str]:
    sign = {"add": "+", "delete": "-"}.get(change.action, "!")
    yield f"{sign} {shortened(change_title(change), _MAX_LINE_WIDTH)} {ACTION_PARTICIPLES[change.action]}"
    for field in change.fields:
        edit = edit_lines(field)
        yield shortened(f"    {edit.path}: {edit.text}".rstrip(), _MAX_LINE_WIDTH)
        yield from (f"{line[:1]}     {line[1:]}" if line[:1] in "+-" else f"      {line}" for line in edit.lines)


def changed_object_names(changes: Sequence[ObjectChange], most: int = 12) -> str:
    """`~ Service web, + Deployment web-green`, in prose."""
    said = ", ".join(f"{ACTION_SIGNS[change.action]} {change_title(change)}" for change in changes[:most])
    more = f" and {len(changes) - most:,} more" if len(changes) > most else ""
    return escaped_prose(f"{said}{more}", 600)


def shared_edits_markdown(edits: Sequence[SharedEdit], most: int = 12) -> list[str]:
    """The same edit in many places, each once, with where it differs."""
    if not edits:
        return []
    rows_of = [_shared_edit_cells(edit) for edit in edits[:most]]
    lines = ["### The same edit in many places", "", *markdown_table(("field", "edit", "where", "except"), rows_of)]
    return [*lines, f"… {counted(len(edits) - most, 'more edit')}", ""] if len(edits) > most else lines


def _shared_edit_cells(edit: SharedEdit) -> tuple[str, str, str, str]:
    units = edit.units
    where = ", ".join(units[:6]) + (f" and {len(units) - 6:,} more" if len(units) > 6 else "")
    exceptions = "; ".join(f"{place.unit}: {text}" for place, text in edit.exceptions[:4])
    return (
        f"{escaped_prose(edit.kind)} {inline_code(edit.path)}",
        inline_code(edit.text, 120),
        escaped_prose(where),
        escaped_prose(exceptions),
    )
