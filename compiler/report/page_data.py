"""What the page shows of one release or group: plain values that its script turns into text, never into markup."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from compiler.diagnostics.render.cells import neutral
from compiler.plan.model import FieldChange, ObjectChange, StepView, TrackView, Undo, UnitPlan
from compiler.report.edits import edit_lines
from compiler.report.findings import Told, told
from compiler.report.lines import Row, cut, rows
from compiler.report.phrases import (
    counted,
    duration,
    percent,
    tally_words,
    title,
    wait,
    waves_apart,
    waves_words,
    worst,
)
from compiler.report.picture import Picture, course_picture, tones_of, trace_picture
from compiler.report.sharing import Sharing
from compiler.report.story import LOST, NO_PODS, Moment, story
from compiler.transition.model import Verdict

TRACES: Final = 3
OBJECTS: Final = 400
FIELDS: Final = 60


def embedded(data: object) -> str:
    """`data` as JSON that may stand inside an HTML element: it holds no `<`, no `>` and no `&`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def unit_data(environment: str, unit: UnitPlan, shared: Sharing) -> dict[str, Any]:
    """One unit as the script reads it; texts are on one line and show control characters as numbers."""
    course = course_picture(unit)
    names = [track.track for track in (*unit.before, *unit.after)]
    tones = tones_of(list(dict.fromkeys(names)))
    telling, waves = waves_apart(unit.changes)
    return {
        "id": f"{environment}/{unit.name}",
        "name": said(unit.name),
        "environment": said(environment),
        "strategy": said(unit.strategy),
        "position": said(unit.position),
        "headline": said(unit.headline),
        "verdict": verdict(unit.verdict),
        "premises": [said(each) for each in unit.verdict.premises],
        "wait": wait(unit.verdict),
        "tracks": _tracks(unit, tones),
        "findings": [_finding(each, number < TRACES) for number, each in enumerate(told(unit))],
        "dangers": [[said(each.kind), said(each.object), said(each.says)] for each in unit.dangers],
        "course": _picture(course) if course is not None else None,
        "steps": [_step(step) for step in unit.steps],
        "undo": _undo(unit.undo),
        "tally": tally_words(unit.changes),
        "objects": [_object(change, shared, unit.name) for change in [*telling, *waves][:OBJECTS]],
        "more": max(0, len(unit.changes) - OBJECTS),
    }


def said(text: str, longest: int = 600) -> str:
    return cut(neutral(text), longest)


def verdict(value: Verdict) -> list[Any]:
    return [value.verdict, counted(value.states, "state")]


def _tracks(unit: UnitPlan, tones: dict[str, str]) -> list[dict[str, Any]]:
    before = {track.track: track for track in unit.before}
    after = {track.track: track for track in unit.after}
    names = dict.fromkeys([*before, *after])
    return [
        {"name": said(name), "tone": tones[name], "now": _track(before.get(name)), "next": _track(after.get(name))}
        for name in names
    ]


def _track(track: TrackView | None) -> dict[str, Any] | None:
    if track is None:
        return None
    contract = f"contract {track.contract}" if track.contract != 1 else ""
    return {
        "version": said(track.version),
        "pods": track.pods,
        "share": track.share,
        "says": said(track.says),
        "contract": contract,
    }


def _finding(each: Told, traced: bool) -> dict[str, Any]:
    found = each.diagnostic
    picture = trace_picture(each.trace) if traced else None
    return {
        "code": said(found.code),
        "severity": found.severity,
        "message": said(found.message),
        "place": said(str(found.loc)) if found.loc is not None else "",
        "help": said(found.help),
        "picture": _picture(picture) if picture is not None else None,
        "story": [_moment(moment) for moment in story(each.trace)],
    }


