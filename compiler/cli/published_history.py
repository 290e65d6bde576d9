"""An environment's history of publishes, read from its branch."""

from __future__ import annotations

from pathlib import Path

from compiler.course.unit_lookup import unit_named
from compiler.git.clone import open_clone
from compiler.git.destination import target_of
from compiler.git.history import PublishHistory, published_history
from compiler.git.target import Target
from compiler.model.compiled import CompiledEnvironment
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
