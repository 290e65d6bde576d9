"""What the environments of one repository say about each other: where they are published, what Argo CD is to let them
do, whom they promote from.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.model import Diagnostic, Problem, Related
from compiler.source import Document
from compiler.support.suggest import did_you_mean

GITOPS = ("spec", "gitops")
ARGOCD = ("spec", "argocd")
PROMOTES_FROM = ("spec", "promotesFrom")


@dataclass(frozen=True, slots=True)
class PublishLocation:
    """Where an environment is published, as far as two of them can be compared by their specs alone."""

    repository: str | None
    branch: str
    path: str

    def touches(self, other: PublishLocation) -> bool:
        """Whether one folder is the other or lies in it; file systems that ignore case take `Prod` for `prod`."""
        if (self.repository, self.branch) != (other.repository, other.branch):
            return False
        ours, theirs = (f"{place.path.casefold()}/" for place in (self, other))
        return ours.startswith(theirs) or theirs.startswith(ours)


def check_environments(documents: Sequence[Document], names: Sequence[str]) -> Iterator[Diagnostic]:
    """What is wrong between environments, `names` being those that there are: one that is published into the folder of
    another, which would remove or refuse what it finds there, or promotes from an environment that does not exist.
    """
    yield from overlapping_locations(documents)
    for document in documents:
        yield from unknown_promotion_sources(document, names)


def environment_of_file(file: str) -> str:
    return posixpath.basename(posixpath.dirname(file))


def spec_or_empty(document: Document) -> dict[str, Any]:
    return map_or_empty(document.data.get("spec"))


def map_or_empty(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def overlapping_locations(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """A finding for each environment whose published folder an earlier one has, or holds, or lies in: what a folder of
    ours holds beyond its releases is foreign to its owner.
    """
    known: list[tuple[PublishLocation, Document]] = []
    for document in documents:
        place = publish_location(document)
        if place is None:
            continue
        other = next((earlier for where, earlier in known if place.touches(where)), None)
        if other is not None:
            yield overlap_diagnostic(document, other)
        known.append((place, document))


def publish_location(document: Document) -> PublishLocation | None:
    """Repository, branch and path as the spec writes them, or their defaults; None for what is not an environment."""
    metadata = document.data.get("metadata")
    if not isinstance(metadata, dict):
        return None
    gitops = map_or_empty(spec_or_empty(document).get("gitops"))
    name = str(metadata.get("name"))
    repository = gitops.get("repository")
    branch, path = gitops.get("branch") or f"shipway/{name}", gitops.get("path") or name
    if not (isinstance(branch, str) and isinstance(path, str) and isinstance(repository, str | None)):
        return None
    return PublishLocation(repository and repository.removesuffix("/").removesuffix(".git"), branch, path)


def overlap_diagnostic(document: Document, other: Document) -> Diagnostic:
    return Diagnostic(
        "target-shared",
        f"{other.file} is published to the same folder, or one of the two folders is inside the other",
        document.locate(GITOPS),
        "give one of the environments another path or branch",
        related=(Related(other.locate(GITOPS), "the other environment"),),
    )


def shared_projects(document: Document, others: Sequence[Document]) -> Iterator[Diagnostic]:
    """A warning for each other environment that writes an AppProject of the same name into the same namespace: each
    lists its own destinations only, so the later takes the earlier's Applications their permission. No more than a
    warning, for each may have an Argo CD of its own.
    """
    for other in others:
        shared = projects_of(document) & projects_of(other)
        if shared:
            yield shared_project_diagnostic(document, other, min(shared)[1])


def shared_project_diagnostic(document: Document, other: Document, project: str) -> Diagnostic:
    return Diagnostic(
        "project-shared",
        f"{other.file} also writes the AppProject `{project}`, with its own destinations",
        document.locate(ARGOCD),
        "give one of the environments another `argocd.project`, unless each has its own Argo CD",
        "warning",
        (Related(other.locate(ARGOCD), "the other environment"),),
    )


def projects_of(document: Document) -> frozenset[tuple[str, str]]:
    """Namespace and name of the AppProjects that the environment writes: its own and its root's."""
    metadata = document.data.get("metadata")
    if not isinstance(metadata, dict):
        return frozenset()
    argocd = map_or_empty(spec_or_empty(document).get("argocd"))
    name, namespace = metadata.get("name"), str(argocd.get("namespace") or "argocd")
    return frozenset({(namespace, str(argocd.get("project") or name)), (namespace, f"{name}-root")})


def unknown_promotion_sources(document: Document, names: Sequence[str]) -> Iterator[Diagnostic]:
    """A finding for each name in `promotesFrom` that is not another environment: `start` would ask nobody."""
    parents = spec_or_empty(document).get("promotesFrom")
    others = [name for name in names if name != environment_of_file(document.file)]
    for index, parent in enumerate(parents if isinstance(parents, list) else ()):
        if isinstance(parent, str) and parent not in others:
            guess = did_you_mean(parent, others)
            help_text = (
                f"did you mean `{guess}`?" if guess else (f"the other environments are: {', '.join(others) or 'none'}")
            )
            message = f"promotes from `{parent}`, which does not exist"
            yield document.diagnose(Problem("promotion-unknown", message, (*PROMOTES_FROM, index), help_text))
