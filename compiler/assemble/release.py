"""Topology and routes into the complete, ordered objects of one release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from compiler.assemble.access import Access, access_to, network_policies, service_account
from compiler.assemble.config import ConfigMapData, Configuration, config_map, config_path, configurations
from compiler.assemble.deployment import deployment, stage_of
from compiler.assemble.extras import extra_manifests, with_origins
from compiler.assemble.jobs import first_stage, scheduled_jobs, version_jobs
from compiler.assemble.overrides import left_out, with_override
from compiler.assemble.stateful_set import headless_service, stateful_set
from compiler.assemble.supporting_objects import autoscaler, disruption_budget, smoke_job, smoke_service
from compiler.assemble.tls import tls_objects
from compiler.diagnostics.model import Path
from compiler.model.compiled import CompiledRelease
from compiler.model.course import Subject, traced_membership
from compiler.model.frame import Frame, frame_of
from compiler.model.manifest import Manifest
from compiler.model.topology import Stage, Topology, Workload, hosts_of
from compiler.source.document import Files
from compiler.spec.container import Version
from compiler.spec.documents import traced_environment, traced_release
from compiler.spec.release import Release
from compiler.traffic.base import distinct_manifests
from compiler.traffic.providers import exposures_of, providers


def assemble_release(release: CompiledRelease) -> tuple[Manifest, ...]:
    """Every object of a release that the rules accepted, ordered by kind and name."""
    environment, model, topology = release.environment, release.subject.release, release.topology
    routing = distinct_manifests(
        [manifest for name, each in release.exposures.items() for manifest in providers()[name].render(each)]
    )
    frame = frame_of(environment.model.spec.namespace, release.subject, topology)
    extras = extra_manifests(release.extras, frame.namespace, first_stage(model) if frame.gated else None)
    return assemble(frame, model, topology, [*routing, *extras], release.files, access_to(environment, model))


def traced_objects(release: CompiledRelease) -> tuple[Manifest, ...]:
    """The release's objects anew, by the same builders over traced specs: each field knows where it came from."""
    environment, source = traced_environment(release.environment), traced_release(release.source)
    subject = Subject(source.model, source.strategy.model, traced_membership(release.subject.membership))
    topology = release.strategy.lower(subject)
    routes = exposures_of(environment, subject, topology)
    traced = replace(
        release, environment=environment, source=source, subject=subject, topology=topology, exposures=routes
    )
    return tuple(with_origins(manifest, release.extras) for manifest in assemble_release(traced))


def assemble(
    frame: Frame,
    release: Release,
    topology: Topology,
    routing: Sequence[Manifest],
    files: Files,
    access: Access,
) -> tuple[Manifest, ...]:
    """Every object of the release, overrides merged in, ordered by kind and name."""
    spec = release.spec
    readers = config_readers(release, topology, files)
    secrets = tls_objects(frame, spec.expose, hosts_of(spec.expose, topology), files)
    manifests = [*routing, *secrets, *config_maps(frame, readers, first_stage(release))]
    if spec.pods.service_account is None:
        manifests.append(service_account(frame, first_stage(release)))
    manifests += network_policies(frame, release, topology, access)
    configured = {each.track: reader.configuration for each, reader in zip(topology.workloads, readers, strict=False)}
    for workload in topology.workloads:
        manifests += track_objects(frame, release, workload, configured[workload.track])
    if spec.jobs:
        manifests += scheduled_jobs(frame, release, topology, configured)
    return ordered_manifests(manifests, spec.overrides)


def ordered_manifests(manifests: Sequence[Manifest], overrides: Mapping[str, Any]) -> tuple[Manifest, ...]:
    done = manifests
    if overrides:
        done = [with_override(manifest, overrides) for manifest in manifests if not left_out(manifest, overrides)]
    return tuple(sorted(done, key=lambda manifest: (manifest.kind, manifest.name)))


class ConfigReader(NamedTuple):
    """A version whose pods read a configuration, the stage when they need it, and where the spec has the version."""

    stage: Stage
    version: Version
    path: Path
    configuration: Configuration | None


def config_readers(release: Release, topology: Topology, files: Files) -> list[ConfigReader]:
    """The workloads in their order, then the versions that are kept for going back."""
    readers: list[tuple[Stage, Version, Path]] = [
        (stage_of(workload), workload.version, workload.path) for workload in topology.workloads
    ]
    readers += [(Stage.TRACKS, version, path) for _, version, path in topology.retained]
    versions = [version for _, version, _ in readers]
    read = configurations(release.metadata.name, release.spec.container, versions, files)
    return [ConfigReader(*reader, each) for reader, each in zip(readers, read, strict=True)]


def track_objects(
    frame: Frame, release: Release, workload: Workload, configuration: Configuration | None
) -> list[Manifest]:
    spec = release.spec
    pods = track_pods(frame, release, workload, configuration)
    manifests = [pods, disruption_budget(frame, workload)]
    manifests += version_jobs(frame, release, workload, configuration) if spec.jobs else ()
    if spec.stateful is not None:
        manifests += headless_service(frame, release, workload, spec.stateful)
    if spec.autoscale is not None:
        manifests.append(autoscaler(frame, spec.autoscale, workload))
    if spec.smoke_test is not None:
        job = smoke_job(frame, release, spec.smoke_test, workload, pods)
        manifests += [smoke_service(frame, release, workload), job]
    return manifests


def track_pods(frame: Frame, release: Release, workload: Workload, configuration: Configuration | None) -> Manifest:
    """What makes the pods of the track."""
    wanted = release.spec.stateful
    if wanted is None:
        return deployment(frame, release, workload, configuration)
    return stateful_set(frame, release, workload, configuration, wanted)


def config_maps(frame: Frame, readers: Sequence[ConfigReader], earliest: Stage) -> list[Manifest]:
    """Each configuration once, as early as its earliest reader needs it; kept versions' too, for going back."""
    first: dict[str, tuple[ConfigMapData, Stage, Path]] = {}
    for stage, version, path, configuration in sorted(readers, key=lambda reader: reader.stage.value):
        for part in () if configuration is None else configuration.parts:
            first.setdefault(part.name, (part, stage, config_path(path, version, part.field)))
    before = earliest is Stage.BEFORE
    return [config_map(frame, part, earliest if before else stage, path) for part, stage, path in first.values()]
