"""Published files as objects: what the verifier reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.model.manifest import Object
from compiler.model.objects import object_labels
from compiler.plan.tracks import shown_tracks
from compiler.source import parse_manifests

PublishedFiles = Mapping[str, bytes]
"""Contents by path below the published path."""
NOT_AN_OBJECT: Final = Problem(
    "object-malformed",
    "a published file is not a Kubernetes object",
    (),
    "correct it or remove it on the published branch: Argo CD reads it there",
)


def unit_files(manifests: Mapping[str, PublishedFiles], folders: Sequence[str]) -> dict[str, bytes]:
    """The manifests of the folders, of those by folder."""
    return {path: data for folder in folders for path, data in manifests.get(folder, {}).items()}


def parsed_objects(files: PublishedFiles) -> list[Object]:
    """The objects in the files. Raises Rejected for what is not one: others may have written to the published tree.

    Equal files give the same objects, which nobody changes: each is looked at several times, for several verdicts.
    """
    return list(_objects_of_files(tuple(sorted(files.items()))))


@lru_cache(maxsize=4096)
def _objects_of_files(files: tuple[tuple[str, bytes], ...]) -> tuple[Object, ...]:
    objects: list[Object] = []
    malformed: list[Diagnostic] = []
    for path, data in files:
        for document in parse_manifests(data.decode("utf-8", "replace"), path):
            if is_object(document.data):
                objects.append(document.data)
            elif document.data is not None:
                malformed.append(document.diagnose(NOT_AN_OBJECT))
    if malformed:
        raise Rejected(malformed)
    return tuple(objects)


def is_object(data: object) -> bool:
    """Whether the data has what every object of Kubernetes has: a kind and a name."""
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
        return False
    metadata = data.get("metadata")
    return isinstance(metadata, dict) and isinstance(metadata.get("name"), str)


def readable_objects(files: PublishedFiles) -> list[Object]:
    """The objects in the files, none where one cannot be read: for what is shown, not for what is proven."""
    try:
        return parsed_objects(files)
    except Rejected:
        return []


def no_course_open(objects: Sequence[Object]) -> bool:
    """Whether no release has a course open, as the strategies read their objects back."""
    by_release: dict[str, list[Object]] = {}
    for obj in objects:
        by_release.setdefault(str(object_labels(obj).get("app", "")), []).append(obj)
    return not any(shown_tracks(own)[1].course_open for own in by_release.values())
