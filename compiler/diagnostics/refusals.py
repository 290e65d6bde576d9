"""How a stage says no: one finding, or one per file, with a next step."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.diagnostics.model import Diagnostic, Loc, Rejected

MAX_SHOWN_FINDINGS = 50


def rejection(code: str, message: str, help: str, loc: Loc | None = None) -> Rejected:
    """A refusal of one finding."""
    return Rejected([Diagnostic(code=code, message=message, loc=loc, help=help)])


def rejection_of_all(findings: Sequence[Diagnostic]) -> Rejected:
    """A refusal of many findings of one cause; what is past the first fifty is counted."""
    rest = len(findings) - MAX_SHOWN_FINDINGS
    if rest <= 0:
        return Rejected(findings)
    last = findings[MAX_SHOWN_FINDINGS]
    counted = Diagnostic(last.code, f"and {rest} more like these", None, last.help)
    return Rejected([*findings[:MAX_SHOWN_FINDINGS], counted])
