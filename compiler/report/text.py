"""A plan on a terminal: the verdict first, then what a reviewer asks, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.diagnostics.render.text import text as findings_text
from compiler.plan.model import EnvironmentPlan, Plan, UnitPlan
from compiler.report.phrases import MARK, all_changes, changed_units, counted, overall, short, tally_words
from compiler.report.sharing import Sharing, sharing
from compiler.report.terminal.changes import objects, shared_edits
from compiler.report.terminal.paint import COLOURED, PLAIN, Paint, cropped, fit, wrapped
from compiler.report.terminal.unit import unit_page

FULL = 12
LISTED = 200


def text(plan: Plan, color: bool) -> str:
    """The plan in lines of at most 100 cells (quoted lines of specs apart), with a final newline.

    Up to twelve changed releases and groups are shown in full; of more, those that are not safe, and the others in
    a line each. Control characters of specs and manifests are replaced by their visible numbers.
    """
    paint = COLOURED if color else PLAIN
    shared = sharing(plan.environments)
    lines: list[str] = []
    for environment in plan.environments:
        lines += [*_environment(plan, environment, shared, paint), ""]
    edits = list(shared_edits(shared.edits, paint))
    lines += [*edits, ""] if edits else []
    return "\n".join([*lines, *_closing(plan, paint)]) + "\n"


def _environment(plan: Plan, environment: EnvironmentPlan, shared: Sharing, paint: Paint) -> Iterator[str]:
    units = changed_units(environment)
    yield from _summary(environment, units, paint)
    chosen = units if len(units) <= FULL else [unit for unit in units if unit.verdict.verdict != "safe"][:FULL]
    for unit in chosen:
        yield ""
        yield from unit_page(environment.name, unit, plan.texts, shared, paint)
    rest = [unit for unit in units if unit not in chosen] if len(chosen) < len(units) else []
    if rest:
        yield ""
        yield from _list(environment, rest, paint)
    if environment.other_changes:
        yield ""
        yield f"{paint.strong}beside the releases{paint.end}"
        yield from objects(environment.other_changes, "    ", paint, most=12)
    yield from _under_way(environment, paint)


def _summary(environment: EnvironmentPlan, units: Sequence[UnitPlan], paint: Paint) -> Iterator[str]:
    if not environment.changed:
        yield f"{paint.green}✓{paint.end} {paint.strong}{environment.name}{paint.end}: nothing changes"
    else:
        verdict = overall(environment)
        tone = paint.safety(verdict)
        of = f"{len(units):,} of {counted(len(environment.units), 'release')}"
        yield (
            f"{tone}{MARK[verdict]} {verdict}{paint.end}  {paint.strong}{environment.name}{paint.end}: "
            f"{of} {'changes' if len(units) == 1 else 'change'}; objects: {tally_words(all_changes(environment))}"
        )
    base = f"on {short(environment.base)}" if environment.base else "the first publish"
    place = f"{environment.repository} {environment.branch}:{environment.path or '/'}".strip()
    yield f"{paint.quiet}  {cropped(f'{place}, {base}', 96)}{paint.end}"
    for note in environment.notes:
        yield from (f"{paint.quiet}{line}{paint.end}" for line in wrapped(f"note: {note}", "  "))
    if environment.warnings:
        yield ""
        yield from findings_text(environment.warnings, {}, paint is COLOURED).rstrip("\n").split("\n")


def _list(environment: EnvironmentPlan, units: Sequence[UnitPlan], paint: Paint) -> Iterator[str]:
    """Units in a line each."""
    whole = f"in full: shipway plan {environment.name} --format html --output plan.html"
    yield f"{paint.strong}also{paint.end}  {paint.quiet}{whole}{paint.end}"
    for unit in units[:LISTED]:
        tone = paint.safety(unit.verdict.verdict)
        mark = f"{tone}{MARK[unit.verdict.verdict]}{paint.end}"
        danger = f"{paint.red}{len(unit.dangers)} !{paint.end} " if unit.dangers else ""
        yield f"  {mark} {fit(unit.name, 28)} {danger}{cropped(unit.headline, 60)}"
    if len(units) > LISTED:
        yield f"  {paint.quiet}… {counted(len(units) - LISTED, 'more release', 'more releases')}{paint.end}"


def _under_way(environment: EnvironmentPlan, paint: Paint) -> Iterator[str]:
    """Courses that this commit leaves as they are."""
    waiting = [unit for unit in environment.units if not unit.changed and unit.steps]
    if waiting:
        yield ""
        yield f"{paint.strong}under way, and not changed{paint.end}"
    for unit in waiting[:LISTED]:
        command = f"{paint.cyan}{cropped(unit.steps[0].command, 50)}{paint.end}"
        yield f"  {fit(unit.name, 20)} {fit(unit.position, 24)} {command}"


def _closing(plan: Plan, paint: Paint) -> Iterator[str]:
    """What to pass to `publish`, so that nothing else than this is published."""
    for environment in plan.environments:
        if environment.changed:
            yield f"plan of {cropped(environment.name, 40)}: {environment.digest}"
    source = f" from {short(plan.source)}" if plan.source else ""
    yield f"{paint.quiet}shipway {plan.compiler}{source}{paint.end}"