def _moment(moment: Moment) -> dict[str, Any]:
    lines = [[said(f"{name} → {says}"), bool(LOST.search(says))] for name, says in moment.serving]
    lines += [[said(f"{name}: {says}"), says == NO_PODS and moment.number > 0] for name, says in moment.pods]
    return {"number": moment.number, "event": said(moment.event), "lines": lines, "last": moment.last}


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "width": picture.width,
        "height": picture.height,
        "title": said(picture.title),
        "shapes": [[shape.tag, dict(shape.attributes), neutral(shape.text)] for shape in picture.shapes],
        "legend": [[said(name), tone] for name, tone in picture.legend],
    }


def _step(step: StepView) -> dict[str, Any]:
    notes = [f"soak {duration(step.pause_seconds)} before it"] if step.pause_seconds else []
    notes += [f"not before {step.not_before}"] if step.not_before else []
    errors = [f"{finding.code}: {finding.message}" for finding in step.verdict.errors[:4]] if step.command else []
    errors += [f"on the way back: {finding.message}" for finding in step.reverse.errors[:2]]
    errors += [f"straight from {name}: {each.message}" for name, v in step.skips for each in v.errors[:1]]
    return {
        "name": said(step.name),
        "command": said(step.command),
        "says": said(step.says),
        "shares": said(", ".join(f"{track.track} {_share(track)}" for track in step.tracks if track.share != 0)),
        "peak": said(str(step.peak)),
        "verdict": verdict(step.verdict),
        "reverse": step.reverse.verdict,
        "skips": [worst(v for _, v in step.skips), len(step.skips)],
        "notes": [said(note) for note in notes],
        "errors": [said(error) for error in errors],
        "changes": _edits(step.changes, 40),
    }


def _share(track: TrackView) -> str:
    return percent(track.share) if track.share is not None else track.says


def _undo(undo: Undo | None) -> dict[str, Any] | None:
    if undo is None:
        return None
    return {
        "command": said(undo.command),
        "verdict": verdict(undo.verdict),
        "tally": tally_words(undo.changes),
        "errors": [said(finding.message) for finding in undo.verdict.errors[:4]],
        "changes": _edits(undo.changes, 60),
    }


def _edits(changes: Sequence[ObjectChange], most: int) -> list[list[Any]]:
    """Each object's action, title and fields; those that only change their wave in one line."""
    telling, waves = waves_apart(changes)
    found: list[list[Any]] = [
        [change.action, said(title(change)), [_field(field) for field in change.fields[:FIELDS]]]
        for change in telling[:most]
    ]
    return [*found, ["change", said(waves_words(waves, 20)), []]] if waves else found


def _field(field: FieldChange) -> list[Any]:
    edit = edit_lines(field, 24)
    return [said(edit.path), said(edit.says), [neutral(line) for line in edit.lines]]


def _object(change: ObjectChange, shared: Sharing, unit: str) -> dict[str, Any]:
    return {
        "action": change.action,
        "kind": said(change.kind),
        "title": said(title(change)),
        "file": said(change.file),
        "place": said(str(change.origin)) if change.origin is not None else "",
        "fields": [_field(field) for field in change.fields[:FIELDS]],
        "more": max(0, len(change.fields) - FIELDS),
        "shared": len(change.fields) - len(shared.own(change, unit)),
        "rows": _rows(rows(change.before, change.after)),
    }


def _rows(found: Sequence[Row]) -> list[list[Any]]:
    tags = {"equal": "=", "change": "~", "delete": "-", "insert": "+", "gap": "…"}
    return [list(_row(row, tags[row.tag])) for row in found]


def _row(row: Row, tag: str) -> Iterable[Any]:
    if row.tag == "gap":
        return (tag, row.skipped)
    if row.tag == "equal":
        return (tag, row.old, row.new, neutral(row.before or ""))
    if row.tag == "change":
        return (tag, row.old, row.new, neutral(row.before or ""), neutral(row.after or ""))
    number = row.old if row.tag == "delete" else row.new
    return (tag, number, neutral((row.before if row.tag == "delete" else row.after) or ""))
