"""Where an environment is published, as its spec and the repository of the specs say it."""

from __future__ import annotations

from pathlib import Path

from compiler.gitops.source import Source, source_of
from compiler.gitops.target import Target, target
from compiler.render import Destination
from compiler.spec.environment import Environment


def target_of(root: Path, environment: Environment) -> Target | None:
    """The checked target; without a repository in the spec, the origin of the repository that holds the specs, or
    that repository itself. None where the specs are in no repository. Raises Rejected for what Git must not see.
    """
    name, gitops = environment.metadata.name, environment.spec.gitops
    source = source_of(root) if gitops.repository is None else None
    repository = gitops.repository or repository_of(source)
    if repository is None:
        return None
    branch = gitops.branch or f"shipway/{name}"
    return target(name, repository, branch, gitops.path or name, source.top if source is not None else root)


def destination_of(root: Path, environment: Environment) -> Destination:
    """What the Applications name. A repository that only this machine reaches is none to Argo CD."""
    place = target_of(root, environment)
    path = environment.spec.gitops.path or environment.metadata.name
    if place is None:
        return Destination(None, f"shipway/{environment.metadata.name}", path)
    named = environment.spec.gitops.repository is not None or source_has_origin(root)
    shown = f"file://{place.local}" if place.local is not None else place.shown
    return Destination(shown if named else None, place.branch, place.path)


def source_has_origin(root: Path) -> bool:
    source = source_of(root)
    return source is not None and source.origin is not None


def repository_of(source: Source | None) -> str | None:
    return None if source is None else source.origin or str(source.top)
