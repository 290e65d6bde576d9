"""A plan as one HTML file that opens anywhere: no network, light and dark, keyboard, any number of releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from markupsafe import Markup, escape

from compiler.model.plan import EnvironmentPlan, Plan, UnitPlan
from compiler.report.html.page import html_page
from compiler.report.html.page_data import embedded, page_text, unit_data
from compiler.report.phrases import (
    VERDICT_MARKS,
    change_title,
    changed_units_by_risk,
    counted,
    figures_with_units,
    overall_verdict,
    overall_words,
    refusal_text,
)
from compiler.report.shared_edits import SharedEdits, find_shared_edits
from compiler.report.svg.picture import SvgShape, course_strip

_MAX_SEARCHED: Final = 600
_MAX_OVERVIEW_ROWS: Final = 60
_KEYS: Final = (
    ("/", "filter"),
    ("j k", "next, previous release"),
    ("o", "overview"),
    ("e", "open or close all objects"),
)


@dataclass(frozen=True, slots=True)
class _Row:
    """A release in the list: what the filter searches, and its details as data for the page's script."""

    number: int
    environment: EnvironmentPlan
    unit: UnitPlan
    headline: Markup
    words: str
    details: Markup
    strip: tuple[SvgShape, ...]
    steps: str


def html_report(plan: Plan) -> str:
    """The plan's page. What specs and manifests contain appears as text only; secrets by the names of their keys.

    The list and the overview are in the page as it stands; the details of a release are data in an element of their
    own, which the page's script reads when the release is opened.
    """
    shared = find_shared_edits(plan.environments)
    groups = _grouped_rows(plan, shared)
    rows = [row for _, group in groups for row in group]
    verdict = overall_verdict(plan) if rows or plan.refusals else "nothing changes"
    return html_page(
        "plan.html",
        ("page.css",),
        ("parts.js", "page.js"),
        title=f"{verdict}: {', '.join(each.name for each in plan.environments[:4])}",
        plan=plan,
        verdict=overall_verdict(plan),
        overall=_overall_heading(plan),
        headline=_headline(plan, rows),
        groups=groups,
        rows=rows,
        chips=_chips(rows),
        keys=_KEYS,
        shown_rows=rows[:_MAX_OVERVIEW_ROWS],
        dangers=[(f"{row.environment.name}/{row.unit.name}", danger) for row in rows for danger in row.unit.dangers],
        edits=shared.edits,
        other_changes=[(each, change) for each in plan.environments for change in each.other_changes],
        open_courses=_open_courses(plan),
    )


def _grouped_rows(plan: Plan, shared: SharedEdits) -> list[tuple[EnvironmentPlan, list[_Row]]]:
    numbers = count()
    return [
        (each, [_row(next(numbers), each, unit, shared) for unit in changed_units_by_risk(each)])
        for each in plan.environments
    ]


def _row(number: int, environment: EnvironmentPlan, unit: UnitPlan, shared: SharedEdits) -> _Row:
    objects = " ".join(change_title(change) for change in unit.changes[:20])
    words = f"{environment.name}/{unit.name} {unit.headline} {objects}".lower()[:_MAX_SEARCHED]
    details = embedded(unit_data(environment.name, unit, shared))
    steps = " → ".join(step.name for step in unit.steps)
    return _Row(number, environment, unit, _headline_markup(unit), words, details, course_strip(unit), steps)


def _headline_markup(unit: UnitPlan) -> Markup:
    """The headline, escaped, with its figures kept beside their units."""
    return Markup(figures_with_units(str(escape(page_text(unit.headline, 160)))))  # noqa: S704 - escaped


def _chips(rows: Sequence[_Row]) -> tuple[tuple[str, str, int], ...]:
    bad = sum(row.unit.verdict.verdict != "safe" for row in rows)
    risky = sum(bool(row.unit.dangers) for row in rows)
    return ("all", "All", len(rows)), ("bad", "Not safe", bad), ("danger", "Dangers", risky)


def _overall_heading(plan: Plan) -> str:
    if not plan.refusals and not any(environment.changed for environment in plan.environments):
        return "✓ Nothing changes"
    verdict = overall_verdict(plan)
    return f"{VERDICT_MARKS[verdict]} {overall_words(plan).capitalize()}"


def _headline(plan: Plan, rows: Sequence[_Row]) -> str:
    if plan.refusals:
        return refusal_text(plan)
    if not any(environment.changed for environment in plan.environments):
        return "Nothing changes"
    every = sum(len(row.unit.members) for row in rows)
    bad = sum(len(row.unit.members) for row in rows if row.unit.verdict.verdict != "safe")
    if not bad:
        return f"{counted(every, 'release')} to publish, each proven safe"
    return f"{bad:,} of {counted(every, 'release')} would lose requests, or may"


def _open_courses(plan: Plan) -> list[tuple[EnvironmentPlan, UnitPlan]]:
    return [(each, unit) for each in plan.environments for unit in each.units if unit.next_command]
