"""The objects whose pods cost something, as they are published, without all that surrounds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from compiler.assemble.jobs import version_jobs
from compiler.assemble.overrides import left_out, with_override
from compiler.assemble.release import track_pods
from compiler.assemble.supporting_objects import smoke_job
from compiler.model.compiled import CompiledRelease
from compiler.model.frame import frame_of
from compiler.model.manifest import Manifest, Object


class CostedObjects(NamedTuple):
    """Of one track: what makes its pods, the Jobs before its first pod, and its smoke tests."""

    pods: Object
    first_jobs: tuple[Object, ...]
    smoke_tests: tuple[Object, ...]


def costed_objects(release: CompiledRelease) -> Iterator[CostedObjects]:
    """The objects of each track, overrides merged in. Their configuration is left out: it asks for nothing."""
    model, overrides = release.subject.release, release.subject.release.spec.overrides
    frame = frame_of(release.environment.model.spec.namespace, release.subject, release.topology)

    def written(manifests: Iterable[Manifest]) -> tuple[Object, ...]:
        return tuple(with_override(each, overrides).object for each in manifests if not left_out(each, overrides))

    for workload in release.topology.workloads:
        pods = track_pods(frame, model, workload, None)
        test = model.spec.smoke_test
        yield CostedObjects(
            with_override(pods, overrides).object,
            written(version_jobs(frame, model, workload, None)),
            written([] if test is None else [smoke_job(frame, model, test, workload, pods)]),
        )
