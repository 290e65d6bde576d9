"""Objects that stand beside the specs in files of their own, and are published as they stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from compiler.model.frame import WAVE
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import with_field_origins
from compiler.model.topology import Stage
from compiler.source.document import Document

EXTRAS: Final = "extras"
"""through what their fields come into an object"""


def extra_manifests(documents: Sequence[Document], namespace: str, earliest: Stage | None = None) -> list[Manifest]:
    """Their objects, in the environment's namespace where they name none.

    Where a Job runs before the pods they come before it, if they say no wave of their own: it may read them.
    """
    wave = {WAVE: str(earliest.value)} if earliest is Stage.BEFORE else {}
    return [
        Manifest(with_namespace(document.data, namespace, wave), Origin((), EXTRAS, f"{EXTRAS}/{number}"))
        for number, document in enumerate(documents)
    ]


def with_namespace(obj: Object, namespace: str, annotations: Mapping[str, str]) -> Object:
    metadata = {"namespace": namespace, **obj["metadata"]}
    if annotations:
        metadata["annotations"] = {**annotations, **(metadata.get("annotations") or {})}
    return {**obj, "metadata": {"name": metadata["name"], **metadata}}


def with_origins(manifest: Manifest, extras: Sequence[Document]) -> Manifest:
    """The manifest, made of traced values or of a file beside the specs, with the place of each field."""
    if manifest.origin.via != EXTRAS:
        return with_field_origins(manifest)
    document = extras[int(manifest.origin.document.rpartition("/")[2])]
    fields = {path: Origin(path, EXTRAS, manifest.origin.document) for path in document.positions if path}
    return Manifest(manifest.object, manifest.origin, fields)
