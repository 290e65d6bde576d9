"""The windows in which an environment takes no changes. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.environment import Freeze


def frozen(environment: EnvironmentDocument, now: datetime) -> Freeze | None:
    """The freeze of the environment that holds at `now`, the one that lasts longest; None outside all of them."""
    holding = [freeze for freeze in environment.model.spec.freezes if begins(freeze) <= now < ends(freeze)]
    return max(holding, key=ends, default=None)


def begins(freeze: Freeze) -> datetime:
    return moment(freeze.from_, time.min)


def ends(freeze: Freeze) -> datetime:
    """A date without a time counts whole."""
    if "T" in freeze.to:
        return moment(freeze.to, time.min)
    return moment(freeze.to, time.min) + timedelta(days=1)


def moment(text: str, at: time) -> datetime:
    """A date (UTC) or an RFC 3339 time as a moment."""
    if "T" not in text:
        return datetime.combine(date.fromisoformat(text), at, UTC)
    return datetime.fromisoformat(text)


def freeze_finding(environment: EnvironmentDocument, now: datetime) -> Diagnostic | None:
    """The finding that nothing is published now, at the freeze in the environment's spec; None when it may be."""
    freeze = frozen(environment, now)
    if freeze is None:
        return None
    index = environment.model.spec.freezes.index(freeze)
    message = f"{environment.model.metadata.name} is frozen until {freeze.to}: {freeze.reason}"
    mend = "wait, or shorten the freeze in the environment's spec, as its owners allow"
    return environment.document.diagnose(Problem("frozen", message, ("spec", "freezes", index), mend))
