"""Exceptions to the policy that except nothing. Loaded where an environment has exceptions: it asks for every code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.explanations.catalog import explanations
from compiler.rules.exceptions import expired_exceptions
from compiler.spec.documents import EnvironmentDocument
from compiler.support.suggest import did_you_mean


def exception_problems(environment: EnvironmentDocument, names: Collection[str], today: date) -> list[Diagnostic]:
    """Exceptions that have run out, and those that except nothing in an environment with units of these `names`."""
    return expired_exceptions(environment, today) + unused_exceptions(environment, names)


def unused_exceptions(environment: EnvironmentDocument, names: Collection[str]) -> list[Diagnostic]:
    """Warnings of exceptions that except nothing: the rule is no code, or the release is none of the `names`."""
    codes, diagnostics = explanations(), []
    for index, each in enumerate(environment.model.spec.policy.exceptions):
        for key, word, known in (("rule", each.rule, codes), ("release", each.release, names)):
            if word not in known:
                guess = did_you_mean(word, sorted(known))
                help_text = f"did you mean `{guess}`?" if guess else "correct the name, or remove the exception"
                message = f"the {key} `{word}` does not exist, so the exception has no effect"
                path = ("spec", "policy", "exceptions", index, key)
                diagnostics.append(
                    environment.document.diagnose(Problem("exception-idle", message, path, help_text, "warning"))
                )
    return diagnostics
