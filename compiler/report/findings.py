"""Findings and the traces that show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compiler.diagnostics.model import Diagnostic
from compiler.model.plan import UnitPlan
from compiler.model.verdict import Finding, TraceState


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A finding at its line of the spec, with the trace that leads there (empty: a state shows it at once)."""

    diagnostic: Diagnostic
    trace: tuple[TraceState, ...]


def reported_findings(unit: UnitPlan) -> tuple[ReportedFinding, ...]:
    """The unit's findings, errors first. Findings without a line in a spec are included."""
    known = list(_verifier_findings(unit))
    placed = [ReportedFinding(diagnostic, _finding_trace(diagnostic, known)) for diagnostic in unit.findings]
    placed_codes = {each.diagnostic.code for each in placed}
    rest = [
        ReportedFinding(_unlocated_diagnostic(each), each.trace)
        for each in unit.verdict.findings
        if each.code not in placed_codes
    ]
    return tuple(sorted([*placed, *rest], key=lambda each: each.diagnostic.severity != "error"))


def _verifier_findings(unit: UnitPlan) -> Iterator[Finding]:
    yield from unit.verdict.findings
    for step in unit.steps[:1] if unit.changed else ():
        yield from step.reverse.findings
        for _, verdict in step.skips:
            yield from verdict.findings


def _finding_trace(diagnostic: Diagnostic, known: list[Finding]) -> tuple[TraceState, ...]:
    for finding in known:
        if finding.code == diagnostic.code and diagnostic.message.startswith(finding.message):
            return finding.trace
    return ()


def _unlocated_diagnostic(finding: Finding) -> Diagnostic:
    return Diagnostic(finding.code, finding.message, finding.location, finding.help, finding.severity)
