"""What the page shows of one release or group: plain values that its script turns into text, never into markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from markupsafe import Markup

from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.plan import FieldChange, ObjectChange, StepView, TrackView, Undo, UnitPlan
from compiler.model.verdict import Verdict
from compiler.report.edits import edit_lines
from compiler.report.findings import ReportedFinding, reported_findings
from compiler.report.line_diff import DiffRow, diff_rows, shortened
from compiler.report.phrases import (
    action_counts_text,
    change_title,
    duration_text,
    figures_with_units,
    scope_text,
    split_wave_changes,
    verdict_words,
    wait_text,
    wave_changes_text,
    worst_verdict,
)
from compiler.report.shared_edits import SharedEdits
from compiler.report.shares import shares_text, version_key, version_names
from compiler.report.story import LOST_REQUESTS, NO_PODS, Moment, trace_moments
from compiler.report.svg.picture import Picture, course_picture, course_strip, trace_picture, version_tones

MAX_TRACES: Final = 3
MAX_OBJECTS: Final = 400
MAX_FIELDS: Final = 60


def embedded(data: object) -> Markup:
    """`data` as JSON that may stand inside an HTML element: it holds no `<`, no `>` and no `&`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    harmless = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(harmless)  # noqa: S704 - nothing in it can open an element or an entity


def unit_data(environment: str, unit: UnitPlan, shared: SharedEdits) -> dict[str, Any]:
    """One unit as the script reads it; texts are on one line and show control characters as numbers."""
    course = course_picture(unit)
    tracks = [*unit.before, *(track for step in unit.steps for track in step.tracks), *unit.after]
    names = version_names(tracks)
    telling, waves = split_wave_changes(unit.changes)
    return {
        "id": f"{environment}/{unit.name}",
        "name": page_text(unit.name),
        "environment": page_text(environment),
        "strategy": page_text(unit.strategy),
        "position": page_text(unit.position),
        "headline": figures_with_units(page_text(unit.headline)),
        "verdict": verdict_values(unit.verdict),
        "premises": [page_text(each) for each in unit.verdict.premises],
        "wait": wait_text(unit.verdict),
        "tracks": _track_pairs(unit, names),
        "findings": [_finding_values(each, number < MAX_TRACES) for number, each in enumerate(reported_findings(unit))],
        "dangers": [[page_text(each.kind), page_text(each.object), page_text(each.message)] for each in unit.dangers],
        "course": _picture_values(course) if course is not None else None,
        "strip": [dict(shape.attributes) for shape in course_strip(unit)],
        "steps": [_step_values(step) for step in unit.steps],
        "moves": [
            [each.commit[:12], utc_minute(each.time), [page_text(line) for line in each.evidence]]
            for each in unit.moves
        ],
        "undo": _undo_values(unit.undo),
        "previews": [
            [page_text(f"{each.track} {each.version}"), page_text(each.command), each.place] for each in unit.previews
        ],
        "tally": action_counts_text(unit.changes),
        "objects": [_object_values(change, shared, unit.name) for change in [*telling, *waves][:MAX_OBJECTS]],
        "more": max(0, len(unit.changes) - MAX_OBJECTS),
    }


def utc_minute(seconds: int) -> str:
    """`2026-11-20 10:00` for seconds since 1970; empty for what no calendar has."""
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return ""


def page_text(text: str, longest: int = 600) -> str:
    return shortened(sanitized_line(text), longest)


def verdict_values(value: Verdict) -> list[Any]:
    """The verdict, its words, and of what it speaks."""
    return [value.verdict, verdict_words(value), scope_text(value)]


def _track_pairs(unit: UnitPlan, versions: Sequence[str]) -> list[dict[str, Any]]:
    before = {track.track: track for track in unit.before}
    after = {track.track: track for track in unit.after}
    names = dict.fromkeys([*before, *after])
    return [
        {
            "name": page_text(name),
            "now": _track_values(before.get(name), versions),
            "next": _track_values(after.get(name), versions),
        }
        for name in names
    ]


def _track_values(track: TrackView | None, versions: Sequence[str]) -> dict[str, Any] | None:
    """`place` is the version's place in every bar."""
    if track is None:
        return None
    contract = f"contract {track.contract}" if track.contract != 1 else ""
    return {
        "version": page_text(track.version),
        "tone": version_tones(versions)[version_key(track)],
        "place": versions.index(version_key(track)),
        "pods": track.pods,
        "share": track.share,
        "requests": page_text(track.requests),
        "contract": contract,
    }


