"""One release or group on a terminal, in the order in which a reviewer asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Final

from compiler.diagnostics.render.cells import width_of
from compiler.diagnostics.render.text import diagnostics_text as findings_text
from compiler.model.plan import Danger, TrackView, UnitPlan
from compiler.report.findings import ReportedFinding, reported_findings
from compiler.report.phrases import (
    ACTION_SIGNS,
    VERDICT_MARKS,
    action_counts_text,
    change_title,
    counted,
    scope_text,
    track_summary,
    verdict_words,
    wait_text,
)
from compiler.report.shared_edits import SharedEdits
from compiler.report.story import LOST_REQUESTS, NO_PODS, trace_moments
from compiler.report.terminal.changes import object_lines
from compiler.report.terminal.course import (
    course_lines,
    course_summary_lines,
    preview_request_lines,
    undo_lines,
    undo_summary_lines,
)
from compiler.report.terminal.paint import COLORED, WIDTH, Paint, cropped, fit_to_width, wrapped

MAX_NAMES: Final = 8


def unit_page(
    environment: str, unit: UnitPlan, texts: Mapping[str, str], shared: SharedEdits, paint: Paint
) -> Iterator[str]:
    """All of one unit: verdict, what changes for users, dangers, storyboard, undo, differences."""
    yield from _verdict_lines(environment, unit, texts, paint)
    if unit.steps:
        yield ""
        yield from course_lines(unit, paint)
    yield from preview_request_lines(unit, paint)
    if unit.undo is not None:
        yield ""
        yield from undo_lines(unit.undo, paint)
    yield ""
    yield f"  {paint.strong}differences{paint.end}  {paint.quiet}{action_counts_text(unit.changes)}{paint.end}"
    yield from object_lines(unit.changes, "    ", paint, shared, unit.name)


def unit_summary(
    environment: str, unit: UnitPlan, texts: Mapping[str, str], shared: SharedEdits, paint: Paint
) -> Iterator[str]:
    """One unit in ten to twenty lines: verdict, tracks, dangers, a line for each step, the way back, object names."""
    del shared
    yield from _verdict_lines(environment, unit, texts, paint)
    if unit.steps:
        yield ""
        yield from course_summary_lines(unit, paint)
    yield from preview_request_lines(unit, paint)
    if unit.undo is not None:
        yield from undo_summary_lines(unit.undo, paint)
    names = ", ".join(f"{ACTION_SIGNS[change.action]} {change_title(change)}" for change in unit.changes[:MAX_NAMES])
    more = f" and {len(unit.changes) - MAX_NAMES:,} more" if len(unit.changes) > MAX_NAMES else ""
    first, *rest = wrapped(f"{names}{more}", " " * 11)
    yield f"  {paint.strong}objects{paint.end}  {first.lstrip()}"
    yield from rest


def _verdict_lines(environment: str, unit: UnitPlan, texts: Mapping[str, str], paint: Paint) -> Iterator[str]:
    yield from unit_headings(environment, unit, paint)
    for each in reported_findings(unit):
        yield ""
        yield from finding_lines(each, texts, paint)
    yield ""
    yield from track_lines(unit, paint)
    if unit.dangers:
        yield ""
        yield from danger_lines(unit.dangers, paint)


def unit_headings(environment: str, unit: UnitPlan, paint: Paint) -> Iterator[str]:
    """Name and course on a rule, then the verdict, then the change in release words."""
    name = cropped(f"{environment}/{unit.name}", 40)
    course_words = cropped(" · ".join(part for part in (unit.strategy, unit.position) if part), 30)
    rule = "─" * max(3, WIDTH - len(name) - len(course_words) - 6)
    yield f"{paint.quiet}──{paint.end} {paint.strong}{name}{paint.end} {paint.quiet}{rule} {course_words}{paint.end}"
    yield verdict_line(unit, paint)
    if unit.headline:
        yield from (f"{paint.strong}{line}{paint.end}" for line in wrapped(unit.headline, ""))


def verdict_line(unit: UnitPlan, paint: Paint) -> str:
    verdict = unit.verdict
    tone = paint.safety(verdict.verdict)
    facts = [f"{tone}{VERDICT_MARKS[verdict.verdict]} {verdict_words(verdict)}{paint.end}", scope_text(verdict)]
    if verdict.errors:
        facts.append(counted(len(verdict.errors), "error"))
    waits = wait_text(verdict)
    return f" {paint.quiet}·{paint.end} ".join([*facts, *([waits] if waits else [])])


def track_lines(unit: UnitPlan, paint: Paint) -> Iterator[str]:
    """Each track now and next, side by side; a member's track has a long name, and gets a wider column."""
    before = {track.track: track for track in unit.before}
    after = {track.track: track for track in unit.after}
    names = list(dict.fromkeys([*before, *after]))
    first = min(24, max(12, *map(width_of, names))) if names else 12
    second = (WIDTH - first - 5) // 2
    yield f"  {paint.quiet}{fit_to_width('track', first)} {fit_to_width('now', second)} next{paint.end}"
    for name in names:
        old, new = _track_columns_text(before.get(name)), _track_columns_text(after.get(name))
        mark, end = (paint.strong, paint.end) if old != new else ("", "")
        columns = zip_longest(
            [name], wrapped(old, "", second), wrapped(new, "", WIDTH - first - second - 4), fillvalue=""
        )
        for label, now, following in columns:
            line = f"  {fit_to_width(label, first)} {fit_to_width(now, second)} {mark}{following}{end}"
            yield line if following else line.rstrip()


