"""Two environments in one published folder would each remove what the other has published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compiler.diagnostics.model import Diagnostic, Rejected, Related
from compiler.source import Document, load

GITOPS = ("spec", "gitops")
Place = tuple[Any, Any, Any]


def refuse_shared(root: Path, files: Sequence[str]) -> None:
    """Raises Rejected for each of these environments' files whose repository, branch and path an earlier one has.

    A file that cannot be read is left to whoever compiles it.
    """
    first: dict[Place, Document] = {}
    found = []
    for file in files:
        document = readable(root, file)
        place = None if document is None else place_of(document)
        if document is None or place is None:
            continue
        other = first.setdefault(place, document)
        if other is not document:
            found.append(shared(document, other))
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
    values = (gitops.get("repository"), gitops.get("branch") or f"shipway/{name}", gitops.get("path") or name)
    return values if all(value is None or isinstance(value, str) for value in values) else None


def shared(document: Document, other: Document) -> Diagnostic:
    return Diagnostic(
        "target-shared",
        f"{other.file} is published to the same repository, branch and path",
        document.locate(GITOPS),
        "give one of them a path or a branch of its own",
        related=(Related(other.locate(GITOPS), "the other environment"),),
    )
