"""Names and labels: those from before that a release keeps, and those of ours that a spec must not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.compiled import CompiledRelease
from compiler.model.frame import ATTEMPT, HOOKS, WAVE
from compiler.spec.documents import ReleaseDocument
from compiler.spec.identity import Identity
from compiler.spec.release import Release
from compiler.strategies import STRATEGIES
from compiler.strategies.base import IDENTITY


def check_identity(source: ReleaseDocument) -> Iterator[Problem]:
    """What of an identity contradicts itself or the release's strategy."""
    identity = source.model.spec.identity
    if identity is not None:
        yield from track_problems(identity, source.strategy.name)
        yield from label_problems(identity)


def track_problems(identity: Identity, strategy: str) -> Iterator[Problem]:
    """A running Deployment becomes one of the tracks that a course leaves standing."""
    adoptable = STRATEGIES[strategy].ADOPTABLE
    if identity.track is not None and not adoptable.fullmatch(identity.track):
        message = f"a running Deployment cannot become the track `{identity.track}` of `{strategy}`"
        fix = f"use one of {adoptable.pattern.replace('|', ', ')}, or remove `track`"
        yield Problem("identity-track-unknown", message, (*IDENTITY, "track"), fix)


def label_problems(identity: Identity) -> Iterator[Problem]:
    """Two values of one label, and labels that are Shipway's."""
    for key in sorted(set(identity.labels) & set(identity.selector)):
        if identity.labels[key] != identity.selector[key]:
            message = f"the pods cannot have two values for the label `{key}`"
            related: tuple[tuple[Path, str], ...] = (((*IDENTITY, "selector", key), "the value in the selector"),)
            fix = "remove this label: the pods keep the value of the selector"
            yield Problem("identity-labels-differ", message, (*IDENTITY, "labels", key), fix, related=related)
    yield from reserved_key_problems(identity.labels, (*IDENTITY, "labels"), ())
    yield from reserved_key_problems(identity.selector, (*IDENTITY, "selector"), ())


def check_kept_identity(release: CompiledRelease) -> Iterator[Problem]:
    """What the release's tracks say of an identity: that nothing keeps it any more, or that a name is taken."""
    identity = release.subject.release.spec.identity
    if identity is None:
        return
    if identity.selects and release.topology.adopted is None:
        name = identity.deployment or "from before"
        message = f"no track uses the names and labels of the Deployment {name} any more"
        fix = "remove `deployment`, `selector`, `expressions`, `labels`, `track`, `autoscaler` and `budget` here"
        yield Problem("identity-unused", message, IDENTITY, fix, severity="warning", on_key=True)
    tracks = {f"{release.name}-{share.track}" for split in release.topology.splits for share in split.shares}
    if identity.service in tracks:
        message = f"the Service {identity.service} belongs to one track, so not all requests reach it"
        fix = "give the release another name (`metadata.name`): the Services of its tracks are named after it"
        yield Problem("identity-service-taken", message, (*IDENTITY, "service"), fix)


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
            message = f"`{key}` is reserved: Shipway uses it to tell tracks, contracts and waves apart"
            yield Problem("reserved-key", message, (*path, key), "remove the key, or choose another one", on_key=True)
