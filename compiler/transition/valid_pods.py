"""What makes the API server refuse a pod template, and with it the object that holds it, beyond its schema.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidatePodSpec`, `validateContainerPorts`,
`ValidateVolumeMounts`, `validateSleepAction`, `ValidateResourceRequirements`), pkg/apis/batch/validation
(`ValidateJobSpec`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from compiler.transition.controllers.quota import quantity
from compiler.transition.objects import dig, mapping, mappings, whole

Fault = tuple[str, str]
Spec = Mapping[str, Any]
DEFAULT_GRACE = 30


def repeated(what: str, names: Iterable[Any]) -> Iterator[Fault]:
    """The names of `what` that stand twice, of those that are told."""
    for name, count in Counter(str(name) for name in names if name is not None).items():
        if count > 1:
            yield f"its {what} hold {name} twice", "keep one of them"


def template_faults(template: Spec, kind: str, claims: Iterable[Any] = ()) -> Iterator[Fault]:
    """Why pods of this template are refused; `claims` are volumes that the template need not name."""
    spec = mapping(template.get("spec"))
    grace = whole(spec.get("terminationGracePeriodSeconds"), DEFAULT_GRACE)
    if kind in ("Job", "CronJob") and spec.get("restartPolicy") not in ("Never", "OnFailure"):
        yield "the pods of a Job restart OnFailure or Never", "set restartPolicy"
    if kind not in ("Job", "CronJob", "Pod") and spec.get("restartPolicy", "Always") != "Always":
        yield "its pods must restart Always", "remove restartPolicy"
    volumes = [volume.get("name") for volume in mappings(spec.get("volumes"))]
    containers = [*mappings(spec.get("initContainers")), *mappings(spec.get("containers"))]
    yield from repeated("volumes", volumes)
    yield from repeated("containers", (container.get("name") for container in containers))
    for container in containers:
        yield from _container(container, grace, {str(name) for name in (*volumes, *claims)})


def _container(container: Spec, grace: int, volumes: Set[str]) -> Iterator[Fault]:
    mounts = list(mappings(container.get("volumeMounts")))
    yield from repeated("ports", (port.get("name") for port in mappings(container.get("ports"))))
    yield from repeated("mount paths", (mount.get("mountPath") for mount in mounts))
    for mount in mounts:
        if str(mount.get("name")) not in volumes:
            yield f"a container mounts {mount.get('name')}, and the pod has no such volume", "add the volume"
    pause = whole(dig(container, "lifecycle", "preStop", "sleep", "seconds"), 0)
    if pause > grace:
        yield f"its preStop sleep of {pause} s exceeds the grace period of {grace} s", "raise the grace period"
    resources = mapping(container.get("resources"))
    limits = mapping(resources.get("limits"))
    for name, asked in mapping(resources.get("requests")).items():
        if name in limits and quantity(asked) > quantity(limits[name]):
            yield f"it requests more {name} than its limit", "raise the limit"
