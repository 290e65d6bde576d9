"""Where an environment is published, as its own spec says it; what Git must not see is refused before Git is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.address import ENVIRONMENT, target_problem, target_problems, without_credentials
from compiler.spec.documents import Documents, EnvironmentDocument

PLACEHOLDER_URL: Final = "https://localhost/specs"
CREDENTIAL_HELP: Final = (
    "remove the password and revoke it; give this machine a deploy key, or a token in a Git credential helper"
)


def check_place(folder: str, documents: Documents) -> Iterator[Diagnostic]:
    """What is wrong with where the environment's tree, and each folder in it, will stand."""
    environment = documents.environment
    problems = [*check_folder(folder, environment), *check_publish_location(environment), *check_argocd_path(documents)]
    yield from map(environment.document.diagnose, problems)


def check_folder(folder: str, environment: EnvironmentDocument) -> Iterator[Problem]:
    """A copied folder that keeps the name would be published over the environment that it was copied from."""
    name = environment.model.metadata.name
    if name != folder:
        message = f"the environment is named {name}, but its folder is named {folder}"
        yield Problem("environment-name", message, ("metadata", "name"), f"write `name: {folder}`")


def check_publish_location(environment: EnvironmentDocument) -> Iterator[Problem]:
    """What the spec says of repository, branch and path; a key that it leaves out cannot be wrong.

    A spec is in Git for all to read, so its address holds no password; that of a checkout may.
    """
    name, gitops = environment.model.metadata.name, environment.model.spec.gitops
    repository = gitops.repository or PLACEHOLDER_URL
    problems = target_problems(name, repository, gitops.branch or f"shipway/{name}", gitops.path or name)
    yield from problems
    if not problems and "://" in repository and urlsplit(repository).password is not None:
        message = f"the address `{without_credentials(repository)}` contains a password"
        yield target_problem("repository", "repository-password", message, CREDENTIAL_HELP)


def check_argocd_path(documents: Documents) -> Iterator[Problem]:
    """Each folder of the published tree belongs to one: to a release, to the environment, or to Argo CD's objects."""
    path = documents.environment.model.spec.argocd.path
    if path in (ENVIRONMENT, *documents.by_name):
        owner = "the environment" if path == ENVIRONMENT else "a release"
        message = f"the folder {path} is reserved for {owner}"
        yield Problem("argocd-path-taken", message, ("spec", "argocd", "path"), "choose another folder")
