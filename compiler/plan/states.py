"""Published files as objects: what the verifier reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from compiler.diagnostics.model import Diagnostic, Problem, Rejected
from compiler.model.manifest import Object
from compiler.plan.tracks import labels_or_empty
from compiler.source import parse_manifests

PublishedFiles = Mapping[str, bytes]
"""Contents by path below the published path."""
NOT_AN_OBJECT: Final = Problem(
    "object-malformed",
    "a published file is no object of Kubernetes",
    (),
    "remove it from the published branch, or mend it: Argo CD reads what stands there",
)


def unit_files(manifests: Mapping[str, PublishedFiles], folders: Sequence[str]) -> dict[str, bytes]:
    """The manifests of the folders, of those by folder."""
    return {path: data for folder in folders for path, data in manifests.get(folder, {}).items()}


def parsed_objects(files: PublishedFiles) -> list[Object]:
    """The objects in the files. Raises Rejected for what is none: others may have written to the published tree."""
    found: list[Object] = []
    strange: list[Diagnostic] = []
    for path, data in sorted(files.items()):
        for document in parse_manifests(data.decode("utf-8", "replace"), path):
            if is_object(document.data):
                found.append(document.data)
            elif document.data is not None:
                strange.append(document.diagnose(NOT_AN_OBJECT))
    if strange:
        raise Rejected(strange)
    return found


def is_object(data: object) -> bool:
    """Whether the data has what every object of Kubernetes has: a kind and a name."""
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
        return False
    metadata = data.get("metadata")
    return isinstance(metadata, dict) and isinstance(metadata.get("name"), str)


def readable_objects(files: PublishedFiles) -> list[Object]:
    """As `objects_of`; files that cannot be read count as absent (an earlier state that nobody may mend any more)."""
    try:
        return parsed_objects(files)
    except Rejected:
        return []


def no_course_open(objects: Sequence[Object]) -> bool:
    """Whether no course is open: no release has two of blue and green, or of stable and canary."""
    tracks: dict[str, set[str]] = {}
    for obj in objects:
        if obj.get("kind") == "Deployment":
            labels = labels_or_empty(obj)
            track = labels.get("color") or labels.get("track") or ""
            tracks.setdefault(str(labels.get("app", "")), set()).add(str(track))
    pairs = ({"blue", "green"}, {"stable", "canary"})
    return not any(pair <= held for held in tracks.values() for pair in pairs)
