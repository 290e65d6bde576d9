"""One way to refuse, for what has no place in a spec."""

from __future__ import annotations

from compiler.diagnostics.model import Diagnostic, Rejected


def forge_rejection(code: str, message: str, help_text: str) -> Rejected:
    """The exception to raise; its code stands in CODES."""
    return Rejected([Diagnostic(code, message, None, help_text)])
