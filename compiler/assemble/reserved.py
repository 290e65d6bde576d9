"""Labels and annotations that a spec may add, but for those by which tracks, contracts and waves are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.objects import ATTEMPT, HOOKS, WAVE
from compiler.spec.release import Release

LABELS: Final = ("app", "color", "track", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by")
ANNOTATIONS: Final = (WAVE, *HOOKS)
OURS: Final = "shipway.dev/"


def check_reserved(release: Release) -> Iterator[Problem]:
    """A finding for each label and annotation of the spec that would take the place of one of ours."""
    spec = release.spec
    service = ("spec", "expose", "service", "annotations")
    yield from taken(release.metadata.labels, ("metadata", "labels"), LABELS)
    yield from taken(spec.pods.labels, ("spec", "pods", "labels"), LABELS)
    yield from taken(release.metadata.annotations, ("metadata", "annotations"), ANNOTATIONS)
    yield from taken(spec.pods.annotations, ("spec", "pods", "annotations"), ANNOTATIONS)
    yield from taken(spec.expose.annotations, ("spec", "expose", "annotations"), ANNOTATIONS)
    yield from taken(spec.expose.service.annotations, service, ANNOTATIONS)


def taken(written: Mapping[str, str], path: Path, ours: tuple[str, ...]) -> Iterator[Problem]:
    for key in written:
        if key in ours or (key.startswith(OURS) and key != ATTEMPT):
            message = f"`{key}` is Shipway's own: tracks, contracts and waves are told apart by it"
            yield Problem("reserved-key", message, (*path, key), "remove it, or choose another key", on_key=True)
