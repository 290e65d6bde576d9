"""Where each release stands: its specs beside what the branch of its environment holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from compiler.course.unit_status import UnitStatus, unit_status
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.unit import units_of
from compiler.publish.publication_state import publication_state
from compiler.publish.published_environment import (
    PublishedEnvironment,
    built_environment,
    fetch_published,
)
from compiler.source.workspace import read_sources


def unit_statuses(root: Path, name: str, now: datetime, diagnostics: list[Diagnostic]) -> list[UnitStatus]:
    """The status of each release and group. Raises Rejected where the specs do not compile.

    A repository that cannot be reached is a warning in `diagnostics`: the specs still tell their part.
    """
    built = built_environment(root, read_sources(root, name))
    try:
        published = fetch_published(root, built)
    except Rejected as rejected:
        diagnostics += [replace(each, severity="warning") for each in rejected.diagnostics]
        published = PublishedEnvironment(None)
    return [unit_status(unit, publication_state(unit, built, published), now) for unit in units_of(built.compiled)]