def _track_columns_text(track: TrackView | None) -> str:
    return track_summary(track) if track is not None else "–"


def danger_lines(dangers: tuple[Danger, ...], paint: Paint, most: int = 20) -> Iterator[str]:
    yield f"  {paint.strong}dangers{paint.end}"
    for danger in dangers[:most]:
        tag = f"{paint.red}! {fit_to_width(danger.kind, 12)}{paint.end}"
        first, *rest = wrapped(f"{danger.object}: {danger.message}", " " * 19)
        yield f"    {tag} {first.lstrip()}"
        yield from rest
    if len(dangers) > most:
        yield f"    {paint.quiet}… {counted(len(dangers) - most, 'more danger')}{paint.end}"


def finding_lines(each: ReportedFinding, texts: Mapping[str, str], paint: Paint) -> Iterator[str]:
    """The finding at its line, how it happens, then how to fix it."""
    head = f"{each.diagnostic.severity}[{each.diagnostic.code}]: "
    first, *rest = wrapped(f"{head}{each.diagnostic.message}", "", WIDTH - 2)
    # the help line comes last of all: it is what the reader does next
    shown = replace(each.diagnostic, message=first.removeprefix(head), help="")
    title, *place = findings_text([shown], texts, paint is COLORED).rpartition("\n\n")[0].split("\n")
    yield title
    yield from (f"  {paint.strong}{line}{paint.end}" for line in rest)
    yield from place
    if each.trace:
        yield f"{paint.strong}how it happens{paint.end}"
        yield from trace_lines(each, paint)
    if each.diagnostic.help:
        first, *rest = wrapped(each.diagnostic.help, "      ")
        yield f"{paint.strong}help:{paint.end} {first.lstrip()}"
        yield from rest


def trace_lines(each: ReportedFinding, paint: Paint) -> Iterator[str]:
    for moment in trace_moments(each.trace):
        tone = paint.red if moment.last else paint.strong
        first, *rest = wrapped(moment.event, "      ")
        yield f"  {tone}{moment.number:>2}{paint.end}  {tone}{first.lstrip()}{paint.end}"
        yield from (f"{tone}{line}{paint.end}" for line in rest)
        for name, text in moment.serving:
            yield from painted_lines(f"{name} → {text}", paint.red if LOST_REQUESTS.search(text) else "", paint)
        for name, text in moment.pods:
            yield from painted_lines(
                f"{name}: {text}", paint.red if text == NO_PODS and moment.number else paint.quiet, paint
            )


def painted_lines(text: str, tone: str, paint: Paint) -> Iterator[str]:
    for line in wrapped(text, "        "):
        yield f"{tone}{line}{paint.end}" if tone else line
