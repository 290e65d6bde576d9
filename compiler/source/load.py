"""A spec from its file: read under guard, and laid over the bases that it extends."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType

from compiler.diagnostics.model import Diagnostic, Loc, Problem, Rejected, Related
from compiler.diagnostics.model import Path as Path_
from compiler.source.dialects import MAX_BASE_CHAIN_LENGTH, SPEC
from compiler.source.document import Document, LazyPositions, SourceSpan
from compiler.source.files import read_text, sibling_path
from compiler.source.overlay import overlay
from compiler.source.parse import parse
from compiler.source.plain import plain_data

DocumentReader = Callable[[str, str], Document]
_EXTENDS = ("spec", "extends")
AS_ON_DISK: Mapping[str, str] = MappingProxyType({})


def load_spec(root: Path, file: str, instead: Mapping[str, str] = AS_ON_DISK) -> Document:
    """The spec in `file` (relative to `root`, with `/`), laid over the base that its `spec.extends` names.

    `instead` holds texts that count in place of what stands on disk: edits that are not written yet.

    A base is named relative to the file that extends it or, where there is none, to `root` (the folder of `-C`); it
    must lie below `root`, and may extend another. In the result `spec.extends` is gone. Raises Rejected with what
    `parse` and the file guards refuse, and for cycles, chains of more than sixteen bases, and a base of another kind.
    """
    try:
        plain = _merge_chain(_base_chain(root, file, instead, _parse_without_positions))
    except Rejected:
        # once more, for the place of what is wrong
        return _merge_chain(_base_chain(root, file, instead, parse))
    return _with_places(plain)


def document_of_texts(texts: Mapping[str, str]) -> Document:
    """The document that was laid of these texts, which go from the last base to the spec itself."""
    return _with_places(_merge_chain([_parse_without_positions(text, file) for file, text in upwards(texts)]))


def _with_places(plain: Document) -> Document:
    return replace(plain, positions=LazyPositions(partial(_merged_positions, plain.texts)))


def upwards(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The spec first, then each base after what extends it."""
    return list(reversed(list(texts.items())))


def _base_chain(root: Path, file: str, instead: Mapping[str, str], read: DocumentReader) -> list[Document]:
    """The spec and its bases, each followed by the one that it extends."""
    chain = [_read_document(root, file, Loc(file, 1, 1), instead, read)]
    named_at: list[Loc] = []
    while (named := _base_of(chain[-1])) is not None:
        loc = chain[-1].locate(_EXTENDS)
        base = _base_file(root, sibling_path(chain[-1].file, named, loc), named)
        named_at.append(loc)
        _refuse_cycle(chain, base, named_at)
        document = _read_document(root, base, loc, instead, read)
        _refuse_other_kind(chain[-1], document, loc)
        chain.append(document)
    return chain


def _merge_chain(chain: Sequence[Document]) -> Document:
    result = chain[-1]
    for upper in reversed(chain[:-1]):
        result = overlay(result, upper)
    return _without_extends(result) if len(chain) > 1 else result


@lru_cache(maxsize=16)  # a base is read once for all that extend it
def _parse_without_positions(text: str, file: str) -> Document:
    data = plain_data(text)
    return parse(text, file) if data is None else Document(file, data, {}, {file: text})


def _merged_positions(texts: Mapping[str, str]) -> Mapping[Path_, SourceSpan]:
    """The places of the document that was laid of these texts, which go from the last base to the spec itself."""
    return _merge_chain([parse(text, file) for file, text in upwards(texts)]).positions


def excerpts(root: Path, diagnostics: tuple[Diagnostic, ...]) -> dict[str, str]:
    """The texts of the files that diagnostics point into, for carets; files that cannot be read are left out."""
    texts: dict[str, str] = {}
    for file in sorted(_files(diagnostics)):
        try:
            texts[file] = read_text(root, file, SPEC.limits.bytes, Loc(file, 1, 1))
        except Rejected:
            continue
    return texts


def _files(diagnostics: tuple[Diagnostic, ...]) -> set[str]:
    located = {diagnostic.loc.file for diagnostic in diagnostics if diagnostic.loc is not None}
    return located | {related.loc.file for diagnostic in diagnostics for related in diagnostic.related}


def _read_document(root: Path, file: str, loc: Loc, instead: Mapping[str, str], read: DocumentReader) -> Document:
    text = instead[file] if file in instead else read_text(root, file, SPEC.limits.bytes, loc)
    return read(text, file)


def _base_file(root: Path, beside_it: str, named: str) -> str:
    """The base's path below `root`: beside the file that names it, else from the top, as paths in a repository go."""
    from_top = posixpath.normpath(named)
    if from_top.startswith("../") or os.path.lexists(root / beside_it):
        return beside_it
    return from_top if os.path.lexists(root / from_top) else beside_it


def _base_of(document: Document) -> str | None:
    spec = document.data.get("spec")
    if not isinstance(spec, dict) or "extends" not in spec:
        return None
    named = spec["extends"]
    if isinstance(named, str):
        return named
    problem = Problem(
        "extends-not-a-path", "spec.extends must be one path", _EXTENDS, "write for example: ../../bases/web.yaml"
    )
    raise Rejected([document.diagnose(problem)])


def _refuse_cycle(chain: list[Document], base: str, named_at: list[Loc]) -> None:
    files = [document.file for document in chain]
    if base in files:
        start = files.index(base)
        circle = " → ".join([*files[start:], base])
        also = tuple(Related(loc, "part of the circle") for loc in named_at[start:-1])
        message = f"the bases extend each other in a circle: {circle}"
        collected = Diagnostic("extends-cycle", message, named_at[-1], "remove one of these spec.extends", related=also)
        raise Rejected([collected])
    if len(chain) > MAX_BASE_CHAIN_LENGTH:
        message = f"more than {MAX_BASE_CHAIN_LENGTH} bases extend each other"
        raise Rejected([Diagnostic("extends-too-long", message, named_at[-1], "merge some of the bases")])


def _refuse_other_kind(upper: Document, lower: Document, loc: Loc) -> None:
    kinds = upper.data.get("kind"), lower.data.get("kind")
    if None in kinds or kinds[0] == kinds[1]:
        return
    message = f"the kinds differ: {kinds[0]} here, {kinds[1]} in the base"
    related = (Related(lower.locate(("kind",)), "the base's kind"),)
    raise Rejected([Diagnostic("extends-kind", message, loc, "name a base of the same kind", related=related)])


def _without_extends(document: Document) -> Document:
    spec = {key: value for key, value in document.data["spec"].items() if key != "extends"}
    positions = {path: place for path, place in document.positions.items() if path != _EXTENDS}
    return Document(document.file, {**document.data, "spec": spec}, positions, document.texts)
