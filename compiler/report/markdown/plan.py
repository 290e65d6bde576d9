"""A plan for a pull request: GitHub's Markdown, bounded in bytes, safe against whatever specs contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from compiler.model.plan import EnvironmentPlan, Plan, UnitPlan
from compiler.report.markdown.changes import changed_object_names, shared_edits_markdown
from compiler.report.markdown.escape import escaped_prose, inline_code, markdown_table
from compiler.report.markdown.size_limit import SizedPart, byte_size, fit_parts
from compiler.report.markdown.unit import concise_unit, full_unit, unit_line
from compiler.report.phrases import (
    ACTION_ORDER,
    VERDICT_MARKS,
    action_counts,
    changed_units_by_risk,
    counted,
    environment_changes,
    overall_verdict,
    refusal_text,
    short_id,
)
from compiler.report.shared_edits import SharedEdits, find_shared_edits

COMMENT_LIMIT: Final = 65_536
SUMMARY_LIMIT: Final = 1_048_576
MIN_LIMIT: Final = 4_096
_MAX_TABLE_ROWS = 40
_MAX_REFUSED = 20


def markdown_report(plan: Plan, limit_bytes: int = COMMENT_LIMIT) -> str:
    """The plan in at most `limit_bytes` bytes of UTF-8 (at least 4,096), which ends with a newline.

    A comment of GitHub holds 65,536 characters, a step's summary 1 MiB. Where room is short, releases degrade from
    full to concise to a line with their objects to a count; what is not safe is the last to do so. It begins with a
    hidden marker, `<!-- shipway:ENV -->` for each environment, by which a sticky comment is found again. Raises
    ValueError for a smaller limit.
    """
    if limit_bytes < MIN_LIMIT:
        raise ValueError(f"a plan needs room for {MIN_LIMIT} bytes, not {limit_bytes}")
    head, foot = _markdown_header(plan), _markdown_footer(plan)
    if byte_size(head) + byte_size(foot) > limit_bytes - MIN_LIMIT // 2:
        head = f"{_markers(plan.environments[:20])}\n{_verdict(plan)}\n"
    shared = find_shared_edits(plan.environments)
    body, left_out = _body(plan, shared, limit_bytes - byte_size(head) - byte_size(foot) - 200)
    return f"{head}{body}{_left_out(left_out)}{foot}"


def _markdown_header(plan: Plan) -> str:
    lines = [_markers(plan.environments), _verdict(plan), "", *_markdown_refused(plan)]
    rows = [_markdown_row(environment) for environment in plan.environments[:_MAX_TABLE_ROWS]]
    lines += markdown_table(
        ("environment", "verdict", "releases", *ACTION_ORDER, "digest"), rows, frozenset(range(2, 7))
    )
    if len(plan.environments) > _MAX_TABLE_ROWS:
        lines += [f"… {counted(len(plan.environments) - _MAX_TABLE_ROWS, 'more environment')}", ""]
    notes = dict.fromkeys(note for environment in plan.environments for note in environment.notes)
    lines += [f"> {escaped_prose(note)}" for note in list(notes)[:5]]
    return "\n".join([*lines, *([""] if notes else [])]) + "\n"


def _markers(environments: Sequence[EnvironmentPlan]) -> str:
    """Names of environments are names of folders: what no comment may hold is left out."""
    kept = ("".join(c for c in each.name if c.isalnum() or c in "._-").replace("--", "-")[:63] for each in environments)
    return "".join(f"<!-- shipway:{name} -->" for name in kept)


def _verdict(plan: Plan) -> str:
    verdict = overall_verdict(plan)
    if plan.refused:
        return f"## ✗ {refusal_text(plan)}"
    if not any(environment.changed for environment in plan.environments):
        return "## ✓ Nothing changes"
    listed_names = ", ".join(environment.name for environment in plan.environments[:4])
    more = f" and {len(plan.environments) - 4} more" if len(plan.environments) > 4 else ""
    number = sum(len(changed_units_by_risk(environment)) for environment in plan.environments)
    return (
        f"## {VERDICT_MARKS[verdict]} {verdict.capitalize()}: {counted(number, 'release')} of "
        f"{escaped_prose(listed_names)}{more}"
    )


def _markdown_refused(plan: Plan) -> Iterator[str]:
    """What was refused, in a line each: there is no plan of it."""
    for each in plan.refused[:_MAX_REFUSED]:
        place = f" at {inline_code(str(each.loc))}" if each.loc is not None else ""
        mend = f" · {escaped_prose(each.help)}" if each.help else ""
        yield f"- {inline_code(each.code)} {escaped_prose(each.message)}{place}{mend}"
    if len(plan.refused) > _MAX_REFUSED:
        yield f"- … {counted(len(plan.refused) - _MAX_REFUSED, 'more')}"
    if plan.refused:
        yield ""


def _markdown_row(environment: EnvironmentPlan) -> tuple[str, ...]:
    verdict = overall_verdict(environment)
    numbers = action_counts(environment_changes(environment))
    units = f"{len(changed_units_by_risk(environment)):,} of {len(environment.units):,}"
    said = f"{VERDICT_MARKS[verdict]} {verdict}" if environment.changed else "nothing changes"
    cells = (f"{numbers[action]:,}" if numbers[action] else "" for action in ACTION_ORDER)
    return escaped_prose(environment.name), said, units, *cells, inline_code(environment.digest)


def _body(plan: Plan, shared: SharedEdits, room: int) -> tuple[str, int]:
    units = [
        (environment.name, unit) for environment in plan.environments for unit in changed_units_by_risk(environment)
    ]
    parts = [_unit_part(name, unit, shared) for name, unit in units]
    parts += [_other_changes_part(environment) for environment in plan.environments if environment.other_changes]
    edits = "\n".join(shared_edits_markdown(shared.edits)) + "\n" if shared.edits else ""
    if edits:
        parts.append(SizedPart((lambda: edits,), True))
    texts, levels = fit_parts(parts, room)
    whole = "".join(text for text, level in zip(texts, levels, strict=True) if level != 1)
    lines = "".join(text for text, level in zip(texts, levels, strict=True) if level == 1)
    gap = "\n" if whole and lines else ""
    return f"{whole}{gap}{lines}{gap or ''}", levels.count(0)


def _unit_part(environment: str, unit: UnitPlan, shared: SharedEdits) -> SizedPart:
    renditions = (
        partial(unit_line, environment, unit),
        partial(concise_unit, environment, unit),
        partial(full_unit, environment, unit, shared),
    )
    return SizedPart(renditions, unit.verdict.verdict != "safe")


def _other_changes_part(environment: EnvironmentPlan) -> SizedPart:
    text = (
        f"- {escaped_prose(environment.name)}, beside the releases: "
        f"{changed_object_names(environment.other_changes, 20)}\n"
    )
    return SizedPart((lambda: text,), False)


def _left_out(number: int) -> str:
    return (
        f"\n… and {counted(number, 'more release')} for which there is no room: see the plan's artifact.\n"
        if number
        else ""
    )


def _markdown_footer(plan: Plan) -> str:
    source = f" from {inline_code(short_id(plan.source))}" if plan.source else ""
    publish = "".join(_publish(plan))
    return f"\n{publish}<sub>shipway {escaped_prose(plan.compiler)}{source}</sub>\n"


def _publish(plan: Plan) -> Iterator[str]:
    for environment in plan.environments[:_MAX_TABLE_ROWS]:
        if environment.changed:
            yield (
                "Publish exactly this: "
                f"{inline_code(f'shipway publish {environment.name} --plan {environment.digest}')}\n\n"
            )
