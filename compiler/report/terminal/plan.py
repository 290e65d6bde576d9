"""A plan on a terminal: the verdict first, then what a reviewer asks, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from compiler.diagnostics.render.text import diagnostics_text as findings_text
from compiler.model.plan import EnvironmentPlan, Plan, UnitPlan
from compiler.report.phrases import (
    VERDICT_MARKS,
    action_counts_text,
    argocd_changes,
    changed_units_by_risk,
    counted,
    environment_changes,
    overall_verdict,
    overall_words,
    release_counts,
    short_id,
)
from compiler.report.shared_edits import SharedEdits, find_shared_edits
from compiler.report.terminal.changes import object_lines, shared_edit_lines
from compiler.report.terminal.paint import COLORED, PLAIN, Paint, cropped, fit_to_width, wrapped
from compiler.report.terminal.unit import unit_page, unit_summary

MAX_FULL_UNITS = 12
MAX_LISTED_UNITS = 200


UnitText = Callable[[str, UnitPlan, Mapping[str, str], SharedEdits, Paint], Iterator[str]]


def text_report(plan: Plan, color: bool) -> str:
    """The plan in lines of at most 80 cells (quoted lines of specs apart), with a final newline.

    Each of up to twelve changed releases and groups has ten to twenty lines; of more, those that are not safe, and
    the others in a line each. Control characters of specs and manifests are replaced by their visible numbers.
    """
    return _text(plan, COLORED if color else PLAIN, unit_summary)


def detailed_text_report(plan: Plan, color: bool) -> str:
    """As `text_report`, with every step's command, what the next step and the way back change, and all fields."""
    return _text(plan, COLORED if color else PLAIN, unit_page)


def _text(plan: Plan, paint: Paint, page: UnitText) -> str:
    shared = find_shared_edits(plan.environments)
    lines: list[str] = []
    for environment in plan.environments:
        lines += [*_environment_lines(plan, environment, page, shared, paint), ""]
    edits = list(shared_edit_lines(shared.edits, paint))
    lines += [*edits, ""] if edits else []
    return "\n".join([*lines, *_closing_lines(plan, paint)]) + "\n"


def _environment_lines(
    plan: Plan, environment: EnvironmentPlan, page: UnitText, shared: SharedEdits, paint: Paint
) -> Iterator[str]:
    units = changed_units_by_risk(environment)
    yield from _environment_summary_lines(environment, paint)
    chosen = (
        units
        if len(units) <= MAX_FULL_UNITS
        else [unit for unit in units if unit.verdict.verdict != "safe"][:MAX_FULL_UNITS]
    )
    for unit in chosen:
        yield ""
        yield from page(environment.name, unit, plan.texts, shared, paint)
    rest = [unit for unit in units if unit not in chosen] if len(chosen) < len(units) else []
    if rest:
        yield ""
        yield from _unit_list_lines(environment, rest, paint)
    if environment.other_changes:
        yield ""
        yield f"{paint.strong}outside the releases{paint.end}"
        yield from object_lines(environment.other_changes, "    ", paint, most=12)
    yield from _open_course_lines(environment, paint)


def _environment_summary_lines(environment: EnvironmentPlan, paint: Paint) -> Iterator[str]:
    if not environment.changed and not environment.refused:
        yield f"{paint.green}✓{paint.end} {paint.strong}{environment.name}{paint.end}: nothing changes"
    else:
        verdict = overall_verdict(environment)
        tone, word = paint.safety(verdict), "refused" if environment.refused else overall_words(environment)
        changed, every = release_counts(environment)
        of = f"{changed:,} of {counted(every, 'release')}"
        yield (
            f"{tone}{VERDICT_MARKS[verdict]} {word}{paint.end}  {paint.strong}{environment.name}{paint.end}: "
            f"{of} {'changes' if changed == 1 else 'change'}"
        )
        yield f"  objects: {action_counts_text(environment_changes(environment))}"
        if own := argocd_changes(environment):
            yield f"  Argo CD's own: {action_counts_text(own)}"
    base = f"on {short_id(environment.base)}" if environment.base else "the first publish"
    place = f"{environment.repository} {environment.branch}:{environment.path or '/'}".strip()
    yield from (f"{paint.quiet}{line}{paint.end}" for line in wrapped(f"{place}, {base}", "  "))
    for note in environment.notes:
        yield from (f"{paint.quiet}{line}{paint.end}" for line in wrapped(f"note: {note}", "  "))
    if environment.warnings:
        yield ""
        yield from findings_text(environment.warnings, {}, paint is COLORED).rstrip("\n").split("\n")


def _unit_list_lines(environment: EnvironmentPlan, units: Sequence[UnitPlan], paint: Paint) -> Iterator[str]:
    """Units in a line each."""
    whole = f"in full: shipway plan {environment.name} --format html --output plan.html"
    yield f"{paint.strong}also{paint.end}  {paint.quiet}{whole}{paint.end}"
    for unit in units[:MAX_LISTED_UNITS]:
        tone = paint.safety(unit.verdict.verdict)
        mark = f"{tone}{VERDICT_MARKS[unit.verdict.verdict]}{paint.end}"
        danger = f"{paint.red}{len(unit.dangers)} !{paint.end} " if unit.dangers else ""
        yield f"  {mark} {fit_to_width(unit.name, 22)} {danger}{cropped(unit.headline, 46)}"
    if len(units) > MAX_LISTED_UNITS:
        yield f"  {paint.quiet}… {counted(len(units) - MAX_LISTED_UNITS, 'more release', 'more releases')}{paint.end}"


def _open_course_lines(environment: EnvironmentPlan, paint: Paint) -> Iterator[str]:
    """Courses that this commit leaves as they are."""
    waiting = [unit for unit in environment.units if unit.next_command]
    if waiting:
        yield ""
        yield f"{paint.strong}under way, and not changed{paint.end}"
    for unit in waiting[:MAX_LISTED_UNITS]:
        command = f"{paint.cyan}{cropped(unit.next_command, 34)}{paint.end}"
        yield f"  {fit_to_width(unit.name, 20)} {fit_to_width(unit.position, 24)} {command}"


def _closing_lines(plan: Plan, paint: Paint) -> Iterator[str]:
    """What to pass to `publish`, so that nothing else than this is published."""
    for environment in plan.environments:
        if environment.changed:
            yield f"plan of {cropped(environment.name, 60)}:"
            yield f"  {environment.digest}"
    source = f" from {short_id(plan.source)}" if plan.source else ""
    yield f"{paint.quiet}shipway {plan.compiler}{source}{paint.end}"
