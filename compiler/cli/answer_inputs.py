"""What an answer of `check` or `build` depends on, for the cache."""

from __future__ import annotations

import argparse
import os
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from compiler.cache.answers import keep_answer
from compiler.source import Document
from compiler.source.workspace import ENVIRONMENTS, Sources


def keep_notices(
    args: argparse.Namespace,
    environments: Sequence[Document],
    sources: Sequence[Sources],
    notices: Sequence[str],
    outputs: Sequence[Path] = (),
) -> None:
    """Keeps what the command said of these sources, and what it left in the folders `outputs`.

    `environments` are those that the repository has, `sources` those that were asked for. Nothing is kept where links
    lead to the specs or the output: what they lead to may be another folder next time; nor where a base of another
    folder may have named a file.
    """
    if args.no_cache or args.root != args.given_root:
        return
    root = os.path.abspath(args.root)  # noqa: PTH100 - a Path would follow no `..` that is there on purpose
    places = [os.path.abspath(folder) for folder in outputs]  # noqa: PTH100 - as above
    if any(os.path.realpath(place) != place for place in (root, *places)):
        return
    if any(named_by_a_base(each, document) for each in sources for document in each.documents):
        return
    documents = [*environments, *(document for each in sources for document in each.documents)]
    files = {f"{root}/{file}": text for document in documents for file, text in document.texts.items()}
    files |= {f"{root}/{file}": text for each in sources for file, text in named_files(each)}
    nearer = {f"{root}/{file}" for document in documents for file in nearer_bases(document)}
    folder = f"{root}/{ENVIRONMENTS}"
    folders = [folder, *(entry.path for entry in os.scandir(folder) if entry.is_dir())]
    text = "" if args.quiet else "".join(f"{notice}\n" for notice in notices)
    keep_answer(args.words, files, folders, nearer - files.keys(), places, text)


def named_by_a_base(sources: Sources, document: Document) -> bool:
    """Whether a file that the document names may lie beside one of its bases in another folder."""
    return bool(sources.data.get(document.file)) and len({posixpath.dirname(file) for file in document.texts}) > 1


def named_files(sources: Sources) -> Iterator[tuple[str, str]]:
    """The files that specs name, and their texts."""
    for file, texts in sources.data.items():
        yield from ((path_beside(file, name), text) for name, text in texts.items())


def nearer_bases(document: Document) -> Iterator[str]:
    """The files that would be taken for the document's bases if they were there: those beside what names them."""
    for file in document.texts:
        yield from (path_beside(file, base) for base in document.texts)


def path_beside(file: str, name: str) -> str:
    """The path of a file that another one names relative to itself."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), name))
