"""Where an environment is published, as its spec and the repository of the specs say it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from compiler.git.source_repository import SpecsHome, specs_home
from compiler.git.target import Target, checked_target
from compiler.spec.environment import Environment
from compiler.tree.render import PublishDestination


def target_of(root: Path, environment: Environment) -> Target | None:
    """The checked target; without a repository in the spec, the origin of the repository that holds the specs, or
    that repository itself. None where the specs are in no repository. Raises Rejected for what Git must not see.
    """
    return target_in_home(root, environment, destination_home(root, environment))


def publish_destination(root: Path, environment: Environment) -> PublishDestination:
    """What the Applications name. A repository that only this machine reaches is none to Argo CD."""
    home = destination_home(root, environment)
    place = target_in_home(root, environment, home)
    if place is None:
        path = environment.spec.gitops.path or environment.metadata.name
        return PublishDestination(None, f"shipway/{environment.metadata.name}", path)
    reachable = home is None or home.origin is not None
    shown = f"file://{place.local}" if place.local is not None else place.shown
    return PublishDestination(shown if reachable else None, place.branch, place.path)


def destination_home(root: Path, environment: Environment) -> SpecsHome | None:
    """The repository of the specs, where it is the one that is published to; None where the spec names another."""
    return specs_home(root) if environment.spec.gitops.repository is None else None


def target_in_home(root: Path, environment: Environment, home: SpecsHome | None) -> Target | None:
    name, gitops = environment.metadata.name, environment.spec.gitops
    repository = gitops.repository or repository_of(home)
    if repository is None:
        return None
    branch = gitops.branch or f"shipway/{name}"
    target = checked_target(name, repository, branch, gitops.path or name, home.top if home is not None else root)
    return replace(target, holds_specs=home is not None and home.origin is None)


def repository_of(source: SpecsHome | None) -> str | None:
    return None if source is None else source.origin or str(source.top)
