"""Differences by object and field on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.plan import FieldChange, ObjectChange
from compiler.report.edits import edit_lines
from compiler.report.phrases import ACTION_SIGNS, change_title, counted, split_wave_changes, wave_changes_text
from compiler.report.shared_edits import SharedEdit, SharedEdits
from compiler.report.terminal.paint import WIDTH, Paint, cropped, wrapped

NO_SHARED_EDITS = SharedEdits((), frozenset())


def object_lines(
    changes: Sequence[ObjectChange],
    indent: str,
    paint: Paint,
    shared: SharedEdits = NO_SHARED_EDITS,
    unit: str = "",
    most: int = 40,
) -> Iterator[str]:
    """Each object with its fields; past `most` objects only their number."""
    whole = [change for change in changes if change.action == "add"]
    yield from _added_lines(whole, indent, paint)
    changes, waves = split_wave_changes(change for change in changes if change.action != "add")
    for change in changes[:most]:
        yield _object_heading(change, indent, paint)
        own = shared.own(change, unit)
        for field in own[:most]:
            yield from _field_lines(field, f"{indent}    ", paint)
        hidden = len(own) - len(own[:most])
        alike = len(change.fields) - len(own)
        rest = [counted(hidden, "more field")] if hidden else []
        rest += [f"{counted(alike, 'edit')} shared with others: see the end"] if alike else []
        if rest:
            yield f"{indent}    {paint.quiet}+ {', '.join(rest)}{paint.end}"
    if len(changes) > most:
        yield f"{indent}{paint.quiet}… {counted(len(changes) - most, 'more object')}{paint.end}"
    if waves:
        lines = wrapped(wave_changes_text(waves), f"{indent}  ")
        yield from (f"{paint.quiet}{line}{paint.end}" for line in lines)


def _added_lines(changes: Sequence[ObjectChange], indent: str, paint: Paint) -> Iterator[str]:
    """What is new as a whole, by kind: there is nothing to compare it with."""
    names: dict[str, list[str]] = {}
    for change in changes:
        names.setdefault(change.kind, []).append(change.name)
    for kind, added in names.items():
        listed = ", ".join(added[:20]) + (f" and {len(added) - 20:,} more" if len(added) > 20 else "")
        first, *rest = wrapped(f"{kind} {listed}", f"{indent}    ")
        yield f"{indent}{paint.green}+{paint.end} {first.lstrip()}"
        yield from rest


def _object_heading(change: ObjectChange, indent: str, paint: Paint) -> str:
    tones = {"add": paint.green, "delete": paint.red, "change": paint.yellow, "replace": paint.magenta}
    mark = f"{tones[change.action]}{ACTION_SIGNS[change.action]}{paint.end}"
    place = f"  {paint.quiet}{cropped(str(change.origin), 40)}{paint.end}" if change.origin is not None else ""
    name = cropped(change_title(change), WIDTH - len(indent) - (44 if place else 4))
    return f"{indent}{mark} {name}{place}"


def _field_lines(field: FieldChange, indent: str, paint: Paint) -> Iterator[str]:
    edit = edit_lines(field)
    if not edit.lines:
        yield from wrapped(f"{edit.path}: {edit.text}", indent)
        return
    yield f"{indent}{cropped(edit.path, WIDTH - len(indent) - 1)}:"
    for line in edit.lines:
        tone = {"-": paint.red, "+": paint.green, "@": paint.quiet}.get(line[:1], "")
        yield f"{indent}  {tone}{cropped(line, WIDTH - len(indent) - 2)}{paint.end if tone else ''}"


def shared_edit_lines(edits: Sequence[SharedEdit], paint: Paint, most: int = 12) -> Iterator[str]:
    """Edits that are made in many places, each once, with the places where it differs."""
    if edits:
        yield f"{paint.strong}the same edit in many places{paint.end}"
    for edit in edits[:most]:
        yield from wrapped(f"{edit.kind} {edit.path}: {edit.text}", "  ")
        units = edit.units
        listed = ", ".join(units[:6]) + (f" and {len(units) - 6} more" if len(units) > 6 else "")
        yield from (f"{paint.quiet}{line}{paint.end}" for line in wrapped(f"in {listed}", "      "))
        for place, text in edit.exceptions[:6]:
            yield from (
                f"{paint.yellow}{line}{paint.end}" for line in wrapped(f"except {place.unit}: {text}", "      ")
            )
    if len(edits) > most:
        yield f"  {paint.quiet}… {counted(len(edits) - most, 'more edit')}{paint.end}"
