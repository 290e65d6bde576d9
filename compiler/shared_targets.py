"""Two environments in one published folder would each remove what the other has published, or refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Rejected, Related
from compiler.source import Document, load

GITOPS = ("spec", "gitops")


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


def readable(root: Path, file: str) -> Document | None:
    try:
        return load(root, file)
    except Rejected:
        return None


def place_of(document: Document) -> Place | None:
    """Repository, branch and path as the spec says them, or what stands for them; None for what is no environment."""
    data = document.data if isinstance(document.data, dict) else {}
    spec, metadata = data.get("spec"), data.get("metadata")
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
