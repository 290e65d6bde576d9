"""What a release would write otherwise than it runs, or must not write: `spec.overrides` of an adopted spec."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compiler.adopt.argo_rollouts import ROLLOUT
from compiler.adopt.release_spec import main_container
from compiler.adopt.running import RunningObject, RunningWorkload
from compiler.adopt.target import overrides_for
from compiler.model.compiled import CompiledRelease
from compiler.model.manifest import Object
from compiler.model.objects import mapping_or_empty, nested_value


def release_overrides(group: RunningWorkload, compiled: CompiledRelease) -> dict[str, Any]:
    """What the running objects have and a spec has no word for, by the title of the object that the release writes."""
    patches = {}
    for running in group.members:
        ours = object_titled(compiled, running.title)
        patch = {} if ours is None else overrides_for(running, ours, str(main_container(group).get("name")))
        if running is group.source and group.counted:
            patch = {**patch, "spec": {"replicas": None, **mapping_or_empty(patch.get("spec"))}}
        if patch:
            patches[running.title] = patch
    return patches | (_track_overrides(group, compiled) if group.source.kind == ROLLOUT else {})


def _track_overrides(group: RunningWorkload, compiled: CompiledRelease) -> dict[str, Any]:
    """What the pods of a Rollout have that a spec has no word for, for each track: also one that holds no version."""
    ours = first_deployment(compiled) or {}
    running = rollout_as_deployment(group.source, str(nested_value(ours, "metadata", "name")))
    patch = overrides_for(running, ours, str(main_container(group).get("name")))
    tracks = (share.track for split in compiled.topology.splits for share in split.shares)
    names = {track: f"{compiled.name}-{track}" for track in tracks}
    names |= {workload.track: workload.name for workload in compiled.topology.workloads}
    return {f"Deployment/{name}": patch for name in sorted(names.values())} if patch else {}


def rollout_as_deployment(source: RunningObject, name: str) -> RunningObject:
    """The Rollout as the Deployment `name` that its pods would be of: the two have the pod template in common."""
    spec = {key: value for key, value in source.spec.items() if key not in ("strategy", "workloadRef")}
    metadata = {**source.object["metadata"], "name": name}
    obj = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
    return replace(source, key=source.key._replace(group="apps", kind="Deployment", name=name), object=obj)


def first_deployment(compiled: CompiledRelease) -> Object | None:
    return next((manifest.object for manifest in compiled.manifests if manifest.kind == "Deployment"), None)


def object_titled(compiled: CompiledRelease, title: str) -> Object | None:
    """The release's object of this kind and name, or None."""
    named = (manifest.object for manifest in compiled.manifests if f"{manifest.kind}/{manifest.name}" == title)
    return next(named, None)


def objects_left_out(group: RunningWorkload, compiled: CompiledRelease, taken: frozenset[str]) -> dict[str, None]:
    """What the release would bring along and must not: a Service that nobody calls, an object that runs already."""
    own = {member.title for member in group.everything}
    titles = [f"{manifest.kind}/{manifest.name}" for manifest in compiled.manifests]
    unheard = group.service is None or group.source.kind == "StatefulSet"
    return {
        title: None
        for title in titles
        if title not in own and (title in taken or (title.startswith("Service/") and unheard))
    }
