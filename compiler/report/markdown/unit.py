"""One release or group in Markdown, in three lengths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.model.plan import TrackView, UnitPlan
from compiler.report.findings import ReportedFinding, reported_findings
from compiler.report.markdown.changes import changed_object_names, field_lines, file_difference
from compiler.report.markdown.course import course_values
from compiler.report.markdown.render import rendered_markdown
from compiler.report.phrases import split_wave_changes
from compiler.report.shared_edits import SharedEdits
from compiler.report.story import trace_moments

_MAX_STORY_LINES = 80


def unit_line(environment: str, unit: UnitPlan) -> str:
    """The unit in a line, with the names of its objects."""
    objects = changed_object_names(unit.changes)
    return rendered_markdown("unit_line.md", unit=unit, place=f"{environment}/{unit.name}", objects=objects)


def concise_unit(environment: str, unit: UnitPlan) -> str:
    """What changes for users, why it is not safe, dangers, the fields that differ."""
    fields = field_lines(unit.changes, 24)
    return rendered_markdown(
        "unit_concise.md", **_unit_values(environment, unit), fields=fields, most_findings=3, most_dangers=8
    )


def full_unit(environment: str, unit: UnitPlan, shared: SharedEdits) -> str:
    """All of it, the differences as lines of the files."""
    telling, waves = split_wave_changes(unit.changes)
    return rendered_markdown(
        "unit_full.md",
        **_unit_values(environment, unit),
        **course_values(unit),
        tracks=list(_track_rows(unit)),
        differences=[file_difference(change, shared, unit.name) for change in telling],
        waves=waves,
        most_findings=10,
        most_dangers=20,
    )


def _unit_values(environment: str, unit: UnitPlan) -> dict[str, Any]:
    findings = [_finding_context(each) for each in reported_findings(unit)]
    return {"unit": unit, "place": f"{environment}/{unit.name}", "findings": findings}


def _track_rows(unit: UnitPlan) -> Iterator[tuple[str, TrackView | None, TrackView | None]]:
    """Each track's name, what it is now, and what it will be."""
    before = {track.track: track for track in unit.before}
    after = {track.track: track for track in unit.after}
    return ((name, before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after]))


def _finding_context(each: ReportedFinding) -> dict[str, Any]:
    story = list(_story_lines(each))[:_MAX_STORY_LINES]
    return {"diagnostic": each.diagnostic, "states": len(each.trace), "story": story}


def _story_lines(each: ReportedFinding) -> Iterator[str]:
    for moment in trace_moments(each.trace):
        yield f"{moment.number:>2}  {moment.event}"
        yield from (f"      {name} → {text}" for name, text in moment.serving)
        yield from (f"      {name}: {text}" for name, text in moment.pods)
