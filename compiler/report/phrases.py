"""The words that all reports share: verdicts, counts, shares, values."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from compiler.model.plan import EnvironmentPlan, FieldChange, ObjectChange, Plan, TrackView, UnitPlan
from compiler.model.verdict import Safety, Scope, Verdict

VERDICT_MARKS: Final[dict[Safety, str]] = {"safe": "✓", "unsafe": "✗", "unknown": "?"}
ACTION_SIGNS: Final = {"add": "+", "change": "~", "delete": "-", "replace": "±"}
ACTION_PARTICIPLES: Final = {"add": "added", "change": "changed", "delete": "deleted", "replace": "replaced"}
ACTION_ORDER: Final = ("add", "change", "replace", "delete")

WAVE: Final = "metadata.annotations[argocd.argoproj.io/sync-wave]"
HIDDEN: Final = "(another value, hidden)"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 release`, `2,000 releases`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent_text(share: float | None) -> str:
    """`25 %`, `12.5 %`; a dash where no share is known."""
    return "–" if share is None else f"{share:g} %"


_FIGURE: Final = re.compile(r"(?<=[0-9]) (?=(?:%|pods?|cores?|[KMGT]iB)(?![^\W_]))")


def figures_with_units(text: str) -> str:
    """`peak 7 pods, 3.5 GiB` with spaces that no line breaks at."""
    return _FIGURE.sub("\N{NO-BREAK SPACE}", text)


def duration_text(seconds: float) -> str:
    """`45 s`, `30 min`, `2 h`, `1 h 30 min`."""
    if seconds < 60:
        return f"{seconds:g} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def wait_text(verdict: Verdict) -> str:
    """How long a newer commit may have to wait for this one."""
    if verdict.longest_wait is None:
        return "a newer commit may wait without limit"
    return f"a newer commit waits {duration_text(verdict.longest_wait)} at most" if verdict.longest_wait else ""


SCOPE_TEXTS: Final[dict[Scope, str]] = {
    "no-difference": "no object differs",
    "nothing-served-before": "nothing served before",
    "nothing-that-serves": "nothing that serves changes",
}


def scope_text(verdict: Verdict) -> str:
    """Of what a verdict speaks: `12 states`; where none was explored, what was compared."""
    if verdict.scope == "states":
        return counted(verdict.states, "state")
    compared = verdict.compared
    objects = f"{counted(compared.objects, 'object')} compared"
    if compared.changed and compared.before:
        verb = "differs" if compared.changed == 1 else "differ"
        return f"{objects}, {compared.changed:,} {verb}, in {counted(compared.fields or 0, 'field')}"
    return objects


def verdict_over_scope(verdict: Verdict) -> str:
    """`safe over 12 states`; `nothing served before: 4 objects compared`."""
    return f"{verdict_words(verdict)}{' over ' if verdict.scope == 'states' else ': '}{scope_text(verdict)}"


def verdict_words(verdict: Verdict) -> str:
    """The verdict in a word; where no state was explored, why there was none, for nothing was shown to be safe."""
    if verdict.verdict != "safe" or verdict.scope == "states":
        return verdict.verdict
    return SCOPE_TEXTS[verdict.scope]


def worst_verdict(verdicts: Iterable[Verdict]) -> Safety:
    """The worst of several verdicts; of none: safe."""
    kinds = {verdict.verdict for verdict in verdicts}
    return "unsafe" if "unsafe" in kinds else "unknown" if "unknown" in kinds else "safe"


def overall_verdict(plan: Plan | EnvironmentPlan) -> Safety:
    """The verdict on all that would be published; what was refused is never safe."""
    if plan.refusals if isinstance(plan, Plan) else plan.refused:
        return "unsafe"
    environments = plan.environments if isinstance(plan, Plan) else (plan,)
    return worst_verdict(unit.verdict for environment in environments for unit in environment.units if unit.changed)


def overall_words(plan: Plan | EnvironmentPlan) -> str:
    """The verdict on all that would be published, in a word, or why no state of it was explored."""
    verdict = overall_verdict(plan)
    environments = plan.environments if isinstance(plan, Plan) else (plan,)
    units = [unit for environment in environments for unit in environment.units if unit.changed]
    scopes = {unit.verdict.scope for unit in units} - {"no-difference"}
    if verdict != "safe" or not scopes or "states" in scopes:
        return verdict
    return SCOPE_TEXTS["nothing-that-serves" if "nothing-that-serves" in scopes else "nothing-served-before"]


def refusal_text(plan: Plan) -> str:
    """`Refused: 2 errors`, of specs that have no plan, or that `publish` does not take now."""
    return f"Refused: {counted(sum(each.severity == 'error' for each in plan.refusals), 'error')}"


def changed_units_by_risk(environment: EnvironmentPlan) -> list[UnitPlan]:
    """The units that change, what is not safe first, then in the order of their names."""
    rank = {"unsafe": 0, "unknown": 1, "safe": 2}
    changed = [unit for unit in environment.units if unit.changed]
    return sorted(changed, key=lambda unit: (rank[unit.verdict.verdict], unit.name))


def release_counts(environment: EnvironmentPlan) -> tuple[int, int]:
    """How many releases change, and how many there are: members of a group count each, as `check` counts them."""
    changed = sum(len(unit.members) for unit in environment.units if unit.changed)
    return changed, sum(len(unit.members) for unit in environment.units)


def environment_changes(environment: EnvironmentPlan) -> list[ObjectChange]:
    """Every object that an environment's plan touches, as `check` counts them: Argo CD's own are not among them."""
    others = (change for change in environment.other_changes if not _is_argocd_change(environment, change))
    return [*(change for unit in environment.units for change in unit.changes), *others]


def argocd_changes(environment: EnvironmentPlan) -> list[ObjectChange]:
    """The changes of the projects and Applications that Shipway writes for Argo CD."""
    return [change for change in environment.other_changes if _is_argocd_change(environment, change)]


def _is_argocd_change(environment: EnvironmentPlan, change: ObjectChange) -> bool:
    return bool(environment.argocd_path) and change.file.startswith(f"{environment.argocd_path}/")


def action_counts(changes: Iterable[ObjectChange]) -> dict[str, int]:
    """How many objects are added, changed, replaced, deleted."""
    counts = Counter(change.action for change in changes)
    return {action: counts.get(action, 0) for action in ACTION_ORDER}


def action_counts_text(changes: Iterable[ObjectChange]) -> str:
    """`2 added, 1 changed`; `nothing` if there is none."""
    return (
        ", ".join(
            f"{number:,} {ACTION_PARTICIPLES[action]}" for action, number in action_counts(changes).items() if number
        )
        or "nothing"
    )


def change_title(change: ObjectChange) -> str:
    """`ConfigMap a-config-1 → a-config-2`, `Service web`."""
    former = f"{change.was} → " if change.was is not None else ""
    return f"{change.kind} {former}{change.name}"


def split_wave_changes(changes: Iterable[ObjectChange]) -> tuple[list[ObjectChange], list[ObjectChange]]:
    """The changes that say something, and those that only move their object to another wave of the sync."""
    telling: list[ObjectChange] = []
    waves: list[ObjectChange] = []
    for change in changes:
        moved = change.action == "change" and change.fields and all(field.path == WAVE for field in change.fields)
        (waves if moved else telling).append(change)
    return telling, waves


def wave_changes_text(waves: Sequence[ObjectChange], most: int = 6) -> str:
    """`3 objects change only their sync wave: Deployment a, …`."""
    listed = ", ".join(change_title(change) for change in waves[:most]) + (" …" if len(waves) > most else "")
    verb = "changes only its sync wave" if len(waves) == 1 else "change only their sync wave"
    return f"{counted(len(waves), 'object')} {verb}: {listed}"


def track_summary(track: TrackView) -> str:
    """`1.5.0 · 2 pods · 25 %`."""
    share = f"{percent_text(track.share)}" if track.share is not None else track.requests
    extra = f", {track.requests}" if track.share is not None and track.requests else ""
    return " · ".join(part for part in (track.version, counted(track.pods, "pod"), f"{share}{extra}") if part)


def short_id(commit: str | None) -> str:
    """A commit or digest as people read it: its first 12 characters."""
    return (commit or "").removeprefix("sha256:")[:12]


def inline_value(data: Any) -> str:
    """A field's value on one line."""
    if data is None:
        return "none"
    if isinstance(data, str):
        return data if data and data == data.strip() and "\n" not in data else json.dumps(data, ensure_ascii=False)
    if type(data) is int:
        return str(data)
    return json.dumps(data, ensure_ascii=False, separators=(", ", ": "))


def before_and_after(field: FieldChange) -> tuple[str, str]:
    """What a field was and is, on one line each, secrets hidden; an empty text: it was or is missing."""
    if field.secret:
        return _hidden(field.before), _hidden(field.after) if field.before is None else HIDDEN
    return ("" if field.before is None else inline_value(field.before)), (
        "" if field.after is None else inline_value(field.after)
    )


def _hidden(data: Any) -> str:
    if data is None:
        return ""
    return f"keys {', '.join(map(str, data))}" if isinstance(data, list) else "(hidden)"


def edit_text(field: FieldChange) -> str:
    """`1 → 2`, `added: x`, `removed (was x)`, `order: a, b → b, a`."""
    if field.moved:
        return f"order: {_order_text(field.before)} → {_order_text(field.after)}"
    before, after = before_and_after(field)
    if field.secret:
        return (
            "another value (hidden)" if before and field.after is not None else "added (hidden)" if after else "removed"
        )
    if not before:
        return f"added: {after}"
    return f"{before} → {after}" if after else f"removed (was {before})"


def _order_text(items: Sequence[Any]) -> str:
    return ", ".join(inline_value(item) for item in items)
