"""Which Deployment and Services a track has, as metrics name them: from the objects that a release is published as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compiler.analysis.target import MetricsTarget
from compiler.model.compiled import CompiledRelease
from compiler.model.manifest import Object
from compiler.model.objects import nested_value


def track_target(member: CompiledRelease, track: str) -> MetricsTarget | None:
    """The track as metrics name it; None where it has no pods.

    Its Services are those that select its pods and no other track's; where none is its alone, no metric of the router
    tells the tracks apart, and the name is one that no Service has.
    """
    workload = member.topology.workload(track)
    if workload is None:
        return None
    objects = [manifest.object for manifest in member.manifests]
    names = own_services(objects, str(workload.name), [str(each.name) for each in member.topology.workloads])
    return MetricsTarget(
        namespace=member.environment.model.spec.namespace,
        release=member.name,
        track=str(track),
        service="|".join(names) or NO_SERVICE,
        workload=str(workload.name),
        version=str(workload.version.version),
    )


NO_SERVICE = "-"


def own_services(objects: Sequence[Object], workload: str, workloads: Iterable[str]) -> list[str]:
    labels = {name: pod_labels(objects, name) for name in workloads}
    services = [each for each in objects if each.get("kind") == "Service"]
    return sorted(
        str(service["metadata"]["name"])
        for service in services
        if [name for name, pods in labels.items() if selects(service, pods)] == [workload]
    )


def pod_labels(objects: Sequence[Object], workload: str) -> Mapping[str, Any]:
    deployments = [o for o in objects if o.get("kind") == "Deployment" and o["metadata"]["name"] == workload]
    value = nested_value(deployments[0], "spec", "template", "metadata", "labels") if deployments else None
    return value if isinstance(value, dict) else {}


def selects(service: Object, labels: Mapping[str, Any]) -> bool:
    selector = nested_value(service, "spec", "selector")
    return isinstance(selector, dict) and bool(selector) and selector.items() <= labels.items()
