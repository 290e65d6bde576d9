"""Text in, documents out: the pure half of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.source.characters import hidden_characters
from compiler.source.dialects import MANIFEST, SPEC, Limits
from compiler.source.document import Document, UnreadableStreamError

if TYPE_CHECKING:
    from compiler.source.compose import Composer


def parse(text: str, file: str) -> Document:
    """The one document of a spec's text; `file` is the name that its places carry.

    Raises Rejected with every finding: text that is not YAML, and all that makes a spec read otherwise than it shows
    (aliases, tags, duplicate keys, invisible characters, ambiguous numbers), or that is too large.
    """
    from compiler.source.compose_spec import SpecComposer  # noqa: PLC0415  PyYAML costs 20 ms, help needs none of it

    _refuse_large(text, file, SPEC.limits)
    unfit = hidden_characters(text, file) or conflict_markers(text, file)
    if unfit:
        raise Rejected(unfit)
    composer = SpecComposer(text, file, SPEC)
    data = _one_document(composer)
    if composer.findings:
        raise Rejected(composer.findings)
    return Document(file, data, composer.positions, {file: text})


def parse_manifests(text: str, file: str) -> list[Document]:
    """The documents of a file of manifests, in order, empty ones left out; read as kubectl and Argo CD read them.

    Raises Rejected with every finding: text that is not YAML, duplicate keys, documents that are not mappings, values
    that no API server takes, or more than any set of manifests holds.
    """
    from compiler.source.compose_manifest import ManifestComposer  # noqa: PLC0415  it loads PyYAML, which help needs not

    refuse_unreadable_text(text, file)
    return manifest_documents(ManifestComposer(text.removeprefix("\ufeff"), file, MANIFEST), text)


def refuse_unreadable_text(text: str, file: str) -> None:
    """Raises Rejected for a text of manifests that is too large, or that no parser takes."""
    _refuse_large(text, file, MANIFEST.limits)
    if not text.isascii():
        _refuse_surrogates(text, file)


def manifest_documents(composer: Composer, text: str) -> list[Document]:
    """What the composer makes of the whole text. Raises Rejected with all that it found wrong."""
    documents = _all_documents(composer, {composer.file: text})
    if composer.findings:
        raise Rejected(composer.findings)
    return documents


def conflict_markers(text: str, file: str) -> list[Diagnostic]:
    """A finding for each place where Git has left two versions, for a text that is no YAML until one is chosen."""
    if "<<<<<<< " not in text:
        return []
    begins = (number for number, line in enumerate(text.split("\n"), 1) if line.startswith("<<<<<<< "))
    fix = "keep the right version, and remove the lines with <<<<<<<, ======= and >>>>>>>"
    return [
        Diagnostic("yaml-conflict", ("a merge conflict is not resolved here"), Loc(file, number, 1), fix)
        for number in begins
    ]


def _one_document(composer: Composer) -> Any:
    try:
        start = composer.start_document()
        if start is None:
            composer.report("yaml-empty", "the file has no document", Loc(composer.file, 1, 1), "write the spec")
            return None
        if start.version is not None or start.tags:
            composer.report(
                "yaml-directive",
                "a YAML directive is not allowed in a spec",
                composer.loc(start),
                "remove the line with %",
            )
        data = composer.document()
        positions = composer.positions
        if data is None:
            composer.report("yaml-empty", "the document is empty", composer.loc(start), "write the spec")
        elif not isinstance(data, dict):
            _refuse_non_mapping(composer)
        following = composer.start_document()
        if following is not None:
            composer.report(
                "yaml-several-documents",
                "a second document begins here",
                composer.loc(following),
                "move it into a separate file",
            )
        composer.positions = positions
    except UnreadableStreamError:
        return None
    return data


def _all_documents(composer: Composer, texts: dict[str, str]) -> list[Document]:
    documents: list[Document] = []
    try:
        while composer.start_document() is not None:
            data = composer.document()
            if isinstance(data, dict):
                documents.append(Document(composer.file, data, composer.positions, texts))
            elif data is not None:
                _refuse_non_mapping(composer)
    except UnreadableStreamError:
        return documents
    return documents


def _refuse_non_mapping(composer: Composer) -> None:
    file, line, column, _, _ = composer.positions[()]
    composer.report(
        "yaml-not-a-mapping",
        "the document is not a mapping of keys to values",
        Loc(file, line, column),
        "begin with apiVersion: and kind:",
    )


def _refuse_large(text: str, file: str, limits: Limits) -> None:
    if len(text) > limits.bytes:
        raise Rejected([file_too_large("the file", limits.bytes, Loc(file, 1, 1))])


def file_too_large(what: str, limit: int, loc: Loc) -> Diagnostic:
    """The finding for a file (`what`) of more than `limit` bytes."""
    return Diagnostic(
        "yaml-too-large",
        f"{what} is larger than {limit // 1024:,} KiB",
        loc,
        "split the file, or move data that is not configuration elsewhere",
    )


def _refuse_surrogates(text: str, file: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - text.rfind("\n", 0, error.start)
        result = Diagnostic(
            "yaml-encoding", "a surrogate is not a valid character", Loc(file, line, column), "save the file as UTF-8"
        )
        raise Rejected([result]) from error
