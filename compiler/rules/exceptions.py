"""Exceptions to the policy: which of them stand today, and which have run out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import PolicyException
from compiler.support.suggest import did_you_mean


def expired_exceptions(environment: EnvironmentDocument, today: date) -> list[Diagnostic]:
    """An exception to the policy past its day is an error: somebody answers for it until that day."""
    diagnostics = []
    for index, each in enumerate(environment.model.spec.policy.exceptions):
        if each.expires < today.isoformat():
            message = (
                f"the exception of {each.release} from `{each.rule}` expired on {each.expires}; {each.owner} owns it"
            )
            path = ("spec", "policy", "exceptions", index, "expires")
            help_text = "remove it, or let its owner set a new day"
            diagnostics.append(environment.document.diagnose(Problem("exception-expired", message, path, help_text)))
    return diagnostics


def unused_exceptions(
    environment: EnvironmentDocument, codes: Collection[str], names: Collection[str]
) -> list[Diagnostic]:
    """Warnings of exceptions that except nothing: the rule is none of the `codes`, the release none of the `names`."""
    diagnostics = []
    for index, each in enumerate(environment.model.spec.policy.exceptions):
        for key, word, known in (("rule", each.rule, codes), ("release", each.release, names)):
            if word not in known:
                guess = did_you_mean(word, sorted(known))
                help_text = f"did you mean `{guess}`?" if guess else "correct it, or remove the exception"
                message = f"there is no {key} called `{word}`: the exception has no effect"
                path = ("spec", "policy", "exceptions", index, key)
                diagnostics.append(
                    environment.document.diagnose(Problem("exception-idle", message, path, help_text, "warning"))
                )
    return diagnostics


def exception_for(environment: EnvironmentDocument, rule: str, release: str, today: date) -> PolicyException | None:
    """The exception of the policy that lets `release` break `rule` today."""
    for each in environment.model.spec.policy.exceptions:
        if each.rule == rule and each.release == release and each.expires >= today.isoformat():
            return each
    return None
