"""Where a stage's findings stop the run, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable

from compiler.diagnostics.model import Diagnostic, Rejected


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def accepted(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, none of them an error. Raises Rejected with all of them where one is."""
    findings = tuple(diagnostics)
    if has_errors(findings):
        raise Rejected(findings)
    return findings
