"""What the templates need of a course and its way back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from compiler.model.plan import StepView, TrackView, UnitPlan
from compiler.report.markdown.changes import field_lines
from compiler.report.phrases import VERDICT_MARKS, worst_verdict
from compiler.report.shares import shares_text, version_names

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .%·→/-]")
_MAX_FIELD_LINES = 40


def course_values(unit: UnitPlan) -> dict[str, Any]:
    """The versions in order, the marks of skipped steps, the step that follows, and the diagram."""
    following = next((step for step in unit.steps if step.command), None)
    return {
        "names": version_names([*unit.before, *(track for step in unit.steps for track in step.tracks)]),
        "skip_marks": [_skip_mark(step) for step in unit.steps],
        "following": following,
        "following_name": code_free(following.name) if following is not None else "",
        "following_fields": field_lines(following.changes, _MAX_FIELD_LINES)
        if following is not None and following.changes
        else [],
        "diagram": mermaid_diagram(unit),
        "undo_fields": field_lines(unit.undo.changes, _MAX_FIELD_LINES) if unit.undo is not None else [],
    }


def _skip_mark(step: StepView) -> str:
    return VERDICT_MARKS[worst_verdict(verdict for _, verdict in step.skips)] if step.skips else ""


def code_free(text: str) -> str:
    """A step's name inside HTML: only the signs that names of steps are made of."""
    return _NOT_PLAIN.sub("", text)[:40]


def mermaid_diagram(unit: UnitPlan) -> list[str]:
    """The course as a diagram that GitHub draws; labels keep only letters, digits and a few signs."""
    if len(unit.steps) < 3:
        return []
    lines = ["flowchart LR", f'  s0["now<br/>{_diagram_label(unit.before)}"]']
    for number, step in enumerate(unit.steps, 1):
        name = _NOT_PLAIN.sub("", step.name)[:24]
        lines.append(f'  s{number - 1} --> s{number}["{name}<br/>{_diagram_label(step.tracks)}"]')
        if step.verdict.verdict != "safe":
            lines.append(f"  style s{number} stroke:#cf222e,stroke-width:3px")
    if not unit.steps[0].command:
        lines.append("  style s1 stroke-width:3px")
    return lines


def _diagram_label(tracks: Sequence[TrackView]) -> str:
    return _NOT_PLAIN.sub("", shares_text(tracks))[:60] or "–"
