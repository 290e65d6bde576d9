"""A plan as JSON.

What stays while `format` is 1: every name below, its type and its meaning; the values of `verdict`, `action`,
`severity` and of a danger's `kind`; the order of environments, units, steps, findings and changes. What may come: new
names, and new values of `strategy`, `code`, `property` and `kind` of objects. Unknown is null, never a missing name.
The verdict is the same object as `shipway verify --format json` prints, less its `format`.
"""

from __future__ import annotations

import json as _json
from collections.abc import Iterable
from typing import Any

from compiler.diagnostics.render.json import diagnostics_data
from compiler.model.cost import Cost
from compiler.model.plan import (
    EnvironmentPlan,
    FieldChange,
    ObjectChange,
    Plan,
    StepView,
    TrackView,
    Undo,
    UnitPlan,
)
from compiler.model.verdict import Verdict
from compiler.report.json.preview import preview_data
from compiler.report.json.verdict import verdict_json_data
from compiler.report.phrases import overall_verdict

FORMAT = 1


def json_report(plan: Plan) -> str:
    """The plan in ASCII, indented, with a final newline; counts are numbers, cpu in cores, memory in bytes."""
    return _json.dumps(plan_data(plan), indent=2) + "\n"


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as JSON's types; secrets appear by the names of their keys only."""
    return {
        "format": FORMAT,
        "compiler": plan.compiler,
        "source": plan.source,
        "verdict": overall_verdict(plan),
        "refused": diagnostics_data(plan.refusals),
        "environments": [_environment_data(environment) for environment in plan.environments],
    }


def plan_verdict_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict as `shipway verify` gives it, less the name `format`: the plan has one of its own."""
    return {name: value for name, value in verdict_json_data(verdict).items() if name != "format"}


def _environment_data(environment: EnvironmentPlan) -> dict[str, Any]:
    return {
        "name": environment.name,
        "repository": environment.repository or None,
        "branch": environment.branch,
        "path": environment.path,
        "base": environment.base,
        "confirmed": environment.confirmed,
        "digest": environment.digest,
        "changed": environment.changed,
        "verdict": overall_verdict(environment),
        "refused": diagnostics_data(environment.refused),
        "notes": list(environment.notes),
        "warnings": diagnostics_data(environment.warnings),
        "units": [_unit_json(unit) for unit in environment.units],
        "otherChanges": _object_changes_data(environment.other_changes),
    }


def _unit_json(unit: UnitPlan) -> dict[str, Any]:
    return {
        "name": unit.name,
        "members": list(unit.members),
        "strategy": unit.strategy,
        "position": unit.position,
        "changed": unit.changed,
        "headline": unit.headline or None,
        "verdict": plan_verdict_data(unit.verdict),
        "tracks": {"before": _track_list_data(unit.before), "after": _track_list_data(unit.after)},
        "cost": {"before": _cost_data(unit.cost_before), "after": _cost_data(unit.cost_after)},
        "dangers": [{"kind": each.kind, "object": each.object, "message": each.message} for each in unit.dangers],
        "findings": diagnostics_data(unit.findings),
        "course": [_step_json(step) for step in unit.steps],
        "undo": _undo_json(unit.undo),
        "previews": [preview_data(each) for each in unit.previews],
        "changes": _object_changes_data(unit.changes),
    }


def _track_list_data(tracks: Iterable[TrackView]) -> list[dict[str, Any]]:
    return [
        {
            "track": track.track,
            "version": track.version,
            "contract": track.contract,
            "pods": track.pods,
            "percent": track.share,
            "requests": track.requests or None,
        }
        for track in tracks
    ]


def _cost_data(cost: Cost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    extended = {name: float(value) for name, value in cost.extended if value}
    return {"pods": cost.pods, "cpu": float(cost.cpu), "memory": int(cost.memory), "extended": extended}


def _step_json(step: StepView) -> dict[str, Any]:
    return {
        "name": step.name,
        "command": step.command or None,
        "message": step.summary,
        "tracks": _track_list_data(step.tracks),
        "peak": _cost_data(step.peak),
        "verdict": plan_verdict_data(step.verdict),
        "reverse": plan_verdict_data(step.reverse),
        "back": step.back or None,
        "skips": [{"from": name, "verdict": plan_verdict_data(verdict)} for name, verdict in step.skips],
        "pauseSeconds": step.pause_seconds,
        "notBefore": step.not_before,
        "changes": _object_changes_data(step.changes),
    }


def _undo_json(undo: Undo | None) -> dict[str, Any] | None:
    if undo is None:
        return None
    return {
        "command": undo.command,
        "note": undo.note,
        "verdict": plan_verdict_data(undo.verdict),
        "changes": _object_changes_data(undo.changes),
    }


def _object_changes_data(changes: Iterable[ObjectChange]) -> list[dict[str, Any]]:
    return [
        {
            "action": change.action,
            "kind": change.kind,
            "name": change.name,
            "was": change.was,
            "file": change.file,
            "location": str(change.origin) if change.origin is not None else None,
            "fields": [_field_json(field) for field in change.fields],
        }
        for change in changes
    ]


def _field_json(field: FieldChange) -> dict[str, Any]:
    return {
        "path": field.path,
        "before": field.before,
        "after": field.after,
        "moved": field.moved,
        "secret": field.secret,
    }
