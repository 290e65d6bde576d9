"""The storyboard and the undo card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from compiler.diagnostics.render.cells import sanitized_line, width_of
from compiler.model.plan import StepView, TrackView, Undo, UnitPlan
from compiler.model.verdict import Verdict
from compiler.report.phrases import (
    VERDICT_MARKS,
    action_counts_text,
    counted,
    duration_text,
    verdict_words,
    worst_verdict,
)
from compiler.report.shares import BAR_CELLS, GLYPHS, share_cells, shares_text, version_names
from compiler.report.terminal.changes import object_lines
from compiler.report.terminal.paint import WIDTH, Paint, cropped, fit_to_width, wrapped

MAX_SUMMARY_STEPS: Final = 8
_BEFORE_SHARES: Final = 44
_BEFORE_LEGEND: Final = 11


def course_lines(unit: UnitPlan, paint: Paint) -> Iterator[str]:
    """Every step from now to the end with all that it says; the next one after this commit with its differences."""
    steps, names = unit.steps, course_versions(unit)
    yield from _version_legend(names, paint)
    for number, step in enumerate(steps):
        yield _step_line(number, step, names, paint)
        yield from _step_detail_lines(step, paint)
        if step.changes and number == (0 if steps[0].command else 1):
            yield from object_lines(step.changes, "        ", paint, most=6)


def course_summary_lines(unit: UnitPlan, paint: Paint) -> Iterator[str]:
    """Every step in a line, why one of them is not safe, and the command of the next one."""
    steps, names = unit.steps, course_versions(unit)
    yield from _version_legend(names, paint)
    for number, step in enumerate(steps[:MAX_SUMMARY_STEPS]):
        yield _step_line(number, step, names, paint)
        yield from _step_error_lines(step, paint)
    if len(steps) > MAX_SUMMARY_STEPS:
        yield f"     {paint.quiet}… {counted(len(steps) - MAX_SUMMARY_STEPS, 'more step')}{paint.end}"
    following = next((step for step in steps if step.command), None)
    if following is not None:
        yield f"  next     {paint.cyan}{cropped(following.command, 50)}{paint.end}{_waiting_text(following)}"


def _waiting_text(step: StepView) -> str:
    waits = [f"after a soak of {duration_text(step.pause_seconds)}"] if step.pause_seconds else []
    waits += [f"not before {step.not_before}"] if step.not_before else []
    return f"  {cropped(', '.join(waits), 26)}" if waits else ""


def course_versions(unit: UnitPlan) -> list[str]:
    """The versions of the course, in the order of their colors."""
    return version_names([*unit.before, *(track for step in unit.steps for track in step.tracks)])


def _version_legend(names: Sequence[str], paint: Paint) -> Iterator[str]:
    """The glyph of each version, in lines that fit."""
    lead, row, used = f"  {paint.strong}course{paint.end}   ", "", _BEFORE_LEGEND
    for number, name in enumerate(cropped(each, 26) for each in names[:6]):
        if row and used + width_of(name) + 4 > WIDTH:
            yield f"{lead}{row}"
            lead, row, used = " " * _BEFORE_LEGEND, "", _BEFORE_LEGEND
        row += f"{'  ' if row else ''}{paint.track(number)}{GLYPHS[number % 4]}{paint.end} {name}"
        used += width_of(name) + 4
    yield f"{lead}{row}"


def _step_line(number: int, step: StepView, names: Sequence[str], paint: Paint) -> str:
    verdict = step.verdict.verdict
    word = verdict if verdict_words(step.verdict) == verdict else ""  # its mark alone where no state was explored
    mark = f"{paint.safety(verdict)}{fit_to_width(f'{VERDICT_MARKS[verdict]} {word}', 9)}{paint.end}"
    head = (
        f"  {'▸' if not step.command else ' '} {number + 1:>2} {paint.strong}{fit_to_width(step.name, 12)}{paint.end}"
    )
    pods = counted(step.peak.pods, "pod")
    shares = cropped(shares_text(step.tracks), WIDTH - _BEFORE_SHARES - len(pods) - 2)
    return f"{head} {mark} {share_bar(step.tracks, names, paint)} {shares}, {pods}"


def _step_detail_lines(step: StepView, paint: Paint) -> Iterator[str]:
    if step.command:
        yield f"       {paint.cyan}{cropped(step.command, 42)}{paint.end}  {_way_back_marks(step, paint)}"
    notes = [step.summary if step.command else "", f"undo by `{step.back}`" if step.back else ""]
    if step.pause_seconds:
        notes.append(f"after a soak of {duration_text(step.pause_seconds)}")
    if step.not_before:
        notes.append(f"not before {step.not_before}")
    text = "; ".join(part for part in notes if part)
    yield from (f"{paint.quiet}{line}{paint.end}" for line in wrapped(text, "       "))
    yield from _step_error_lines(step, paint)


def _step_error_lines(step: StepView, paint: Paint) -> Iterator[str]:
    verdicts = (
        (step.verdict, ""),
        (step.reverse, "undo: "),
        *((verdict, f"from {name}: ") for name, verdict in step.skips),
    )
    for verdict, label in verdicts if step.command else ():
        yield from _verdict_errors(verdict, label, paint)


def _verdict_errors(verdict: Verdict, label: str, paint: Paint) -> Iterator[str]:
    for finding in verdict.errors[:2]:
        text = f"✗ {label}{finding.message}"
        yield from (f"{paint.red}{line}{paint.end}" for line in wrapped(text, "       "))


def _way_back_marks(step: StepView, paint: Paint) -> str:
    """`undo ✓ · from older commits ✓`: whether the way back, and coming here from an older commit, are proven too."""
    back = step.reverse.verdict
    marks = [f"undo {paint.safety(back)}{VERDICT_MARKS[back]}{paint.end}"]
    if step.skips:
        skipped = worst_verdict(verdict for _, verdict in step.skips)
        marks.append(f"from older commits {paint.safety(skipped)}{VERDICT_MARKS[skipped]}{paint.end}")
    return " · ".join(marks)


def share_bar(tracks: Sequence[TrackView], names: Sequence[str], paint: Paint) -> str:
    """The requests as a bar of twelve cells, divided among the versions; spaces where no shares are known."""
    parts = list(share_cells(tracks, names))
    bar = "".join(f"{paint.track(index)}{GLYPHS[index % 4] * cells}{paint.end}" for index, cells in parts)
    return bar + " " * (BAR_CELLS - sum(cells for _, cells in parts))


def preview_request_lines(unit: UnitPlan, paint: Paint) -> Iterator[str]:
    """How each new version is tried before it serves. A command is never cut."""
    for each in unit.previews:
        place = f"  {paint.quiet}{each.place}{paint.end}" if each.place else ""
        yield f"  {paint.strong}preview{paint.end}  {paint.cyan}{sanitized_line(each.command)}{paint.end}{place}"


def undo_lines(card: Undo, paint: Paint) -> Iterator[str]:
    """The way back, its verdict, and what it changes."""
    yield from undo_summary_lines(card, paint)
    if not card.changes:
        return
    yield f"           {paint.quiet}{action_counts_text(card.changes)}{paint.end}"
    yield from object_lines(card.changes, "        ", paint, most=4)


def undo_summary_lines(card: Undo, paint: Paint) -> Iterator[str]:
    """The command that goes back or what else does, and its verdict. A command is never cut."""
    tone = paint.safety(card.verdict.verdict)
    verdict = f"{tone}{VERDICT_MARKS[card.verdict.verdict]} {verdict_words(card.verdict)}{paint.end}"
    way = f"{paint.cyan}{sanitized_line(card.command)}{paint.end}  " if card.command else ""
    yield f"  {paint.strong}undo{paint.end}     {way}{verdict}"
    yield from wrapped(card.note, " " * 11)
    yield from _verdict_errors(card.verdict, "", paint)
