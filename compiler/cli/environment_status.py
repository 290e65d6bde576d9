"""Where each release stands: its specs beside what the branch of its environment holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from compiler.course.unit_status import unit_status
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.unconfirmed_history import MAX_UNCONFIRMED_COMMITS
from compiler.model.unit import units_of
from compiler.model.unit_status import UnitStatus
from compiler.publish.local_build import read_and_built
from compiler.publish.publication_state import publication_state
from compiler.publish.published_environment import PublishedEnvironment, fetch_published


@dataclass(frozen=True, slots=True)
class DepartureStatus:
    """A release that left: the commit that took it away, whether that is confirmed, whether its objects stay."""

    environment: str
    name: str
    commit: str
    confirmed: bool
    stays: bool

    @property
    def over(self) -> bool:
        """Whether nothing is left of it: Argo CD has synced the commit, and deletes what the Application made."""
        return self.confirmed and not self.stays


@dataclass(frozen=True, slots=True)
class EnvironmentStatus:
    """Where the releases of an environment stand, and those that have left it without being gone."""

    units: tuple[UnitStatus, ...]
    departed: tuple[DepartureStatus, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


def environment_status(root: Path, name: str, now: datetime) -> EnvironmentStatus:
    """The status of each release and group. Raises Rejected where the specs do not compile.

    A repository that cannot be reached is a warning: the specs still tell their part.
    """
    warnings: tuple[Diagnostic, ...] = ()
    _, built = read_and_built(root, name)
    try:
        published = fetch_published(root, built)
    except Rejected as rejected:
        warnings = tuple(replace(each, severity="warning") for each in rejected.diagnostics)
        published = PublishedEnvironment(None)
    units = (unit_status(unit, publication_state(unit, built, published), now) for unit in units_of(built.compiled))
    recent = {each.commit for each in published.publishes[:MAX_UNCONFIRMED_COMMITS]}
    departed = (
        DepartureStatus(name, each.name, each.commit, published.departure_confirmed(each), not each.cascade)
        for each in published.departed
        if not each.name.startswith("_") and each.commit in recent
    )
    return EnvironmentStatus(tuple(units), tuple(each for each in departed if not each.over), warnings)
