"""Specs that were read before: where all their files are as they were, they are parsed when somebody asks for them.

To look at the texts of 1,000 specs takes 50 ms, to parse them 200 and to read them into models 60.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.diagnostics.model import Loc, Rejected
from compiler.source.dialects import MAX_DATA_FILE_BYTES, SPEC
from compiler.source.document import Document, Files, UnparsedDocument
from compiler.source.files import read_bytes, read_text
from compiler.source.load import document_of_texts

if TYPE_CHECKING:
    from compiler.model.course import Membership


@dataclass(frozen=True, slots=True)
class KeptSpec:
    """How the spec of a release was read: its files, those that it names, and where no base was.

    `texts` are the paths of the spec and its bases, `named` the names and paths of what it names; `digest` is that of
    all their texts.
    """

    release: str
    texts: tuple[str, ...]
    named: tuple[tuple[str, str], ...]
    absent: tuple[str, ...]
    digest: bytes


@dataclass(frozen=True, slots=True)
class KeptSpecs:
    """The specs beside an environment's own text, of which this is the digest, by their paths."""

    environment: bytes
    by_file: Mapping[str, KeptSpec]


NO_SPECS = KeptSpecs(b"", {})


def texts_digest(document: Document, files: Files) -> bytes:
    """Of the spec, its bases, and the files that it names: names of files count from the spec, those of bases from the
    root, so one may read as the other.
    """
    if isinstance(document, UnparsedDocument):
        return document.digest
    content = sha256()
    for texts in (document.texts, files):
        content.update(f"{len(texts)} ".encode())
        for name, text in texts.items():
            content.update(f"{len(name)} {len(text)} {name}{text}".encode())
    return content.digest()


def source_digest(environment: bytes, document: Document, files: Files, membership: Membership | None) -> bytes:
    """One digest of all that the release of this document is made from: the environment's texts, of which there is a
    digest, its own, and its place in a group.
    """
    place = [] if membership is None else [getattr(membership, each.name) for each in fields(membership)]
    values = [each.texts if isinstance(each, Document) else each for each in place]
    return sha256(environment + texts_digest(document, files) + str(values).encode()).digest()


def kept_spec(release: str, document: Document, named: Mapping[str, str], files: Files) -> KeptSpec:
    """How the spec was read, `named` being the paths of the files that it names, `files` their texts."""
    digest = texts_digest(document, files)
    return KeptSpec(release, tuple(document.texts), tuple(named.items()), tuple(nearer_bases(document)), digest)


def read_again(root: Path, file: str, known: KeptSpec) -> tuple[Document, dict[str, str]] | None:
    """The spec and the files that it names, if they are as they were; under the guards under which they were read."""
    start = Loc(file, 1, 1)
    try:
        texts = {each: read_text(root, each, SPEC.limits.bytes, start) for each in known.texts}
        files = {name: read_bytes(root, path, MAX_DATA_FILE_BYTES, start).decode() for name, path in known.named}
    except (Rejected, UnicodeDecodeError):
        return None
    if any(os.path.lexists(root / each) for each in known.absent):
        return None
    document = Document(file, None, {}, texts)
    if texts_digest(document, files) != known.digest:
        return None
    return UnparsedDocument(file, texts, known.release, known.digest, partial(document_of_texts, texts)), files


def nearer_bases(document: Document) -> Iterator[str]:
    """The files that would be taken for the document's bases if they were there: those beside what names them."""
    if len(document.texts) == 1:
        return
    for file in document.texts:
        yield from (each for base in document.texts if (each := path_beside(file, base)) not in document.texts)


def path_beside(file: str, name: str) -> str:
    """The path of a file that another one names relative to itself."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), name))
