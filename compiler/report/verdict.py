"""A verdict as JSON's types, as transition-model.md fixes them."""

from __future__ import annotations

from typing import Any

from compiler.transition.model import Finding, TraceState, Verdict


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict, less the name `format`; `longestWaitSeconds` null: a newer commit may wait without limit."""
    return {
        "verdict": verdict.verdict,
        "states": verdict.states,
        "longestWaitSeconds": verdict.longest_wait,
        "premises": list(verdict.premises),
        "findings": [_finding(finding) for finding in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "property": finding.property,
        "severity": finding.severity,
        "message": finding.message,
        "objects": list(finding.objects),
        "location": str(finding.location) if finding.location is not None else None,
        "help": finding.help,
        "trace": [_state(state) for state in finding.trace],
    }


def _state(state: TraceState) -> dict[str, Any]:
    return {
        "event": state.event,
        "pods": {
            name: {"old": count.old, "new": count.new, "ready": count.ready} for name, count in state.pods.items()
        },
        "serving": {request: dict(shares) for request, shares in state.serving.items()},
    }
