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
    return place_of(root, environment, home_of(root, environment))


def destination_of(root: Path, environment: Environment) -> Destination:
    """What the Applications name. A repository that only this machine reaches is none to Argo CD."""
    home = home_of(root, environment)
    place = place_of(root, environment, home)
    if place is None:
        path = environment.spec.gitops.path or environment.metadata.name
        return Destination(None, f"shipway/{environment.metadata.name}", path)
    reachable = home is None or home.origin is not None
    shown = f"file://{place.local}" if place.local is not None else place.shown
    return Destination(shown if reachable else None, place.branch, place.path)


def home_of(root: Path, environment: Environment) -> Source | None:
    """The repository of the specs, where it is the one that is published to; None where the spec names another."""
    return source_of(root) if environment.spec.gitops.repository is None else None


def place_of(root: Path, environment: Environment, home: Source | None) -> Target | None:
    name, gitops = environment.metadata.name, environment.spec.gitops
    repository = gitops.repository or repository_of(home)
    if repository is None:
        return None
    branch = gitops.branch or f"shipway/{name}"
    return target(name, repository, branch, gitops.path or name, home.top if home is not None else root)


def repository_of(source: Source | None) -> str | None:
    return None if source is None else source.origin or str(source.top)
