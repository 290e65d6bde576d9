"""A plan for a pull request: GitHub's Markdown, bounded in bytes, safe against whatever specs contain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from compiler.plan.model import EnvironmentPlan, Plan, UnitPlan
from compiler.report.comment.changes import names, shared_edits
from compiler.report.comment.escape import code, prose, table
from compiler.report.comment.fitting import Part, fitted, size
from compiler.report.comment.unit import concise, full, listed
from compiler.report.phrases import MARK, ORDER, all_changes, changed_units, counted, overall, refusal, short, tally
from compiler.report.sharing import Sharing, sharing

COMMENT: Final = 65_536
SUMMARY: Final = 1_048_576
SMALLEST: Final = 4_096
_TABLE = 40
_REFUSED = 20


def markdown(plan: Plan, limit_bytes: int = COMMENT) -> str:
    """The plan in at most `limit_bytes` bytes of UTF-8 (at least 4,096), which ends with a newline.

    A comment of GitHub holds 65,536 characters, a step's summary 1 MiB. Where room is short, releases degrade from
    full to concise to a line with their objects to a count; what is not safe is the last to do so. It begins with a
    hidden marker, `<!-- shipway:ENV -->` for each environment, by which a sticky comment is found again. Raises
    ValueError for a smaller limit.
    """
    if limit_bytes < SMALLEST:
        raise ValueError(f"a plan needs room for {SMALLEST} bytes, not {limit_bytes}")
    head, foot = _head(plan), _foot(plan)
    if size(head) + size(foot) > limit_bytes - SMALLEST // 2:
        head = f"{_markers(plan.environments[:20])}\n{_verdict(plan)}\n"
    shared = sharing(plan.environments)
    body, left_out = _body(plan, shared, limit_bytes - size(head) - size(foot) - 200)
    return f"{head}{body}{_left_out(left_out)}{foot}"


def _head(plan: Plan) -> str:
    lines = [_markers(plan.environments), _verdict(plan), "", *_refused(plan)]
    rows = [_row(environment) for environment in plan.environments[:_TABLE]]
    lines += table(("environment", "verdict", "releases", *ORDER, "digest"), rows, frozenset(range(2, 7)))
    if len(plan.environments) > _TABLE:
        lines += [f"… {counted(len(plan.environments) - _TABLE, 'more environment')}", ""]
    notes = dict.fromkeys(note for environment in plan.environments for note in environment.notes)
    lines += [f"> {prose(note)}" for note in list(notes)[:5]]
    return "\n".join([*lines, *([""] if notes else [])]) + "\n"


def _markers(environments: Sequence[EnvironmentPlan]) -> str:
    """Names of environments are names of folders: what no comment may hold is left out."""
    kept = ("".join(c for c in each.name if c.isalnum() or c in "._-").replace("--", "-")[:63] for each in environments)
    return "".join(f"<!-- shipway:{name} -->" for name in kept)


def _verdict(plan: Plan) -> str:
    verdict = overall(plan)
    if plan.refused:
        return f"## ✗ {refusal(plan)}"
    if not any(environment.changed for environment in plan.environments):
        return "## ✓ Nothing changes"
    listed_names = ", ".join(environment.name for environment in plan.environments[:4])
    more = f" and {len(plan.environments) - 4} more" if len(plan.environments) > 4 else ""
    number = sum(len(changed_units(environment)) for environment in plan.environments)
    return f"## {MARK[verdict]} {verdict.capitalize()}: {counted(number, 'release')} of {prose(listed_names)}{more}"


def _refused(plan: Plan) -> Iterator[str]:
    """What was refused, in a line each: there is no plan of it."""
    for each in plan.refused[:_REFUSED]:
        place = f" at {code(str(each.loc))}" if each.loc is not None else ""
        mend = f" · {prose(each.help)}" if each.help else ""
        yield f"- {code(each.code)} {prose(each.message)}{place}{mend}"
    if len(plan.refused) > _REFUSED:
        yield f"- … {counted(len(plan.refused) - _REFUSED, 'more')}"
    if plan.refused:
        yield ""


def _row(environment: EnvironmentPlan) -> tuple[str, ...]:
    verdict = overall(environment)
    numbers = tally(all_changes(environment))
    units = f"{len(changed_units(environment)):,} of {len(environment.units):,}"
    said = f"{MARK[verdict]} {verdict}" if environment.changed else "nothing changes"
    cells = (f"{numbers[action]:,}" if numbers[action] else "" for action in ORDER)
    return prose(environment.name), said, units, *cells, code(environment.digest)


def _body(plan: Plan, shared: Sharing, room: int) -> tuple[str, int]:
    units = [(environment.name, unit) for environment in plan.environments for unit in changed_units(environment)]
    parts = [_part(name, unit, shared) for name, unit in units]
    parts += [_other(environment) for environment in plan.environments if environment.other_changes]
    edits = "\n".join(shared_edits(shared.edits)) + "\n" if shared.edits else ""
    if edits:
        parts.append(Part((lambda: edits,), True))
    texts, levels = fitted(parts, room)
    whole = "".join(text for text, level in zip(texts, levels, strict=True) if level != 1)
    lines = "".join(text for text, level in zip(texts, levels, strict=True) if level == 1)
    gap = "\n" if whole and lines else ""
    return f"{whole}{gap}{lines}{gap or ''}", levels.count(0)


def _part(environment: str, unit: UnitPlan, shared: Sharing) -> Part:
    renditions = (
        partial(listed, environment, unit),
        partial(concise, environment, unit),
        partial(full, environment, unit, shared),
    )
    return Part(renditions, unit.verdict.verdict != "safe")


def _other(environment: EnvironmentPlan) -> Part:
    text = f"- {prose(environment.name)}, beside the releases: {names(environment.other_changes, 20)}\n"
    return Part((lambda: text,), False)


def _left_out(number: int) -> str:
    return (
        f"\n… and {counted(number, 'more release')} for which there is no room: see the plan's artifact.\n"
        if number
        else ""
    )


def _foot(plan: Plan) -> str:
    source = f" from {code(short(plan.source))}" if plan.source else ""
    publish = "".join(_publish(plan))
    return f"\n{publish}<sub>shipway {prose(plan.compiler)}{source}</sub>\n"


def _publish(plan: Plan) -> Iterator[str]:
    for environment in plan.environments[:_TABLE]:
        if environment.changed:
            yield f"Publish exactly this: {code(f'shipway publish {environment.name} --plan {environment.digest}')}\n\n"
