"""The windows in which an environment takes no changes. Pure."""

from __future__ import annotations

from datetime import datetime

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import Freeze


def active_freeze(environment: EnvironmentDocument, now: datetime) -> Freeze | None:
    """The freeze of the environment that holds at `now`, the one that lasts longest; None outside all of them."""
    holding = [freeze for freeze in environment.model.spec.freezes if freeze.begins <= now < freeze.ends]
    return max(holding, key=lambda freeze: freeze.ends, default=None)


def freeze_finding(environment: EnvironmentDocument, now: datetime) -> Diagnostic | None:
    """The finding that nothing is published now, at the freeze in the environment's spec; None when it may be."""
    freeze = active_freeze(environment, now)
    if freeze is None:
        return None
    index = environment.model.spec.freezes.index(freeze)
    message = f"{environment.model.metadata.name} is frozen until {freeze.to}: {freeze.reason}"
    fix = "wait, or shorten the freeze in the environment's spec, as its owners allow"
    return environment.document.diagnose(Problem("frozen", message, ("spec", "freezes", index), fix))
