"""Manifests from a folder, a file, a revision or standard input, read as Argo CD reads them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import translate
from functools import lru_cache
from pathlib import Path
from typing import Final

from compiler.adopt.argo_rollouts import after_letting_go
from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.git.tree import read_tree
from compiler.model.manifest import Object
from compiler.source import parse_manifests
from compiler.source.argocd_file import ArgoCDFile, read_argocd_file
from compiler.source.characters import SKIP_MARK
from compiler.source.document import Document
from compiler.source.files import not_utf8_error, read_bytes
from compiler.source.parse import file_too_large
from compiler.source.rendered_folder import KUSTOMIZATION_FILES, applied_texts, changed_edits
from compiler.transition.facts.read import Manifests, object_documents, read_manifests

MANIFEST_SUFFIXES: Final = (".yaml", ".yml", ".json")
MAX_MANIFEST_BYTES: Final = 64 * 1024 * 1024
EDITED_ALIKE: Final = (
    "kustomize edits these files before they are applied, in the same way on both sides: they were judged "
    "without these edits; add --kustomize to judge what is applied"
)
POSITION: Final = re.compile(r":[0-9]+:[0-9]+")
BRACES: Final = re.compile(r"(\\[{}]|,)")
STANDARD_INPUT_NAME: Final = "standard input"


def read_application(file: str) -> dict[str, object]:
    """The one Application in a file. Raises Rejected if there is none, or more."""
    documents = parse_manifests(read_manifest_file(Path(file)), file)
    applications = [document.data for document in documents if document.data.get("kind") == "Application"]
    if len(applications) != 1:
        text = f"this file holds {len(applications)} Applications"
        raise Rejected([Diagnostic("application-missing", text, Loc(file, 1, 1), "name a file with exactly one")])
    return dict(applications[0])


def is_readable_location(place: str) -> bool:
    return Path(place).exists() or "@" in place


def running_usage(command: str) -> str:
    """What is said of a `--from` that is no place, or that goes with several environments."""
    return f"shipway {command}: --from takes a folder, a file or REPO@REV:PATH, and needs exactly one environment\n"


TextReader = Callable[[str], Mapping[str, str]]


def compared_manifests(
    places: Sequence[str], namespace: str, exclude: Sequence[str], texts_of: TextReader
) -> tuple[Manifests, Manifests]:
    """The manifests of two places, whose texts `texts_of` reads.

    FROM is what the cluster holds: a file that cannot be read among others there is none of it, and is left out with a
    note, of TO too where it cannot be read there either. Raises Rejected with what else cannot be read, and where
    kustomize edits one side otherwise than the other.
    """
    before, after = (_readable_files(texts_of(place), _root_of(place), exclude) for place in places)
    refusal = changed_edits(before.editing, after.editing)
    if refusal is not None:
        raise Rejected([refusal])
    left_out = before.refused if before.documents else {}
    unreadable = [refused for name, refused in after.refused.items() if name not in left_out]
    unreadable += [] if before.documents else list(before.refused.values())
    if unreadable:
        raise Rejected([diagnostic for refused in unreadable for diagnostic in refused])
    first, second = (read_manifests(side.documents, namespace) for side in (before, after))
    alike = [EDITED_ALIKE] if after.editing else []
    current = (*after.notes, *second.notes)
    still = {_note_without_place(note, places[1]) for note in current}
    gone = [note for note in (*before.notes, *first.notes) if _note_without_place(note, places[0]) not in still]
    return (
        replace(first, notes=(*_left_out_notes(before), *gone)),
        replace(second, notes=(*current, *alike)),
    )


def _note_without_place(note: str, place: str) -> str:
    """What a note says of a file, wherever in it: what is noted of TO need not be noted of FROM too."""
    return POSITION.sub("", note.replace(f"{_root_of(place)}/", ""))


@dataclass(frozen=True, slots=True)
class ReadableFiles:
    """What can be read of a place; by the names there, why a file cannot, and the texts that edit the others."""

    documents: Sequence[Document]
    notes: Sequence[str]
    refused: Mapping[str, Sequence[Diagnostic]]
    editing: Mapping[str, str]


def _readable_files(texts: Mapping[str, str], root: str, exclude: Sequence[str]) -> ReadableFiles:
    """Raises Rejected for a place that Helm or kustomize must render."""
    names = {name: name.removeprefix(f"{root}/") for name in texts}
    excluded = [_glob_expression(glob) for glob in exclude]
    applied = applied_texts({n: t for n, t in texts.items() if not any(each.match(names[n]) for each in excluded)})
    files: list[ArgoCDFile] = []
    refused: dict[str, Sequence[Diagnostic]] = {}
    for name, text in applied.listed.items():
        try:
            file = _file_read_once(text, name)
            object_documents(file.documents)
            files.append(file)
        except Rejected as rejected:
            refused[names[name]] = rejected.diagnostics
    documents = [document for file in files for document in file.documents]
    notes = [f"{name}: Argo CD skips this file, because it contains {SKIP_MARK}" for name in applied.skipped]
    notes += [note for file in files for note in file.notes]
    return ReadableFiles(documents, notes, refused, {names[name]: text for name, text in applied.editing.items()})


def _glob_expression(glob: str) -> re.Pattern[str]:
    """A glob as Argo CD reads `directory.exclude`, where `{a,b}` is either (util/glob, with gobwas/glob)."""
    expression, depth = "", 0
    for part in BRACES.split(translate(glob)):
        opens, closes = part == r"\{", part == r"\}" and depth > 0
        depth += opens - closes
        expression += "(?:" if opens else ")" if closes else "|" if part == "," and depth else part
    return re.compile(translate(glob) if depth else expression)


def _left_out_notes(side: ReadableFiles) -> Iterator[str]:
    """Of each file that cannot be read, why."""
    for first, *_ in side.refused.values():
        yield f"{first.loc}: left out, because Argo CD cannot read it: {first.message}"


def _root_of(place: str) -> str:
    """What the names of a place's files begin with."""
    return place.rstrip("/") if Path(place).exists() else place.rpartition("@")[2].partition(":")[2].strip("/")


