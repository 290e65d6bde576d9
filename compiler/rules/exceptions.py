"""Exceptions to the policy: which of them stand today, and which have run out."""

from __future__ import annotations

from datetime import date

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import PolicyException


def expired_exceptions(environment: EnvironmentDocument, today: date) -> list[Diagnostic]:
    """An exception to the policy past its day is an error: somebody answers for it until that day."""
    diagnostics = []
    for index, each in enumerate(environment.model.spec.policy.exceptions):
        if each.expires < today.isoformat():
            message = (
                f"the exception of {each.release} from `{each.rule}` expired on {each.expires}; its owner is "
                f"{each.owner}"
            )
            path = ("spec", "policy", "exceptions", index, "expires")
            help_text = "remove the exception, or let its owner set a new date"
            diagnostics.append(environment.document.diagnose(Problem("exception-expired", message, path, help_text)))
    return diagnostics


def exception_for(environment: EnvironmentDocument, rule: str, release: str, today: date) -> PolicyException | None:
    """The exception of the policy that lets `release` break `rule` today."""
    for each in environment.model.spec.policy.exceptions:
        if each.rule == rule and each.release == release and each.expires >= today.isoformat():
            return each
    return None
