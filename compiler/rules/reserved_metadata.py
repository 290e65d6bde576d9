"""Labels and annotations that a spec may add, but for those by which tracks, contracts and waves are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.frame import ATTEMPT, HOOKS, WAVE
from compiler.spec.release import Release

LABELS: Final = ("app", "color", "track", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by")
ANNOTATIONS: Final = (WAVE, *HOOKS)
RESERVED_PREFIX: Final = "shipway.dev/"


def check_reserved(release: Release) -> Iterator[Problem]:
    """A finding for each label and annotation of the spec that would take the place of one of ours."""
    spec = release.spec
    service = ("spec", "expose", "service", "annotations")
    yield from reserved_key_problems(release.metadata.labels, ("metadata", "labels"), LABELS)
    yield from reserved_key_problems(spec.pods.labels, ("spec", "pods", "labels"), LABELS)
    yield from reserved_key_problems(release.metadata.annotations, ("metadata", "annotations"), ANNOTATIONS)
    yield from reserved_key_problems(spec.pods.annotations, ("spec", "pods", "annotations"), ANNOTATIONS)
    yield from reserved_key_problems(spec.expose.annotations, ("spec", "expose", "annotations"), ANNOTATIONS)
    yield from reserved_key_problems(spec.expose.service.annotations, service, ANNOTATIONS)


def reserved_key_problems(written: Mapping[str, str], path: Path, ours: tuple[str, ...]) -> Iterator[Problem]:
    for key in written:
        if key in ours or (key.startswith(RESERVED_PREFIX) and key != ATTEMPT):
            message = f"`{key}` is Shipway's own: tracks, contracts and waves are told apart by it"
            yield Problem("reserved-key", message, (*path, key), "remove it, or choose another key", on_key=True)
