"""Published files as objects: what the verifier reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from compiler.diagnostics.model import Problem, Rejected
from compiler.model.manifest import Object
from compiler.plan.tracks import objects_by_release, shown_tracks
from compiler.source import Document, parse_manifests

PublishedFiles = Mapping[str, bytes]
"""Contents by path below the published path."""
NOT_AN_OBJECT: Final = Problem(
    "object-malformed",
    "a published file is not a Kubernetes object",
    (),
    "correct it or remove it on the published branch: Argo CD reads it there",
)
MAX_PARSED_FILES: Final = 4096


def unit_files(manifests: Mapping[str, PublishedFiles], folders: Sequence[str]) -> dict[str, bytes]:
    """The manifests of the folders, of those by folder."""
    return {path: data for folder in folders for path, data in manifests.get(folder, {}).items()}


def parsed_objects(files: PublishedFiles) -> list[Object]:
    """The objects in the files. Raises Rejected for what is not one: others may have written to the published tree."""
    documents = [
        doc for path, data in sorted(files.items()) for doc in parsed_file(path, data.decode(errors="replace"))
    ]
    malformed = [doc for doc in documents if doc.data is not None and not is_object(doc.data)]
    if malformed:
        raise Rejected([document.diagnose(NOT_AN_OBJECT) for document in malformed])
    return [document.data for document in documents if document.data is not None]


@lru_cache(maxsize=MAX_PARSED_FILES)
def parsed_file(path: str, text: str) -> tuple[Document, ...]:
    """The documents of a published file. Raises Rejected.

    Equal files give the same objects, which nobody changes: each is looked at several times, for what changes and for
    several verdicts. In the plan of a group of 12 that switches, 336 parses are 202.
    """
    return tuple(parse_manifests(text, path))


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
    return not any(shown_tracks(own)[1].course_open for own in objects_by_release(objects).values())
