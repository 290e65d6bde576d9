"""One release or group in Markdown, in three lengths."""

from __future__ import annotations

from compiler.model.plan import Danger, TrackView, UnitPlan
from compiler.report.findings import ReportedFinding, reported_findings
from compiler.report.markdown.changes import changed_object_names, field_lines, file_diffs_markdown
from compiler.report.markdown.course import course_markdown, mermaid_diagram, undo_markdown
from compiler.report.markdown.escape import collapsible, escaped_prose, fenced_code, inline_code, markdown_table
from compiler.report.phrases import VERDICT_MARKS, counted, track_summary, wait_text
from compiler.report.shared_edits import SharedEdits
from compiler.report.story import trace_moments


def unit_line(environment: str, unit: UnitPlan) -> str:
    """The unit in a line, with the names of its objects."""
    mark = VERDICT_MARKS[unit.verdict.verdict]
    danger = f" ⚠ {len(unit.dangers)}" if unit.dangers else ""
    name = escaped_prose(f"{environment}/{unit.name}")
    return f"- {mark} **{name}**{danger} {escaped_prose(unit.headline, 200)} — {changed_object_names(unit.changes)}\n"


def concise_unit(environment: str, unit: UnitPlan) -> str:
    """What changes for users, why it is not safe, dangers, the fields that differ."""
    lines = [
        *_unit_heading_markdown(environment, unit),
        *_findings_markdown(unit, 3),
        *dangers_markdown(unit.dangers, 8),
    ]
    return "\n".join([*lines, *collapsible("fields", fenced_code(field_lines(unit.changes, 24), "diff"), ())]) + "\n"


def full_unit(environment: str, unit: UnitPlan, shared: SharedEdits) -> str:
    """All of it, the differences as lines of the files."""
    lines = [
        *_unit_heading_markdown(environment, unit),
        *_findings_markdown(unit, 10),
        *_tracks_markdown(unit),
        *dangers_markdown(unit.dangers, 20),
    ]
    if unit.steps:
        lines += [*course_markdown(unit), *mermaid_diagram(unit)]
    return "\n".join([*lines, *undo_markdown(unit), *file_diffs_markdown(unit.changes, shared, unit.name)]) + "\n"


def _unit_heading_markdown(environment: str, unit: UnitPlan) -> list[str]:
    verdict = unit.verdict
    name = escaped_prose(f"{environment}/{unit.name}")
    said = [
        f"**{verdict.verdict}** over {counted(verdict.states, 'state')}",
        wait_text(verdict),
        unit.strategy,
        unit.position,
    ]
    facts = " · ".join(part if number == 0 else escaped_prose(part) for number, part in enumerate(said) if part)
    headline = [f"**{escaped_prose(unit.headline)}**", ""] if unit.headline else []
    return [f"### {VERDICT_MARKS[verdict.verdict]} {name}", "", *headline, facts, ""]


def _findings_markdown(unit: UnitPlan, most: int) -> list[str]:
    found = reported_findings(unit)
    lines = [line for each in found[:most] for line in _finding_markdown(each)]
    return [*lines, f"… {counted(len(found) - most, 'more finding')}", ""] if len(found) > most else lines


def _finding_markdown(each: ReportedFinding) -> list[str]:
    diagnostic = each.diagnostic
    kind = "CAUTION" if diagnostic.severity == "error" else "WARNING"
    place = f" ({inline_code(str(diagnostic.loc))})" if diagnostic.loc is not None else ""
    lines = [f"> [!{kind}]", f"> {inline_code(diagnostic.code)} {escaped_prose(diagnostic.message, 600)}{place}"]
    if diagnostic.help:
        lines += [">", f"> Help: {escaped_prose(diagnostic.help, 600)}"]
    return [*lines, "", *_trace_markdown(each)]


def _trace_markdown(each: ReportedFinding) -> list[str]:
    if not each.trace:
        return []
    lines = []
    for moment in trace_moments(each.trace):
        lines.append(f"{moment.number:>2}  {moment.event}")
        lines += [f"      {name} → {text}" for name, text in moment.serving]
        lines += [f"      {name}: {text}" for name, text in moment.pods]
    return collapsible(f"how it happens, in {counted(len(each.trace), 'state')}", fenced_code(lines[:80], "text"), ())


def _tracks_markdown(unit: UnitPlan) -> list[str]:
    before = {track.track: track for track in unit.before}
    after = {track.track: track for track in unit.after}
    rows = [
        (escaped_prose(name, 60), _track_cell(before.get(name)), _track_cell(after.get(name)))
        for name in dict.fromkeys([*before, *after])
    ]
    return markdown_table(("track", "now", "next"), rows)


def _track_cell(track: TrackView | None) -> str:
    return "–" if track is None else escaped_prose(track_summary(track), 120)


def dangers_markdown(found: tuple[Danger, ...], most: int) -> list[str]:
    """Always open: what a reviewer must not miss."""
    if not found:
        return []
    lines = [
        f"- ⚠ **{escaped_prose(each.kind)}** {escaped_prose(each.object)}: {escaped_prose(each.message)}"
        for each in found[:most]
    ]
    more = [f"- … {counted(len(found) - most, 'more danger')}"] if len(found) > most else []
    return ["**Dangers**", "", *lines, *more, ""]
