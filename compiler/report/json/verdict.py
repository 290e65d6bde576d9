"""Verdicts as data, in the stable form of the transition model."""

from __future__ import annotations

from typing import Any

from compiler.diagnostics.model import Diagnostic
from compiler.model.verdict import Finding, TraceState, Verdict
from compiler.transition.baseline import BaselineComparison

VERDICT_FORMAT = 1


def verdict_json_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain data: `format` 1; fields are added in later versions, never renamed or removed."""
    return {
        "format": VERDICT_FORMAT,
        "verdict": verdict.verdict,
        "states": verdict.states,
        "premises": [*verdict.premises, max_wait_text(verdict)],
        "findings": [_finding_data(finding) for finding in verdict.findings],
        "compared": {
            "objects": verdict.compared.objects,
            "changed": verdict.compared.changed,
            "fields": verdict.compared.fields,
            "before": verdict.compared.before,
            "scope": verdict.scope,
        },
        "notes": list(verdict.notes),
    }


def baseline_json_data(baseline: BaselineComparison) -> dict[str, Any]:
    """How the change stands to a plain change of every image today: what it adds, what each release loses today."""
    return {
        "standing": baseline.standing,
        "added": [{"code": each.code, "objects": list(each.objects)} for each in baseline.added],
        "known": [{"code": each.code, "objects": list(each.objects)} for each in baseline.known],
    }


def max_wait_text(verdict: Verdict) -> str:
    """How long a newer commit may have to wait for this sync."""
    if verdict.longest_wait is None:
        return "a newer commit may have to wait without bound"
    return f"a newer commit waits {verdict.longest_wait:g} s at most"


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "property": finding.property,
        "severity": finding.severity,
        "message": finding.message,
        "objects": list(finding.objects),
        "location": str(finding.location) if finding.location else None,
        "help": finding.help,
        "trace": [_trace_state_data(state) for state in finding.trace],
    }


def _trace_state_data(state: TraceState) -> dict[str, Any]:
    pods = {name: {"old": p.old, "new": p.new, "ready": p.ready} for name, p in state.pods.items()}
    return {"event": state.event, "pods": pods, "serving": {name: dict(s) for name, s in state.serving.items()}}


def verdict_diagnostics(verdict: Verdict) -> list[Diagnostic]:
    """The findings as diagnostics, for SARIF and annotations; the message lists the events of the trace."""
    return [
        Diagnostic(each.code, _message_with_trace(each), each.location, each.help, each.severity)
        for each in verdict.findings
    ]


def _message_with_trace(finding: Finding) -> str:
    events = "; ".join(f"{number}. {state.event}" for number, state in enumerate(finding.trace))
    return f"{finding.message} ({events})" if events else finding.message
