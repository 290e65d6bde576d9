"""One way to refuse, for what has no place in a spec."""

from __future__ import annotations

from compiler.diagnostics.model import Diagnostic, Rejected


def forge_rejection(code: str, message: str, help_text: str) -> Rejected:
    """The exception to raise; its code stands in CODES."""
    return Rejected([Diagnostic(code, message, None, help_text)])


def unexpected_answer(request: str, why: str) -> Rejected:
    """The exception for an answer that is JSON but not what the forge's documentation promises."""
    help_text = "check that GITHUB_API_URL is the address of GitHub's API, then run the job again"
    return forge_rejection("forge-answer", f"{request}: unexpected answer: {why}", help_text)
