"""What an answer of `check` or `build` depends on, for the cache."""

from __future__ import annotations

import argparse
import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from types import MappingProxyType

from compiler.cache.answers import current_day, keep_answer
from compiler.cache.digests import real_listing
from compiler.source import Document
from compiler.source.kept_specs import nearer_bases, path_beside
from compiler.source.workspace import ENVIRONMENT_FILE, ENVIRONMENTS, Sources, is_spec_name


def keep_notices(
    args: argparse.Namespace,
    environments: Sequence[Document],
    sources: Sequence[Sources],
    notices: Sequence[str],
    outputs: Mapping[Path, Mapping[str, bytes] | None] = MappingProxyType({}),
) -> None:
    """Keeps what the command said of these sources, with the states of the folders `outputs` as it left them.

    `environments` are those that the repository has, `sources` those that were asked for. Nothing is kept where links
    lead to the specs: what they lead to may be another folder next time; nor where an output folder has no states,
    where a base of another folder may have named a file, where a spec is there now that was not read, or where the day
    is another one.
    """
    if args.no_cache or args.root != args.given_root or int(args.started) // 86_400 != current_day():
        return
    root = os.path.abspath(args.root)  # noqa: PTH100 - a Path would follow no `..` that is there on purpose
    places = {os.path.abspath(folder): states for folder, states in outputs.items() if states is not None}  # noqa: PTH100 - a Path follows no `..`
    if os.path.realpath(root) != root or len(places) < len(outputs):
        return
    if any(named_by_a_base(each, document) for each in sources for document in each.documents):
        return
    documents = [*environments, *(document for each in sources for document in each.documents)]
    files = {f"{root}/{file}": text for document in documents for file, text in document.texts.items()}
    files |= {f"{root}/{file}": text for each in sources for file, text in named_files(each)}
    nearer = {f"{root}/{file}" for document in documents for file in nearer_bases(document)}
    try:
        listings = folder_listings(f"{root}/{ENVIRONMENTS}")
    except OSError:
        return
    read = {f"{root}/{document.file}" for document in documents}
    if spec_places(listings, f"{root}/{ENVIRONMENTS}", {each.name for each in sources}) != read:
        return
    text = "" if args.quiet else "".join(f"{notice}\n" for notice in notices)
    keep_answer(args.words, files, listings, nearer - files.keys(), places, text)


def folder_listings(folder: str) -> dict[str, list[str]]:
    """The names in the folder and in those in it. Raises OSError where links lead to them."""
    names = real_listing(folder)
    below = [f"{folder}/{name[:-1]}" for name in names if name.endswith("/")]
    return {folder: names, **{each: real_listing(each) for each in below}}


def spec_places(listings: Mapping[str, Sequence[str]], environments: str, whole: Set[str]) -> set[str]:
    """The paths that a run reads by these names: of the environments `whole` all specs, of the others their own."""
    return {
        f"{folder}/{name}"
        for folder, names in listings.items()
        if folder != environments
        for name in (each.rstrip("/") for each in names)
        if (is_spec_name(name) if posixpath.basename(folder) in whole else name == ENVIRONMENT_FILE)
    }


def named_by_a_base(sources: Sources, document: Document) -> bool:
    """Whether a file that the document names may lie beside one of its bases in another folder."""
    return bool(sources.data.get(document.file)) and len({posixpath.dirname(file) for file in document.texts}) > 1


def named_files(sources: Sources) -> Iterator[tuple[str, str]]:
    """The files that specs name, and their texts."""
    for file, texts in sources.data.items():
        yield from ((path_beside(file, name), text) for name, text in texts.items())
