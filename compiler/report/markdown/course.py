"""The storyboard and the undo card in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compiler.model.plan import StepView, TrackView, UnitPlan
from compiler.report.markdown.changes import field_lines
from compiler.report.markdown.escape import collapsible, escaped_prose, fenced_code, inline_code, markdown_table
from compiler.report.phrases import VERDICT_MARKS, action_counts_text, duration_text, percent_text, worst_verdict
from compiler.report.terminal.course import share_bar, shares_text
from compiler.report.terminal.paint import PLAIN

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .%·→/-]")


def course_markdown(unit: UnitPlan) -> list[str]:
    """Every step from now to the end as a table, then the next one's differences."""
    names = list(dict.fromkeys(track.track for step in unit.steps for track in step.tracks))
    rows = [_course_row(step, names) for step in unit.steps]
    lines = ["**Course**", "", *markdown_table(("", "step", "requests", "", "peak", "verdict", "back", "skips"), rows)]
    commands = [step for step in unit.steps if step.command]
    if not commands:
        return lines
    following = commands[0]
    lines += [f"Next: {inline_code(following.command)}{_step_timing(following)} {escaped_prose(following.summary)}", ""]
    if following.changes:
        said = fenced_code(field_lines(following.changes, 40), "diff")
        lines += collapsible(f"what {code_free(following.name)} will change", said, ())
    return lines


def code_free(text: str) -> str:
    """A step's name inside HTML: only the signs that names of steps are made of."""
    return _NOT_PLAIN.sub("", text)[:40]


def _course_row(step: StepView, names: Sequence[str]) -> tuple[str, ...]:
    here = "▸" if not step.command else ""
    bar = share_bar(step.tracks, names, PLAIN).rstrip()
    verdict = f"{VERDICT_MARKS[step.verdict.verdict]} {step.verdict.verdict}"
    skips = VERDICT_MARKS[worst_verdict(verdict for _, verdict in step.skips)] if step.skips else ""
    name = f"**{escaped_prose(step.name, 40)}**" if here else escaped_prose(step.name, 40)
    said = escaped_prose(shares_text(step.tracks), 120)
    return here, name, bar, said, f"{step.peak.pods:,} pods", verdict, VERDICT_MARKS[step.reverse.verdict], skips


def _step_timing(step: StepView) -> str:
    soak = f" after a soak of {duration_text(step.pause_seconds)}" if step.pause_seconds else ""
    return f"{soak}{f' not before {escaped_prose(step.not_before)}' if step.not_before else ''}:"


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
    return [*fenced_code(lines, "mermaid"), ""]


def _diagram_label(tracks: Sequence[TrackView]) -> str:
    said = (f"{track.track} {percent_text(track.share)}" for track in tracks if track.share)
    return _NOT_PLAIN.sub("", " · ".join(said))[:60] or "–"


def undo_markdown(unit: UnitPlan) -> list[str]:
    """The command that goes back, its verdict, what it changes."""
    card = unit.undo
    if card is None:
        return []
    verdict = f"{VERDICT_MARKS[card.verdict.verdict]} {card.verdict.verdict}"
    lines = [f"**Undo** {inline_code(card.command)} — {verdict}, {action_counts_text(card.changes)}", ""]
    lines += [f"- {escaped_prose(finding.message)}" for finding in card.verdict.errors[:5]]
    return [*lines, *collapsible("what it changes", fenced_code(field_lines(card.changes, 40), "diff"), ())]
