"""The storyboard and the undo card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.plan import StepView, TrackView, Undo
from compiler.model.verdict import Verdict
from compiler.report.phrases import (
    VERDICT_MARKS,
    action_counts_text,
    counted,
    duration_text,
    worst_verdict,
)
from compiler.report.shares import BAR_CELLS, GLYPHS, share_cells, shares_text
from compiler.report.terminal.changes import object_lines
from compiler.report.terminal.paint import Paint, cropped, fit_to_width, wrapped


def course_lines(steps: Sequence[StepView], paint: Paint) -> Iterator[str]:
    """Every step from now to the end; the next one after this commit with its differences."""
    names = list(dict.fromkeys(track.track for step in steps for track in step.tracks))
    yield f"  {paint.strong}course{paint.end}   {_track_legend(names, paint)}"
    for number, step in enumerate(steps):
        yield from _step_lines(number, step, names, paint)
        if step.changes and number == (0 if steps[0].command else 1):
            yield from object_lines(step.changes, "        ", paint, most=6)


def _track_legend(names: Sequence[str], paint: Paint) -> str:
    marks = (f"{paint.track(n)}{GLYPHS[n % 4]}{paint.end} {cropped(name, 18)}" for n, name in enumerate(names[:6]))
    return "  ".join(marks)


def _step_lines(number: int, step: StepView, names: Sequence[str], paint: Paint) -> Iterator[str]:
    verdict = step_verdicts(step, paint)
    here = "▸" if not step.command else " "
    bar = share_bar(step.tracks, names, paint)
    head = f"  {here} {number + 1:>2} {paint.strong}{fit_to_width(step.name, 14)}{paint.end}"
    pods = fit_to_width(counted(step.peak.pods, "pod"), 8)
    yield f"{head} {bar} {fit_to_width(shares_text(step.tracks), 26)} {pods} {verdict}"
    if step.command:
        yield f"       {paint.cyan}{cropped(step.command, 90)}{paint.end}"
    notes = [step.summary if step.command else ""]
    if step.pause_seconds:
        notes.append(f"after a soak of {duration_text(step.pause_seconds)}")
    if step.not_before:
        notes.append(f"not before {step.not_before}")
    text = "; ".join(part for part in notes if part)
    yield from (f"{paint.quiet}{line}{paint.end}" for line in wrapped(text, "       "))
    for verdict_of, label in (
        (step.verdict, ""),
        (step.reverse, "back: "),
        *((v, f"from {n}: ") for n, v in step.skips),
    ):
        if step.command:
            yield from _verdict_errors(verdict_of, label, paint)


def _verdict_errors(verdict: Verdict, label: str, paint: Paint) -> Iterator[str]:
    for finding in verdict.errors[:2]:
        text = f"✗ {label}{finding.message}"
        yield from (f"{paint.red}{line}{paint.end}" for line in wrapped(text, "       "))


def step_verdicts(step: StepView, paint: Paint) -> str:
    """`✓ safe  back ✓  3 skips ✓`."""
    tone = paint.safety(step.verdict.verdict)
    verdicts = [f"{tone}{VERDICT_MARKS[step.verdict.verdict]} {step.verdict.verdict}{paint.end}"]
    back = step.reverse.verdict
    verdicts.append(f"back {paint.safety(back)}{VERDICT_MARKS[back]}{paint.end}")
    if step.skips:
        skipped = worst_verdict(verdict for _, verdict in step.skips)
        verdicts.append(f"skips {paint.safety(skipped)}{VERDICT_MARKS[skipped]}{paint.end}")
    return " ".join(verdicts)


def share_bar(tracks: Sequence[TrackView], names: Sequence[str], paint: Paint) -> str:
    """The requests as a bar of 20 cells, divided among the tracks; spaces where no shares are known."""
    parts = list(share_cells(tracks, names))
    bar = "".join(f"{paint.track(index)}{GLYPHS[index % 4] * cells}{paint.end}" for index, cells in parts)
    return bar + " " * (BAR_CELLS - sum(cells for _, cells in parts))


def undo_lines(card: Undo, paint: Paint) -> Iterator[str]:
    """The command that goes back, its verdict, and what it changes."""
    tone = paint.safety(card.verdict.verdict)
    verdict = f"{tone}{VERDICT_MARKS[card.verdict.verdict]} {card.verdict.verdict}{paint.end}"
    yield f"  {paint.strong}undo{paint.end}     {paint.cyan}{cropped(card.command, 60)}{paint.end}   {verdict}"
    yield from _verdict_errors(card.verdict, "", paint)
    yield f"           {paint.quiet}{action_counts_text(card.changes)}{paint.end}"
    yield from object_lines(card.changes, "        ", paint, most=4)
