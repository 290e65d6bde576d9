"""Two environments in one published folder would each remove what the other has published, or refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Rejected, Related
from compiler.source import Document, load

GITOPS = ("spec", "gitops")
ARGOCD = ("spec", "argocd")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an environment is published, as far as two of them can be compared by what their specs say."""

    repository: str | None
    branch: str
    path: str

    def touches(self, other: Place) -> bool:
        """Whether one folder is the other or lies in it; file systems that ignore case take `Prod` for `prod`."""
        if (self.repository, self.branch) != (other.repository, other.branch):
            return False
        ours, theirs = (f"{place.path.casefold()}/" for place in (self, other))
        return ours.startswith(theirs) or theirs.startswith(ours)


def refuse_shared(root: Path, files: Sequence[str]) -> None:
    """Raises Rejected for each of these environments' files whose published folder an earlier one has, or holds, or
    lies in: what a folder of ours holds beyond its releases is foreign to its owner.

    A file that cannot be read is left to whoever compiles it.
    """
    known: list[tuple[Place, Document]] = []
    found = []
    for file in files:
        document = readable(root, file)
        place = None if document is None else place_of(document)
        if document is None or place is None:
            continue
        other = next((earlier for where, earlier in known if place.touches(where)), None)
        if other is not None:
            found.append(shared(document, other))
        known.append((place, document))
    if found:
        raise Rejected(found)


def shared_projects(root: Path, file: str, others: Sequence[str]) -> list[Diagnostic]:
    """A warning for each other environment that writes an AppProject of the same name into the same namespace: each
    lists its own destinations only, so the later takes the earlier's Applications their permission. No more than a
    warning, for each may have an Argo CD of its own.
    """
    document = readable(root, file)
    found = []
    for other in others:
        theirs = readable(root, other)
        if document is None or theirs is None or projects_of(document).isdisjoint(projects_of(theirs)):
            continue
        name = min(projects_of(document) & projects_of(theirs))[1]
        message = f"{other} writes the AppProject `{name}` too, with its own destinations"
        mend = "give one of them another `argocd.project`, unless each has an Argo CD of its own"
        related = (Related(theirs.locate(ARGOCD), "the other environment"),)
        found.append(Diagnostic("project-shared", message, document.locate(ARGOCD), mend, "warning", related))
    return found


def projects_of(document: Document) -> frozenset[tuple[str, str]]:
    """Namespace and name of the AppProjects that the environment writes: its own and its root's."""
    spec, metadata = document.data.get("spec"), document.data.get("metadata")
    if not isinstance(spec, dict) or not isinstance(metadata, dict):
        return frozenset()
    said = spec.get("argocd")
    argocd = said if isinstance(said, dict) else {}
    name, namespace = metadata.get("name"), str(argocd.get("namespace") or "argocd")
    return frozenset({(namespace, str(argocd.get("project") or name)), (namespace, f"{name}-root")})


def readable(root: Path, file: str) -> Document | None:
    try:
        return load(root, file)
    except Rejected:
        return None


def place_of(document: Document) -> Place | None:
    """Repository, branch and path as the spec says them, or what stands for them; None for what is no environment."""
    spec, metadata = document.data.get("spec"), document.data.get("metadata")
    if not isinstance(spec, dict) or not isinstance(metadata, dict):
        return None
    said = spec.get("gitops")
    gitops = said if isinstance(said, dict) else {}
    name = str(metadata.get("name"))
    repository = gitops.get("repository")
    branch, path = gitops.get("branch") or f"shipway/{name}", gitops.get("path") or name
    if not (isinstance(branch, str) and isinstance(path, str) and isinstance(repository, str | None)):
        return None
    return Place(repository and repository.removesuffix("/").removesuffix(".git"), branch, path)


def shared(document: Document, other: Document) -> Diagnostic:
    return Diagnostic(
        "target-shared",
        f"{other.file} is published to the same folder, or to one inside the other",
        document.locate(GITOPS),
        "give one of them a path or a branch of its own",
        related=(Related(other.locate(GITOPS), "the other environment"),),
    )
