"""The storyboard and the undo card in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from compiler.plan.model import StepView, TrackView, UnitPlan
from compiler.report.comment.changes import field_lines
from compiler.report.comment.escape import code, fence, folded, prose, table
from compiler.report.phrases import MARK, duration, percent, tally_words, worst
from compiler.report.terminal.course import share_bar, shares
from compiler.report.terminal.paint import PLAIN

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 .%·→/-]")


def course(unit: UnitPlan) -> list[str]:
    """Every step from now to the end as a table, then the next one's differences."""
    names = list(dict.fromkeys(track.track for step in unit.steps for track in step.tracks))
    rows = [_row(step, names) for step in unit.steps]
    lines = ["**Course**", "", *table(("", "step", "requests", "", "peak", "verdict", "back", "skips"), rows)]
    commands = [step for step in unit.steps if step.command]
    if not commands:
        return lines
    following = commands[0]
    lines += [f"Next: {code(following.command)}{_when(following)} {prose(following.says)}", ""]
    if following.changes:
        said = fence(field_lines(following.changes, 40), "diff")
        lines += folded(f"what {code_free(following.name)} will change", said, ())
    return lines


def code_free(text: str) -> str:
    """A step's name inside HTML: only the signs that names of steps are made of."""
    return _NOT_PLAIN.sub("", text)[:40]


def _row(step: StepView, names: Sequence[str]) -> tuple[str, ...]:
    here = "▸" if not step.command else ""
    bar = share_bar(step.tracks, names, PLAIN).rstrip()
    verdict = f"{MARK[step.verdict.verdict]} {step.verdict.verdict}"
    skips = MARK[worst(verdict for _, verdict in step.skips)] if step.skips else ""
    name = f"**{prose(step.name, 40)}**" if here else prose(step.name, 40)
    said = prose(shares(step.tracks), 120)
    return here, name, bar, said, f"{step.peak.pods:,} pods", verdict, MARK[step.reverse.verdict], skips


def _when(step: StepView) -> str:
    soak = f" after a soak of {duration(step.pause_seconds)}" if step.pause_seconds else ""
    return f"{soak}{f' not before {prose(step.not_before)}' if step.not_before else ''}:"


def picture(unit: UnitPlan) -> list[str]:
    """The course as a diagram that GitHub draws; labels keep only letters, digits and a few signs."""
    if len(unit.steps) < 3:
        return []
    lines = ["flowchart LR", f'  s0["now<br/>{_label(unit.before)}"]']
    for number, step in enumerate(unit.steps, 1):
        name = _NOT_PLAIN.sub("", step.name)[:24]
        lines.append(f'  s{number - 1} --> s{number}["{name}<br/>{_label(step.tracks)}"]')
        if step.verdict.verdict != "safe":
            lines.append(f"  style s{number} stroke:#cf222e,stroke-width:3px")
    if not unit.steps[0].command:
        lines.append("  style s1 stroke-width:3px")
    return [*fence(lines, "mermaid"), ""]


def _label(tracks: Sequence[TrackView]) -> str:
    said = (f"{track.track} {percent(track.share)}" for track in tracks if track.share)
    return _NOT_PLAIN.sub("", " · ".join(said))[:60] or "–"


def undo(unit: UnitPlan) -> list[str]:
    """The command that goes back, its verdict, what it changes."""
    card = unit.undo
    if card is None:
        return []
    verdict = f"{MARK[card.verdict.verdict]} {card.verdict.verdict}"
    lines = [f"**Undo** {code(card.command)} — {verdict}, {tally_words(card.changes)}", ""]
    lines += [f"- {prose(finding.message)}" for finding in card.verdict.errors[:5]]
    return [*lines, *folded("what it changes", fence(field_lines(card.changes, 40), "diff"), ())]
