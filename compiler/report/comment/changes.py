"""Differences by object in Markdown: as fields where room is short, else as lines of the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.plan.model import ObjectChange
from compiler.report.comment.escape import code, fence, folded, plain, prose, table
from compiler.report.edits import edit_lines
from compiler.report.lines import cut, rows, unified
from compiler.report.phrases import DONE, SIGN, counted, tally_words, title, waves_apart, waves_words
from compiler.report.sharing import SharedEdit, Sharing

_LINES = 120
_WIDE = 240


def files(changes: Sequence[ObjectChange], shared: Sharing, unit: str) -> list[str]:
    """Each object's difference as lines of its file; what is shared by many is only counted."""
    lines = [f"**Differences** {tally_words(changes)}", ""]
    telling, waves = waves_apart(changes)
    for change in telling:
        lines += _file(change, shared, unit)
    return [*lines, f"- {prose(waves_words(waves))}", ""] if waves else lines


def _file(change: ObjectChange, shared: Sharing, unit: str) -> list[str]:
    head = f"- {prose(f'{SIGN[change.action]} {title(change)}')}"
    if change.origin is not None:
        head += f" ({code(str(change.origin))})"
    if change.fields and not shared.own(change, unit):
        return [f"{head}: {counted(len(change.fields), 'edit')} shared with others, below", ""]
    found = [cut(line, _WIDE) for line in unified(rows(change.before, change.after, _LINES))]
    if not found:
        return [head, ""]
    return folded(f"{SIGN[change.action]} {plain(title(change))}", fence(found, "diff"), (head, ""))


def field_lines(changes: Sequence[ObjectChange], most: int) -> list[str]:
    """Each object and its fields, for a block of the language diff; at most `most` lines."""
    telling, waves = waves_apart(changes)
    found = [line for change in telling for line in _object(change)]
    found += [cut(f"  {waves_words(waves)}", _WIDE)] if waves else []
    return found if len(found) <= most else [*found[:most], f"@@ {len(found) - most:,} more lines @@"]


def _object(change: ObjectChange) -> Iterator[str]:
    sign = {"add": "+", "delete": "-"}.get(change.action, "!")
    yield f"{sign} {cut(title(change), _WIDE)} {DONE[change.action]}"
    for field in change.fields:
        edit = edit_lines(field)
        yield cut(f"    {edit.path}: {edit.says}".rstrip(), _WIDE)
        yield from (f"{line[:1]}     {line[1:]}" if line[:1] in "+-" else f"      {line}" for line in edit.lines)


def names(changes: Sequence[ObjectChange], most: int = 12) -> str:
    """`~ Service web, + Deployment web-green`, in prose."""
    said = ", ".join(f"{SIGN[change.action]} {title(change)}" for change in changes[:most])
    more = f" and {len(changes) - most:,} more" if len(changes) > most else ""
    return prose(f"{said}{more}", 600)


def shared_edits(edits: Sequence[SharedEdit], most: int = 12) -> list[str]:
    """The same edit in many places, each once, with where it differs."""
    if not edits:
        return []
    rows_of = [_shared(edit) for edit in edits[:most]]
    lines = ["### The same edit in many places", "", *table(("field", "edit", "where", "except"), rows_of)]
    return [*lines, f"… {counted(len(edits) - most, 'more edit')}", ""] if len(edits) > most else lines


def _shared(edit: SharedEdit) -> tuple[str, str, str, str]:
    units = edit.units
    where = ", ".join(units[:6]) + (f" and {len(units) - 6:,} more" if len(units) > 6 else "")
    exceptions = "; ".join(f"{place.unit}: {says}" for place, says in edit.exceptions[:4])
    return f"{prose(edit.kind)} {code(edit.path)}", code(edit.says, 120), prose(where), prose(exceptions)
