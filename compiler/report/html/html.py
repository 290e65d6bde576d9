"""A plan as one HTML file that opens anywhere: no network, light and dark, keyboard, any number of releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.model.plan import EnvironmentPlan, Plan, UnitPlan
from compiler.report.html.page import escaped_text, html_page
from compiler.report.html.page_data import embedded, unit_data
from compiler.report.phrases import (
    ACTION_PARTICIPLES,
    VERDICT_MARKS,
    action_counts,
    change_title,
    changed_units_by_risk,
    counted,
    environment_changes,
    overall_verdict,
    refusal_text,
    short_id,
)
from compiler.report.shared_edits import SharedEdit, find_shared_edits

MAX_DANGERS = 60
MAX_EDITS = 40
_SEARCHED = 600
EnvironmentUnit = tuple[EnvironmentPlan, UnitPlan]


def html_report(plan: Plan) -> str:
    """The plan's page. What specs and manifests contain appears as text only; secrets by the names of their keys.

    The list and the overview are in the page as it stands; the details of a release are data in an element of their
    own, which the page's script reads when the release is opened.
    """
    shared = find_shared_edits(plan.environments)
    units = [(each, unit) for each in plan.environments for unit in changed_units_by_risk(each)]
    details = [
        f'<script type="application/json" id="d{number}">{embedded(unit_data(each.name, unit, shared))}</script>'
        for number, (each, unit) in enumerate(units)
    ]
    body = [
        *_header(plan),
        '<div class="frame">',
        *_navigation(plan, units),
        *_html_main(plan, units, shared.edits),
        "</div>",
    ]
    verdict = overall_verdict(plan) if units or plan.refused else "nothing changes"
    names = ", ".join(each.name for each in plan.environments[:4])
    return html_page(
        f"{verdict}: {names} · Shipway plan", [*body, *details], ("parts.js", "page.js"), ("picture.css", "page.css")
    )


def _header(plan: Plan) -> Iterator[str]:
    verdict = overall_verdict(plan)
    changed = any(environment.changed for environment in plan.environments)
    words = f"{VERDICT_MARKS[verdict]} {verdict.capitalize()}" if changed or plan.refused else "✓ Nothing changes"
    yield '<header class="top">'
    yield '<a class="skip" href="#main">Skip to the plan</a>'
    yield '<a class="brand" href="#">Shipway <span>plan</span></a>'
    yield f'<p class="pill {verdict}">{words}</p>'
    source = f" · specs at <code>{escaped_text(short_id(plan.source))}</code>" if plan.source else ""
    yield f'<p class="made">shipway {escaped_text(plan.compiler)}{source}</p>'
    yield '<button type="button" id="keys" class="quiet" title="Keys">?</button>'
    yield '<button type="button" id="theme" class="quiet" title="Light or dark">◐ <span>Theme</span></button>'
    yield "</header>"


def _navigation(plan: Plan, units: Sequence[EnvironmentUnit]) -> Iterator[str]:
    yield '<nav class="list" aria-label="Releases">'
    yield '<div class="tools">'
    yield '<label class="hidden" for="filter">Filter releases and objects</label>'
    yield '<input id="filter" type="search" placeholder="Filter: name, object, field  ( / )" autocomplete="off">'
    yield '<div class="chips" role="group" aria-label="Show">'
    bad = sum(unit.verdict.verdict != "safe" for _, unit in units)
    risky = sum(bool(unit.dangers) for _, unit in units)
    for key, label, number in (("all", "All", len(units)), ("bad", "Not safe", bad), ("danger", "Dangers", risky)):
        yield (
            f'<button type="button" class="chip" data-show="{key}" aria-pressed="{str(key == "all").lower()}">'
            f"{label} <b>{number:,}</b></button>"
        )
    yield "</div>"
    yield '<p id="count" class="hint" role="status"></p>'
    yield "</div>"
    yield '<div class="scroll" id="list" tabindex="-1">'
    yield '<a class="row overview" href="#" aria-current="page"><span class="mark" aria-hidden="true">☰</span>'
    yield '<span class="who">Overview</span></a>'
    number = 0
    for environment in plan.environments:
        own = changed_units_by_risk(environment)
        if own:
            yield f'<h2 class="env">{escaped_text(environment.name)}</h2>'
        for unit in own:
            yield _html_unit_row(environment, unit, number)
            number += 1
    yield "</div>"
    yield "</nav>"


def _html_unit_row(environment: EnvironmentPlan, unit: UnitPlan, number: int) -> str:
    verdict = unit.verdict.verdict
    danger = f'<span class="risk" title="dangers">⚠ {len(unit.dangers)}</span>' if unit.dangers else ""
    objects = " ".join(change_title(change) for change in unit.changes[:20])
    words = f"{environment.name}/{unit.name} {unit.headline} {objects}".lower()[:_SEARCHED]
    return (
        f'<a class="row" href="#{escaped_text(environment.name)}/{escaped_text(unit.name)}" '
        f'data-n="{number}" data-verdict="{verdict}" '
        f'data-risk="{len(unit.dangers)}" data-words="{escaped_text(words)}">'
        f'<span class="mark {verdict}"><span aria-hidden="true">{VERDICT_MARKS[verdict]}</span>'
        f'<span class="hidden">{verdict}: </span></span>'
        f'<span class="who">{escaped_text(unit.name)}{danger}</span><span '
        f'class="what">{escaped_text(unit.headline, 160)}</span></a>'
    )


def _html_main(plan: Plan, units: Sequence[EnvironmentUnit], edits: Sequence[SharedEdit]) -> Iterator[str]:
    yield '<main id="main" tabindex="-1">'
    yield '<section id="overview" aria-label="Overview">'
    yield f"<h1>{_html_headline(plan, units)}</h1>"
    yield from _html_refused(plan)
    yield '<div class="cards">'
    for environment in plan.environments:
        yield from _environment_card(environment)
    yield "</div>"
    yield from _html_dangers(units)
    yield from _html_shared_edits(edits)
    yield from _html_other_changes(plan)
    yield from _html_open_courses(plan)
    yield "</section>"
    yield '<article id="unit" hidden></article>'
    yield "<noscript><p>The details of each release need the page's own script.</p></noscript>"
    yield "</main>"
    yield from _html_help()


def _html_refused(plan: Plan) -> Iterator[str]:
    """What was refused: there is no plan of it."""
    if plan.refused:
        yield "<ul>"
        for each in plan.refused:
            place = f" at <code>{escaped_text(str(each.loc))}</code>" if each.loc is not None else ""
            yield f"<li><code>{escaped_text(each.code)}</code> {escaped_text(each.message)}{place}</li>"
        yield "</ul>"


def _html_headline(plan: Plan, units: Sequence[EnvironmentUnit]) -> str:
    if plan.refused:
        return refusal_text(plan)
    if not any(environment.changed for environment in plan.environments):
        return "Nothing changes"
    bad = sum(unit.verdict.verdict != "safe" for _, unit in units)
    if not bad:
        return f"{counted(len(units), 'release')} to publish, each proven safe"
    return (
        f"{counted(bad, 'release')} of {len(units):,} would lose requests, or may"
        if bad > 1
        else (f"1 of {counted(len(units), 'release')} would lose requests, or may")
    )


def _environment_card(environment: EnvironmentPlan) -> Iterator[str]:
    verdict = overall_verdict(environment)
    numbers = action_counts(environment_changes(environment))
    base = f"on <code>{escaped_text(short_id(environment.base))}</code>" if environment.base else "the first publish"
    words = f"{VERDICT_MARKS[verdict]} {verdict}" if environment.changed else "✓ nothing changes"
    place = f"{environment.repository} {environment.branch}:{environment.path or '/'}".strip()
    yield '<div class="card">'
    yield f'<h2>{escaped_text(environment.name)} <span class="pill small {verdict}">{words}</span></h2>'
    yield f'<p class="soft wrap">{escaped_text(place)}, {base}</p>'
    yield '<dl class="counts">'
    yield (
        f"<div><dt>releases</dt><dd>{len(changed_units_by_risk(environment)):,} of "
        f"{len(environment.units):,}</dd></div>"
    )
    for action, number in ((action, number) for action, number in numbers.items() if number):
        yield f'<div class="{action}"><dt>{ACTION_PARTICIPLES[action]}</dt><dd>{number:,}</dd></div>'
    yield "</dl>"
    if environment.changed:
        command = f"shipway publish {environment.name} --plan {environment.digest}"
        yield f'<p class="command"><code>{escaped_text(command)}</code></p>'
    for note in environment.notes[:6]:
        yield f'<p class="soft">{escaped_text(note)}</p>'
    for warning in environment.warnings[:12]:
        place = f" ({escaped_text(str(warning.loc))})" if warning.loc is not None else ""
        yield f'<p class="warned"><b>{escaped_text(warning.code)}</b> {escaped_text(warning.message)}{place}</p>'
    yield "</div>"


def _html_dangers(units: Sequence[EnvironmentUnit]) -> Iterator[str]:
    found = [(each, unit, danger) for each, unit in units for danger in unit.dangers]
    if not found:
        return
    yield "<h2>Dangers</h2>"
    yield '<ul class="dangers">'
    for environment, unit, danger in found[:MAX_DANGERS]:
        place = f"{escaped_text(environment.name)}/{escaped_text(unit.name)}"
        yield (
            f'<li><span class="tag">{escaped_text(danger.kind)}</span> <a href="#{place}">{place}</a> '
            f"{escaped_text(danger.object)}: {escaped_text(danger.says)}</li>"
        )
    if len(found) > MAX_DANGERS:
        yield f"<li>… {counted(len(found) - MAX_DANGERS, 'more danger')}: see each release</li>"
    yield "</ul>"


def _html_shared_edits(edits: Sequence[SharedEdit]) -> Iterator[str]:
    if not edits:
        return
    yield '<h2>The same edit in many places</h2><div class="wide" tabindex="0" role="region" aria-label="Shared edits">'
    yield '<table class="edits"><thead><tr><th>field</th><th>edit</th><th>where</th><th>except</th></tr></thead><tbody>'
    for edit in edits[:MAX_EDITS]:
        units = edit.units
        where = ", ".join(units[:8]) + (f" and {len(units) - 8:,} more" if len(units) > 8 else "")
        other = "; ".join(f"{place.unit}: {says}" for place, says in edit.exceptions[:6])
        field = f"{escaped_text(edit.kind)} <code>{escaped_text(edit.path)}</code>"
        yield (
            f"<tr><td>{field}</td><td>{escaped_text(edit.says)}</td><td>{escaped_text(where)}</td>"
            f"<td>{escaped_text(other)}</td></tr>"
        )
    yield "</tbody></table></div>"
    if len(edits) > MAX_EDITS:
        yield f"<p>… {counted(len(edits) - MAX_EDITS, 'more edit')}</p>"


def _html_other_changes(plan: Plan) -> Iterator[str]:
    found = [(each.name, change) for each in plan.environments for change in each.other_changes]
    if found:
        yield '<h2>Beside the releases</h2><ul class="plain">'
        for name, change in found[:40]:
            yield (
                f"<li>{escaped_text(name)}: {escaped_text(change_title(change))} "
                f"{ACTION_PARTICIPLES[change.action]}</li>"
            )
        yield "</ul>"


def _html_open_courses(plan: Plan) -> Iterator[str]:
    waiting = [(each, unit) for each in plan.environments for unit in each.units if not unit.changed and unit.steps]
    if waiting:
        yield '<h2>Under way, and not changed</h2><ul class="plain">'
        for environment, unit in waiting[:100]:
            place = f"{environment.name}/{unit.name}"
            yield (
                f"<li>{escaped_text(place)}: {escaped_text(unit.position)} "
                f"<code>{escaped_text(unit.steps[0].command)}</code></li>"
            )
        yield "</ul>"


def _html_help() -> Iterator[str]:
    keys = (("/", "filter"), ("j k", "next, previous release"), ("o", "overview"), ("e", "open or close all objects"))
    yield '<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><dl>'
    yield from (f"<div><dt><kbd>{key}</kbd></dt><dd>{says}</dd></div>" for key, says in keys)
    yield '</dl><button type="button" id="close">Close</button></dialog>'
