"""An environment's history of publishes, read from its branch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from compiler.course.unit_lookup import unit_named
from compiler.git.clone import open_clone
from compiler.git.destination import target_of
from compiler.git.history import Publish, PublishHistory, published_history
from compiler.git.target import Target
from compiler.model.compiled import CompiledEnvironment
from compiler.model.unit import units_of
from compiler.pipeline import check_environment
from compiler.source.workspace import read_sources


def compiled_or_rejected(root: Path, name: str) -> CompiledEnvironment:
    return check_environment(read_sources(root, name))


def history_folders(compiled: CompiledEnvironment, release: str) -> set[str]:
    """The folders of a release, or of a group's members; none for the whole environment. Raises Rejected."""
    if not release:
        return set()
    if any(each.name == release for each in compiled.releases):
        return {release}
    return {member.name for member in unit_named(compiled, release).members}


def fetched_history(root: Path, compiled: CompiledEnvironment) -> PublishHistory | None:
    target = target_for(root, compiled)
    if target is None:
        return None
    with open_clone(target) as clone:
        return published_history(clone)


def target_for(root: Path, compiled: CompiledEnvironment) -> Target | None:
    return target_of(root, compiled.documents.environment.model)


def ways_back(compiled: CompiledEnvironment, publishes: Sequence[Publish]) -> dict[str, dict[str, str]]:
    """By commit and by the release or group that it changed, the command that goes back there.

    `publishes` are the newest first. What the newest publish of a release made is what it has now, so no way leads
    back there; nor to specs that were not committed.
    """
    units = units_of(compiled)
    ways: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for publish in publishes:
        changed = [unit for unit in units if set(unit.folders) & set(publish.facts.releases)]
        source = publish.facts.source
        ways[publish.commit] = {
            unit.name: f"shipway rollback {unit.shown} --to {source[:12]}"
            for unit in changed
            if source and unit.name in seen
        }
        seen |= {unit.name for unit in changed}
    return ways
