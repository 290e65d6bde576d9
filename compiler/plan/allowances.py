"""What may stand though it was found: exceptions with a reason, of the environment's policy or of one publish."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from compiler.diagnostics.model import Diagnostic
from compiler.model.compiled import CompiledEnvironment

ALLOW: Final = "--allow"
"""The option of `publish` with which a help offers an exception."""


@dataclass(frozen=True, slots=True)
class AllowedFinding:
    """A code whose findings may stand, and why: given with `--allow`, or by the environment's policy."""

    code: str
    reason: str
    release: str | None = None
    owner: str | None = None


def with_permit(diagnostic: Diagnostic, permit: AllowedFinding | None) -> Diagnostic:
    """The finding; as a warning that says why, where an exception permits it: its help offers no second exception."""
    if permit is None:
        return diagnostic
    help_text = "" if ALLOW in diagnostic.help else diagnostic.help
    message = f"{diagnostic.message} (allowed: {permit.reason})"
    return replace(diagnostic, severity="warning", message=message, help=help_text)


def policy_exceptions(compiled: CompiledEnvironment, now: datetime) -> list[AllowedFinding]:
    """The policy's exceptions that have not expired."""
    today = now.date().isoformat()
    exceptions = compiled.documents.environment.model.spec.policy.exceptions
    return [
        AllowedFinding(each.rule, each.reason, each.release, each.owner) for each in exceptions if each.expires >= today
    ]


def matching_allowance(
    diagnostic: Diagnostic, names: Collection[str], exceptions: Sequence[AllowedFinding]
) -> AllowedFinding | None:
    """The exception that permits the finding: one of no release, or of one of the names. A warning needs none."""
    for each in exceptions if diagnostic.severity == "error" else ():
        if each.code == diagnostic.code and (each.release is None or each.release in names):
            return each
    return None


def trailer_of(name: str, permit: AllowedFinding) -> str:
    """What the commit says of an exception that was needed for the unit, or the environment, of this name."""
    owner = f" ({permit.owner})" if permit.owner is not None else ""
    return " ".join(f"{permit.code} {name}: {permit.reason}{owner}".split())
