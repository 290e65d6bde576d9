"""Manifests from a folder, a file, a revision or standard input, read as Argo CD reads them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import Final

from compiler.adopt.argo_rollouts import after_letting_go
from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.git.tree import read_tree
from compiler.model.manifest import Object
from compiler.source import parse_manifests
from compiler.source.argocd_file import ArgoCDFile, read_argocd_file
from compiler.source.files import read_text
from compiler.source.parse import file_too_large
from compiler.source.rendered_folder import applied_texts, changed_edits
from compiler.transition.facts.read import Manifests, read_manifests

MANIFEST_SUFFIXES: Final = (".yaml", ".yml", ".json")
MAX_MANIFEST_BYTES: Final = 64 * 1024 * 1024
EDITED_ALIKE: Final = (
    "kustomize edits these files before they are applied, on both sides alike: they were judged as they stand; "
    "to judge what is applied, verify what `kustomize build` prints"
)
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
    return f"shipway {command}: --from takes a folder, a file or REPO@REV:PATH, and goes with one environment\n"


def manifests_at(place: str, namespace: str, exclude: Sequence[str]) -> Manifests:
    """The manifests of a folder, a file, or a path at a revision, as Argo CD reads them.

    Raises Rejected with everything that Argo CD could not read either.
    """
    texts = {
        name: text
        for name, text in manifest_texts(place).items()
        if not any(fnmatch(name.removeprefix(f"{place.rstrip('/')}/"), glob) for glob in exclude)
    }
    applied = applied_texts(texts)
    files = argocd_files(applied.listed)
    manifests = read_manifests([document for file in files for document in file.documents], namespace)
    notes = (*(note for file in files for note in file.notes), *manifests.notes)
    editing = {name.removeprefix(f"{place.rstrip('/')}/"): text for name, text in applied.editing.items()}
    return replace(manifests, notes=notes, editing=editing)


def compared_manifests(places: Sequence[str], namespace: str, exclude: Sequence[str]) -> tuple[Manifests, Manifests]:
    """The manifests of two places. Raises Rejected also where kustomize edits one side otherwise than the other."""
    before, after = (manifests_at(place, namespace, exclude) for place in places)
    refusal = changed_edits(before.editing, after.editing)
    if refusal is not None:
        raise Rejected([refusal])
    return before, replace(after, notes=(*after.notes, *([EDITED_ALIKE] if after.editing else [])))


def running_objects(place: str | None) -> tuple[Object, ...]:
    """What a `--from` names, once its Rollouts have let go. Raises Rejected also where kustomize edits it."""
    if not place:
        return ()
    manifests = manifests_at(place, "", ())
    refusal = changed_edits({}, manifests.editing)
    if refusal is not None:
        raise Rejected([refusal])
    return after_letting_go(manifests.objects)


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
    names = [name for name in sorted(tree) if name.endswith(MANIFEST_SUFFIXES)]
    return {f"{inside}/{name}".strip("/"): decoded_text(name, tree[name]) for name in names}


def read_manifest_file(file: Path) -> str:
    return read_text(file.parent, file.name, MAX_MANIFEST_BYTES, Loc(str(file), 1, 1))


def decoded_text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        refusal = Diagnostic("yaml-encoding", "this is not UTF-8", Loc(name, line, 1), "save it as UTF-8")
        raise Rejected([refusal]) from error


def is_manifest_file(file: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
    return file.suffix in MANIFEST_SUFFIXES and not hidden and not file.is_dir()
