"""A file of an Application's folder, as Argo CD reads it: what it ignores, what it takes, and what it cannot read.

Source: Argo CD, reposerver/repository/repository.go (`getObjsFromYAMLOrJSON`) and gitops-engine, pkg/utils/kube/kube.go
(`SplitYAML`): sigs.k8s.io/yaml reads the last of two equal keys and passes over a tag that it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from compiler.diagnostics.model import Diagnostic, Loc, Path, Rejected
from compiler.source.compose import Event
from compiler.source.compose_manifest import ManifestComposer
from compiler.source.dialects import MANIFEST
from compiler.source.document import Document
from compiler.source.parse import manifest_documents, refuse_unreadable_text

LOOKS_LIKE_A_MANIFEST: Final = ("apiVersion:", "kind:", "metadata:")
"""What a file must hold for Argo CD to take a fault in it for one of the Application."""


@dataclass(frozen=True, slots=True)
class ArgoCDFile:
    """The documents of one file, and sentences about what Argo CD reads otherwise than the file shows."""

    documents: tuple[Document, ...] = ()
    notes: tuple[str, ...] = ()


class ArgoCDComposer(ManifestComposer):
    """Takes what Argo CD takes, with a note."""

    def __init__(self, text: str, file: str) -> None:
        super().__init__(text, file, MANIFEST)
        self.notes: list[str] = []

    def _duplicate(self, into: dict[str, Any], event: Event, value: Event, path: Path) -> None:
        self.notes.append(f"{self.loc(event)}: the key {path[-1]!r} is given twice; Argo CD reads the last one")
        for known in [each for each in self.positions if each[: len(path)] == path]:
            del self.positions[known]
        self._place(path, value)
        into[str(path[-1])] = self._node(value, path)

    def _unknown_tag(self, event: Event) -> None:
        self.notes.append(f"{self.loc(event)}: Argo CD ignores the tag {event.tag}")


def read_argocd_file(text: str, file: str) -> ArgoCDFile:
    """The file's documents, empty ones left out; a file that is no manifest is ignored, with a note.

    Raises Rejected for a file that holds objects, or looks as if it did, and cannot be read: Argo CD fails then.
    """
    refuse_unreadable_text(text, file)
    composer = ArgoCDComposer(text.removeprefix("\ufeff"), file)
    try:
        documents = manifest_documents(composer, text)
    except Rejected as rejected:
        return _ignored(text, file, rejected.diagnostics)
    unknown = [document for document in documents if not isinstance(document.data.get("kind"), str)]
    if unknown and len(unknown) == len(documents):
        return _ignored(text, file, [_without_kind(document) for document in unknown])
    return ArgoCDFile(tuple(documents), tuple(composer.notes))


def _ignored(text: str, file: str, diagnostics: list[Diagnostic] | tuple[Diagnostic, ...]) -> ArgoCDFile:
    if all(word in text for word in LOOKS_LIKE_A_MANIFEST) or file.endswith(".json"):
        raise Rejected(diagnostics)
    note = f"{file}: Argo CD ignores this file, because it has no object (values of a chart: verify what it renders)"
    return ArgoCDFile(notes=(note,))


def _without_kind(document: Document) -> Diagnostic:
    help_text = "write `kind:`, or exclude this file if it is not a manifest (`verify --exclude FILE`)"
    return Diagnostic("object-malformed", "this object has no kind", Loc(document.file, 1, 1), help_text)
