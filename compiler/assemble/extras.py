"""Objects that stand beside the specs in files of their own, and are published as they stand there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.objects import CLUSTER_SCOPED
from compiler.source.document import Document

EXTRAS: Final = "extras"
"""through what their fields come into an object"""


def extra_manifests(documents: Sequence[Document], namespace: str) -> list[Manifest]:
    """Their objects, in the environment's namespace where they name none."""
    return [
        Manifest(with_namespace(document.data, namespace), Origin((), EXTRAS, f"{EXTRAS}/{number}"))
        for number, document in enumerate(documents)
    ]


def with_namespace(obj: Object, namespace: str) -> Object:
    if obj["kind"] in CLUSTER_SCOPED or obj["metadata"].get("namespace"):
        return obj
    return {**obj, "metadata": {**obj["metadata"], "namespace": namespace}}


def extras_with_origins(manifest: Manifest, documents: Sequence[Document]) -> Manifest:
    """The manifest with each field's place in its file."""
    document = documents[int(manifest.origin.document.rpartition("/")[2])]
    fields = {path: Origin(path, EXTRAS, manifest.origin.document) for path in document.positions if path}
    return Manifest(manifest.object, manifest.origin, fields)
