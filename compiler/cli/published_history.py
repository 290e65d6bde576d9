"""An environment's history of publishes, read from its branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compiler.course.unit_lookup import unit_named
from compiler.git.clone import open_clone
from compiler.git.destination import target_of
from compiler.git.history import Publish, PublishHistory, published_history
from compiler.git.source_repository import spec_changes_since
from compiler.git.target import Target
from compiler.model.compiled import CompiledEnvironment, ReadEnvironment
from compiler.model.unit import Unit, units_of
from compiler.pipeline import check_environment
from compiler.plan.undo import SHORT_COMMIT, edit_back
from compiler.source.workspace import read_sources


def compiled_or_rejected(root: Path, name: str) -> CompiledEnvironment:
    return check_environment(read_sources(root, name))


def history_folders(compiled: CompiledEnvironment, release: str) -> set[str]:
    """The folders of a release, or of a group's members; none for the whole environment. Raises Rejected."""
    if not release:
        return set()
    if any(each.name == release for each in compiled.releases):
        return {release}
    return {member.name for member in unit_named(units_of(compiled), release).members}


def fetched_history(root: Path, environment: ReadEnvironment) -> PublishHistory | None:
    target = target_for(root, environment)
    if target is None:
        return None
    with open_clone(target) as clone:
        return published_history(clone)


def target_for(root: Path, environment: ReadEnvironment) -> Target | None:
    return target_of(root, environment.documents.environment.model)


@dataclass(frozen=True, slots=True)
class CurrentSpecs:
    """An environment's specs as they are now: what a way back is an edit of. `places` as in `Sources`."""

    root: Path
    compiled: CompiledEnvironment
    places: tuple[str, ...]


def ways_back(specs: CurrentSpecs, publishes: Sequence[Publish], most: int) -> dict[str, dict[str, str]]:
    """By commit and by the release or group that it changed, the command that goes back there, for the `most` newest
    publishes that have one: each takes some calls of Git.

    `publishes` are the newest first. What the newest publish of a release made is what it has now, so no way leads
    back there; nor to specs that were not committed, that this checkout does not have, or that are what they were.
    """
    units = units_of(specs.compiled)
    ways: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for publish in publishes:
        changed = [unit for unit in units if set(unit.folders) & set(publish.facts.releases)]
        earlier = [unit for unit in changed if unit.name in seen]
        wanted = sum(map(bool, ways.values())) < most
        ways[publish.commit] = edits_back(specs, earlier, publish.facts.source) if wanted else {}
        seen |= {unit.name for unit in changed}
    return ways


def edits_back(specs: CurrentSpecs, units: Sequence[Unit], source: str | None) -> dict[str, str]:
    """For each unit the command that makes the specs what they were at `source`, where there is one."""
    changes = spec_changes_since(specs.root, source, specs.places) if source is not None and units else None
    if source is None or changes is None:
        return {}
    edits = {unit.name: edit_back(specs.compiled, unit, source[:SHORT_COMMIT], changes) for unit in units}
    return {name: command for name, command in edits.items() if command}
