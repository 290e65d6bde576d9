"""The manifests in files that a spec names, with the place of every field."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import lru_cache

from compiler.source.document import Document, Files
from compiler.source.parse import parse_manifests


def extra_documents(document: Document, files: Files) -> tuple[Document, ...]:
    """The documents of the files that the spec names, in order. Raises Rejected for what is no manifest."""
    return tuple(each for file, text in named_manifests(document, files) for each in parsed_manifests(text, file))


def named_manifests(document: Document, files: Files) -> Iterator[tuple[str, str]]:
    """Path and text of each file; a path is relative to the file that names it, which may be a base."""
    for index, name in enumerate(document.data["spec"]["extras"]):
        folder = posixpath.dirname(document.locate(("spec", "extras", index)).file)
        yield posixpath.normpath(posixpath.join(folder, name)), files[name]


@lru_cache(maxsize=64)
def parsed_manifests(text: str, file: str) -> tuple[Document, ...]:
    return tuple(parse_manifests(text, file))