def running_objects(place: str | None) -> tuple[Object, ...]:
    """What a `--from` names, once its Rollouts have let go. Raises Rejected also for what Argo CD could not read."""
    if not place:
        return ()
    applied = applied_texts(manifest_texts(place))
    refusal = changed_edits({}, applied.editing)
    if refusal is not None:
        raise Rejected([refusal])
    documents = [document for file in argocd_files(applied.listed) for document in file.documents]
    return after_letting_go(read_manifests(documents).objects)


def argocd_files(texts: Mapping[str, str]) -> list[ArgoCDFile]:
    """Every file as Argo CD reads it. Raises Rejected with what is wrong in any of them."""
    diagnostics: list[Diagnostic] = []
    files: list[ArgoCDFile] = []
    for name, text in texts.items():
        try:
            files.append(_file_read_once(text, name))
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
    if diagnostics:
        raise Rejected(diagnostics)
    return files


_file_read_once = lru_cache(maxsize=4096)(read_argocd_file)
"""Two revisions share most of their files."""


def standard_input_text() -> str:
    """What standard input holds, as text. Raises Rejected for more than any set of manifests, and for other bytes."""
    content = sys.stdin.buffer.read(MAX_MANIFEST_BYTES + 1)
    if len(content) > MAX_MANIFEST_BYTES:
        raise Rejected([file_too_large("standard input", MAX_MANIFEST_BYTES, Loc(STANDARD_INPUT_NAME, 1, 1))])
    return decoded_text(STANDARD_INPUT_NAME, content)


def manifest_texts(place: str) -> dict[str, str]:
    """The texts by name: those of a tree that Argo CD would read, or the one file whatever its ending."""
    path = Path(place)
    if path.is_dir():
        names = sorted(str(file.relative_to(path)) for file in path.rglob("*") if is_manifest_file(file, path))
        return {f"{place.rstrip('/')}/{name}": read_manifest_file(path / name) for name in names}
    return {place: read_manifest_file(path)} if path.exists() else texts_at_revision(place)


def texts_at_revision(place: str) -> dict[str, str]:
    """The texts at REPO@REV:PATH, by their paths there."""
    repository, _, rest = place.rpartition("@")
    rev, _, inside = rest.partition(":")
    tree = read_tree(repository or ".", rev, inside.strip("/"))
    names = [name for name in sorted(tree) if is_manifest_name(name)]
    return {f"{inside}/{name}".strip("/"): decoded_text(name, tree[name]) for name in names}


def read_manifest_file(file: Path) -> str:
    return decoded_text(str(file), read_bytes(file.parent, file.name, MAX_MANIFEST_BYTES, Loc(str(file), 1, 1)))


def decoded_text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Rejected([not_utf8_error(content, error, name)]) from error


def is_manifest_file(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return is_manifest_name(file.name) and not hidden and not file.is_dir()


def is_manifest_name(name: str) -> bool:
    """Whether Argo CD, or kustomize for it, reads a file of this name."""
    return name.endswith(MANIFEST_SUFFIXES) or name.rpartition("/")[2] in KUSTOMIZATION_FILES
