"""Manifests of anybody as objects: Lists flattened, each with its place, what is no object refused where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.model import Diagnostic, Loc, Path, Problem, Rejected
from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.source.document import Document

MAX_MANIFEST_OBJECTS = 100_000
PAIRS = "write `name: value` pairs"


@dataclass(frozen=True, slots=True)
class Manifests:
    """Objects in the order of their files, the place of each, and the texts of all files."""

    objects: tuple[Object, ...]
    places: Mapping[Key, Loc]
    texts: Mapping[str, str]
    notes: tuple[str, ...] = ()
    """sentences about what Argo CD reads otherwise than the files show"""

    def place(self, name: str) -> Loc | None:
        """Where the object that a finding calls `name` stands."""
        return next((loc for key, loc in self.places.items() if str(key) == name), None)


def read_manifests(documents: Iterable[Document], namespace: str = "") -> Manifests:
    """The objects of documents, those of Lists one by one; `namespace` is for objects that name none.

    Of two objects of one name the last one counts, with a note. Raises Rejected with every document that is not an
    object, or has no kind, apiVersion or name. Lists are flattened as Argo CD does
    (util/kube `SplitYAML`, reposerver/repository `findManifests`).
    """
    objects: dict[Key, Object] = {}
    notes: list[str] = []
    places: dict[Key, Loc] = {}
    documents = tuple(documents)
    for obj, loc in object_documents(documents):
        key = object_key(obj, namespace)
        if key in places:
            notes.append(f"{loc}: {key} is also defined at {places[key]}; Argo CD takes the last one")
        places[key] = loc
        objects[key] = obj
    texts = {file: text for document in documents for file, text in document.texts.items()}
    return Manifests(tuple(objects.values()), places, texts, tuple(notes))


def object_documents(documents: Iterable[Document]) -> list[tuple[Object, Loc]]:
    """Every object of documents with its place, those of Lists one by one. Raises Rejected as `read_manifests`."""
    objects: list[tuple[Object, Loc]] = []
    malformed: list[Diagnostic] = []
    for document in documents:
        for path, value in _flattened(document.data, ()):
            problem = _object_problem(value, path)
            if problem is None:
                objects.append((_with_name(value), document.locate(path)))
            else:
                malformed.append(document.diagnose(problem))
    if malformed:
        raise Rejected(malformed)
    return objects


def _flattened(data: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if data is None:
        return
    items = data.get("items") if isinstance(data, dict) else None
    if isinstance(items, list) and str(data.get("kind", "List")).endswith("List"):
        for index, item in enumerate(items):
            yield from _flattened(item, (*path, "items", index))
    else:
        yield path, data


def _object_problem(value: Any, path: Path) -> Problem | None:
    if not isinstance(value, dict):
        help_text = "each document must be one object, or a List of objects"
        return Problem("object-malformed", "this is not a Kubernetes object", path, help_text)
    for key in ("apiVersion", "kind"):
        if not isinstance(value.get(key), str) or not value[key]:
            help_text = f"write `{key}:`, or exclude this file if it is not a manifest"
            return Problem("object-malformed", f"this object has no {key}", path, help_text)
    if value["kind"] == "List":
        return Problem("object-malformed", "this List has no list of `items`", path, "write `items: […]`")
    return _metadata_problem(value, path)


def _metadata_problem(value: Object, path: Path) -> Problem | None:
    metadata, kind = value.get("metadata"), value["kind"]
    hint = "render it first (`kustomize build`)" if kind == "Kustomization" else "write `metadata: {name: …}`"
    if not isinstance(metadata, dict):
        return Problem("object-malformed", f"this {kind} has no metadata", path, hint)
    place, name = (*path, "metadata"), metadata.get("name") or metadata.get("generateName")
    if not name:
        return Problem("object-malformed", f"this {kind} has no name", place, hint)
    if not isinstance(name, str):
        fix = "quote it; the API server takes no other name"
        return Problem("object-malformed", f"the name of this {kind} is not text", place, fix)
    wrong = next((part for part in ("labels", "annotations") if not isinstance(metadata.get(part) or {}, dict)), None)
    return None if wrong is None else Problem("object-malformed", f"`{wrong}` must be a map", (*place, wrong), PAIRS)


def _with_name(value: Object) -> Object:
    """Hooks may leave their name to the moment when they run."""
    metadata = value["metadata"]
    if metadata.get("name"):
        return value
    return {**value, "metadata": {**metadata, "name": f"{metadata['generateName']}*"}}
