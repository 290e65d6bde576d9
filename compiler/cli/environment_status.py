"""Where each release stands: its specs beside what the branch of its environment holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from compiler.course.unit_status import PublicationState, UnitStatus, unit_status
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.unit import Unit, units_of
from compiler.plan.states import readable_objects, unit_files
from compiler.publish.published_environment import (
    PublishedEnvironment,
    built_environment,
    fetch_published,
    is_published,
)
from compiler.source.workspace import read_sources
from compiler.tree.render import BuiltEnvironment


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


def publication_state(unit: Unit, built: BuiltEnvironment, published: PublishedEnvironment) -> PublicationState:
    last = published.last_of(unit)
    folders = tuple(f"{member.name}/" for member in unit.members)
    by_hand = [each.message for each in published.by_hand if any(f"`{folder}" in each.message for folder in folders)]
    if last is None:
        return PublicationState(by_hand=tuple(by_hand))
    same = is_published(unit, built, published)
    # what somebody edited by hand may be anything
    files = {} if same or by_hand else unit_files(published.manifests, unit.folders)
    return PublicationState(
        last.commit, last.time, same, published.is_confirmed(last), tuple(by_hand), tuple(readable_objects(files))
    )