def _finding_values(each: ReportedFinding, traced: bool) -> dict[str, Any]:
    diagnostic = each.diagnostic
    picture = trace_picture(each.trace) if traced else None
    return {
        "code": page_text(diagnostic.code),
        "severity": diagnostic.severity,
        "message": page_text(diagnostic.message),
        "place": page_text(str(diagnostic.loc)) if diagnostic.loc is not None else "",
        "help": page_text(diagnostic.help),
        "picture": _picture_values(picture) if picture is not None else None,
        "story": [_moment_values(moment) for moment in trace_moments(each.trace)],
    }


def _moment_values(moment: Moment) -> dict[str, Any]:
    lines = [[page_text(f"{name} → {text}"), bool(LOST_REQUESTS.search(text))] for name, text in moment.serving]
    lines += [[page_text(f"{name}: {text}"), text == NO_PODS and moment.number > 0] for name, text in moment.pods]
    return {"number": moment.number, "event": page_text(moment.event), "lines": lines, "last": moment.last}


def _picture_values(picture: Picture) -> dict[str, Any]:
    return {
        "width": picture.width,
        "height": picture.height,
        "title": page_text(picture.title),
        "shapes": [[shape.tag, dict(shape.attributes), sanitized_line(shape.text)] for shape in picture.shapes],
        "legend": [[page_text(name), tone] for name, tone in picture.legend],
    }


def _step_values(step: StepView) -> dict[str, Any]:
    notes = [f"soak {duration_text(step.pause_seconds)} before it"] if step.pause_seconds else []
    notes += [f"not before {step.not_before}"] if step.not_before else []
    errors = [f"{finding.code}: {finding.message}" for finding in step.verdict.errors[:4]] if step.command else []
    errors += [f"on the way back: {finding.message}" for finding in step.reverse.errors[:2]]
    errors += [f"straight from {name}: {each.message}" for name, v in step.skips for each in v.errors[:1]]
    return {
        "name": page_text(step.name),
        "command": page_text(step.command),
        "summary": page_text(step.summary) if step.command else "",
        "shares": page_text(shares_text(step.tracks)),
        "peak": page_text(str(step.peak)),
        "verdict": verdict_values(step.verdict),
        "reverse": step.reverse.verdict,
        "back": page_text(step.back),
        "skips": [worst_verdict(v for _, v in step.skips), len(step.skips)],
        "notes": [page_text(note) for note in notes],
        "errors": [page_text(error) for error in errors],
        "changes": _edit_values(step.changes, 40),
    }


def _undo_values(undo: Undo | None) -> dict[str, Any] | None:
    if undo is None:
        return None
    return {
        "command": page_text(undo.command),
        "note": page_text(undo.note),
        "verdict": verdict_values(undo.verdict),
        "tally": action_counts_text(undo.changes),
        "errors": [page_text(finding.message) for finding in undo.verdict.errors[:4]],
        "changes": _edit_values(undo.changes, 60),
    }


def _edit_values(changes: Sequence[ObjectChange], most: int) -> list[list[Any]]:
    """Each object's action, title and fields; those that only change their wave in one line."""
    telling, waves = split_wave_changes(changes)
    edits: list[list[Any]] = [
        [change.action, page_text(change_title(change)), [_field_values(field) for field in change.fields[:MAX_FIELDS]]]
        for change in telling[:most]
    ]
    return [*edits, ["change", page_text(wave_changes_text(waves, 20)), []]] if waves else edits


def _field_values(field: FieldChange) -> list[Any]:
    edit = edit_lines(field, 24)
    return [page_text(edit.path), page_text(edit.text), [sanitized_line(line) for line in edit.lines]]


def _object_values(change: ObjectChange, shared: SharedEdits, unit: str) -> dict[str, Any]:
    return {
        "action": change.action,
        "kind": page_text(change.kind),
        "title": page_text(change_title(change)),
        "file": page_text(change.file),
        "place": page_text(str(change.origin)) if change.origin is not None else "",
        "fields": [_field_values(field) for field in change.fields[:MAX_FIELDS]],
        "more": max(0, len(change.fields) - MAX_FIELDS),
        "shared": len(change.fields) - len(shared.own(change, unit)),
        "rows": _diff_row_values(diff_rows(change.before, change.after)),
    }


def _diff_row_values(rows: Sequence[DiffRow]) -> list[list[Any]]:
    tags = {"equal": "=", "change": "~", "delete": "-", "insert": "+", "gap": "…"}
    return [list(_diff_cell_values(row, tags[row.tag])) for row in rows]


def _diff_cell_values(row: DiffRow, tag: str) -> Iterable[Any]:
    if row.tag == "gap":
        return (tag, row.skipped)
    if row.tag == "equal":
        return (tag, row.old, row.new, sanitized_line(row.before or ""))
    if row.tag == "change":
        return (tag, row.old, row.new, sanitized_line(row.before or ""), sanitized_line(row.after or ""))
    number = row.old if row.tag == "delete" else row.new
    return (tag, number, sanitized_line((row.before if row.tag == "delete" else row.after) or ""))
