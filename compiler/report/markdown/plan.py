"""A plan for a pull request: GitHub's Markdown, bounded in bytes, safe against whatever specs contain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from markupsafe import Markup

from compiler.model.plan import EnvironmentPlan, Plan, UnitPlan
from compiler.report.markdown.changes import changed_object_names, shared_edit_values
from compiler.report.markdown.render import rendered_markdown
from compiler.report.markdown.size_limit import SizedPart, byte_size, fit_parts
from compiler.report.markdown.unit import concise_unit, full_unit, unit_line
from compiler.report.phrases import (
    VERDICT_MARKS,
    changed_units_by_risk,
    counted,
    overall_verdict,
    overall_words,
    refusal_text,
)
from compiler.report.shared_edits import SharedEdit, SharedEdits, find_shared_edits

COMMENT_LIMIT: Final = 65_536
SUMMARY_LIMIT: Final = 1_048_576
MIN_LIMIT: Final = 4_096
_MAX_SHARED_EDITS: Final = 12


def markdown_report(plan: Plan, limit_bytes: int = COMMENT_LIMIT) -> str:
    """The plan in at most `limit_bytes` bytes of UTF-8 (at least 4,096), which ends with a newline.

    A comment of GitHub holds 65,536 characters, a step's summary 1 MiB. Where room is short, releases degrade from
    full to concise to a line with their objects to a count; what is not safe is the last to do so. It begins with a
    hidden marker, `<!-- shipway:ENV -->` for each environment, by which a sticky comment is recognized. Raises
    ValueError for a smaller limit.
    """
    if limit_bytes < MIN_LIMIT:
        raise ValueError(f"a plan needs room for {MIN_LIMIT} bytes, not {limit_bytes}")
    head, foot = _markdown_header(plan), rendered_markdown("plan_foot.md", plan=plan)
    if byte_size(head) + byte_size(foot) > limit_bytes - MIN_LIMIT // 2:
        head = rendered_markdown(
            "plan_short_head.md", markers=_markers(plan.environments[:20]), headline=_verdict(plan)
        )
    shared = find_shared_edits(plan.environments)
    body, left_out = _body(plan, shared, limit_bytes - byte_size(head) - byte_size(foot) - 200)
    return f"{head}{body}{_left_out(left_out)}{foot}"


def _markdown_header(plan: Plan) -> str:
    notes = list(dict.fromkeys(note for environment in plan.environments for note in environment.notes))[:5]
    markers = _markers(plan.environments)
    return rendered_markdown("plan_head.md", plan=plan, markers=markers, headline=_verdict(plan), notes=notes)


def _markers(environments: Sequence[EnvironmentPlan]) -> Markup:
    """Names of environments are names of folders: what no comment may hold is left out."""
    kept = ("".join(c for c in each.name if c.isalnum() or c in "._-").replace("--", "-")[:63] for each in environments)
    return Markup("").join(Markup(f"<!-- shipway:{name} -->") for name in kept)  # noqa: S704 - letters and digits


def _verdict(plan: Plan) -> str:
    verdict = overall_verdict(plan)
    if plan.refusals:
        return f"✗ {refusal_text(plan)}"
    if not any(environment.changed for environment in plan.environments):
        return "✓ Nothing changes"
    listed_names = ", ".join(environment.name for environment in plan.environments[:4])
    more = f" and {len(plan.environments) - 4} more" if len(plan.environments) > 4 else ""
    number = sum(len(changed_units_by_risk(environment)) for environment in plan.environments)
    words = overall_words(plan).capitalize()
    return f"{VERDICT_MARKS[verdict]} {words}: {counted(number, 'release')} of {listed_names}{more}"


def _body(plan: Plan, shared: SharedEdits, room: int) -> tuple[str, int]:
    units = [
        (environment.name, unit) for environment in plan.environments for unit in changed_units_by_risk(environment)
    ]
    parts = [_unit_part(name, unit, shared) for name, unit in units]
    parts += [_other_changes_part(environment) for environment in plan.environments if environment.other_changes]
    if shared.edits:
        parts.append(SizedPart((partial(_shared_edits_text, shared.edits),), True))
    texts, levels = fit_parts(parts, room)
    whole = "".join(text for text, level in zip(texts, levels, strict=True) if level != 1)
    lines = "".join(text for text, level in zip(texts, levels, strict=True) if level == 1)
    gap = "\n" if whole and lines else ""
    return f"{whole}{gap}{lines}{gap or ''}", levels.count(0)


def _shared_edits_text(edits: Sequence[SharedEdit]) -> str:
    shown = [shared_edit_values(edit) for edit in edits[:_MAX_SHARED_EDITS]]
    return rendered_markdown("shared_edits.md", edits=shown, more=max(0, len(edits) - _MAX_SHARED_EDITS))


def _unit_part(environment: str, unit: UnitPlan, shared: SharedEdits) -> SizedPart:
    renditions = (
        partial(unit_line, environment, unit),
        partial(concise_unit, environment, unit),
        partial(full_unit, environment, unit, shared),
    )
    return SizedPart(renditions, unit.verdict.verdict != "safe")


def _other_changes_part(environment: EnvironmentPlan) -> SizedPart:
    objects = changed_object_names(environment.other_changes, 20)
    text = rendered_markdown("other_changes.md", environment=environment, objects=objects)
    return SizedPart((lambda: text,), False)


def _left_out(number: int) -> str:
    return (
        f"\n… and {counted(number, 'more release')} for which there is no room: see the plan's artifact.\n"
        if number
        else ""
    )
