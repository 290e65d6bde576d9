"""What makes the API server refuse a pod template, and with it the object that holds it, beyond its schema.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidatePodSpec`, `validateContainerPorts`,
`ValidateVolumeMounts`, `validateSleepAction`, `ValidateResourceRequirements`), pkg/apis/batch/validation
(`ValidateJobSpec`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from compiler.model.objects import integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.facts.restart_policies import restart_policy_errors
from compiler.transition.facts.validation.downward import downward_errors
from compiler.transition.facts.validation.duplicates import duplicate_name_errors
from compiler.transition.facts.validation.placement import placement_errors
from compiler.transition.facts.validation.resources import pod_resource_errors
from compiler.transition.facts.validation.systems import system_errors
from compiler.transition.facts.validation.volumes import (
    block_device_errors,
    mount_errors,
    profile_errors,
    volume_errors,
)

PodValidationError = tuple[str, str]
Spec = Mapping[str, Any]
DEFAULT_GRACE = 30
SIDECAR_FIELDS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def pod_template_errors(template: Spec, kind: str, claims: Iterable[Any] = ()) -> Iterator[PodValidationError]:
    """Why pods of this template are refused; `claims` are volumes that the template need not name."""
    spec = mapping_or_empty(template.get("spec"))
    grace = integer_or_default(spec.get("terminationGracePeriodSeconds"), DEFAULT_GRACE)
    if kind in ("Job", "CronJob") and spec.get("restartPolicy") not in ("Never", "OnFailure"):
        yield "the restartPolicy of a Job's pods must be OnFailure or Never", "set restartPolicy"
    if kind not in ("Job", "CronJob", "Pod") and spec.get("restartPolicy", "Always") != "Always":
        yield "the restartPolicy of its pods must be Always", "remove restartPolicy"
    volumes = [volume.get("name") for volume in mapping_items(spec.get("volumes"))]
    containers = [*mapping_items(spec.get("initContainers")), *mapping_items(spec.get("containers"))]
    yield from duplicate_name_errors("volumes", volumes)
    yield from duplicate_name_errors("containers", (container.get("name") for container in containers))
    yield from _host_port_errors(mapping_items(spec.get("containers")))
    for container in mapping_items(spec.get("initContainers")):
        yield from _host_port_errors((container,))
    if spec.get("hostNetwork") is True:
        yield from _shared_network_errors(containers)
    if kind != "Pod" and spec.get("ephemeralContainers"):
        yield "its template has ephemeral containers", "remove them"
    if kind not in ("Job", "CronJob", "Pod") and spec.get("activeDeadlineSeconds") is not None:
        yield f"the pods of a {kind} cannot have activeDeadlineSeconds", "remove it"
    for container in mapping_items(spec.get("initContainers")):
        yield from _init_container_errors(container)
    yield from placement_errors(spec)
    yield from volume_errors(spec)
    yield from system_errors(spec, containers)
    yield from pod_resource_errors(spec)
    yield from _resource_errors(mapping_or_empty(spec.get("resources")))
    yield from downward_errors(spec, containers)
    claims_of_devices = {str(claim.get("name")) for claim in mapping_items(spec.get("resourceClaims"))}
    for owner in (spec, *containers):
        yield from profile_errors(owner)
    for container in containers:
        yield from mount_errors(container)
        resized = (policy.get("resourceName") for policy in mapping_items(container.get("resizePolicy")))
        yield from duplicate_name_errors("resizePolicy", resized)
        yield from restart_policy_errors(container)
        yield from _device_errors(container, claims_of_devices)
    for container in containers:
        known = {str(name) for name in (*volumes, *claims)}
        yield from _container_errors(container, grace, known)
        yield from block_device_errors(container, known)


def _host_port_errors(containers: Iterable[Spec]) -> Iterator[PodValidationError]:
    """Each port of a node once for a pod (`AccumulateUniqueHostPorts`)."""
    every = (port for container in containers for port in mapping_items(container.get("ports")))
    ports = [port for port in every if port.get("hostPort")]
    wanted = ((str(port.get("hostIP") or ""), port["hostPort"], str(port.get("protocol") or "TCP")) for port in ports)
    for (_, number, _), count in Counter(wanted).items() if ports else ():
        if count > 1:
            yield f"two ports of its containers are port {number} of the node", "keep one of them"


def _shared_network_errors(containers: Iterable[Spec]) -> Iterator[PodValidationError]:
    """On the node's network a container's port is the node's (`checkHostNetworkPorts`)."""
    for port in (port for container in containers for port in mapping_items(container.get("ports"))):
        if port.get("hostPort") not in (None, 0, port.get("containerPort")):
            yield f"on the node's network hostPort must be {port.get('containerPort')}", "remove the hostPort"


def _init_container_errors(container: Spec) -> Iterator[PodValidationError]:
    """An init container that ends has no probe and no lifecycle (`validateInitContainers`)."""
    forbidden = [name for name in SIDECAR_FIELDS if container.get(name) is not None]
    if forbidden and container.get("restartPolicy") != "Always":
        yield f"an init container cannot have a {forbidden[0]}", "remove it, or set its restartPolicy: Always"


def _container_errors(container: Spec, grace: int, volumes: Set[str]) -> Iterator[PodValidationError]:
    mounts = list(mapping_items(container.get("volumeMounts")))
    yield from duplicate_name_errors("ports", (port.get("name") for port in mapping_items(container.get("ports"))))
    yield from duplicate_name_errors("mount paths", (mount.get("mountPath") for mount in mounts))
    for mount in mounts:
        if str(mount.get("name")) not in volumes:
            yield f"a container mounts {mount.get('name')}, and the pod has no such volume", "add the volume"
    pause = integer_or_default(nested_value(container, "lifecycle", "preStop", "sleep", "seconds"), 0)
    if pause > grace:
        yield f"its preStop sleep of {pause} s exceeds the grace period of {grace} s", "raise the grace period"
    if container.get("image") == "":  # a space is OpenShift's word for an image that it fills in
        yield "a container has no image", "name one"
    for probe in ("livenessProbe", "startupProbe"):
        if integer_or_default(nested_value(container, probe, "successThreshold"), 1) != 1:
            yield f"the successThreshold of a {probe} must be 1", "remove the field"
    if nested_value(container, "readinessProbe", "terminationGracePeriodSeconds") is not None:
        yield "a readinessProbe cannot have terminationGracePeriodSeconds", "remove the field"
    yield from _variable_errors(container)
    yield from _resource_errors(mapping_or_empty(container.get("resources")))


def _device_errors(container: Spec, claims: Set[str]) -> Iterator[PodValidationError]:
    """Devices and huge pages come whole, and beside cpu or memory (`ValidateResourceRequirements`)."""
    resources = mapping_or_empty(container.get("resources"))
    asked = {**mapping_or_empty(resources.get("requests")), **mapping_or_empty(resources.get("limits"))}
    for name, amount in asked.items():
        if _is_extended(str(name)) and quantity_value(amount).denominator != 1:
            yield f"its {name} is not a whole number", "request whole ones"
    if any(str(name).startswith("hugepages-") for name in asked) and not asked.keys() & {"cpu", "memory"}:
        yield "huge pages also need a request of cpu or memory", "request memory too"
    for claim in mapping_items(resources.get("claims")):
        if str(claim.get("name")) not in claims:
            yield (
                f"a container uses the claim {claim.get('name')}, which its pod does not have",
                "add it to resourceClaims",
            )


def _variable_errors(container: Spec) -> Iterator[PodValidationError]:
    for variable in mapping_items(container.get("env")):
        if not variable.get("name") or "=" in str(variable["name"]):
            yield f"'{variable.get('name') or ''}' is not a valid name of a variable", "give it a name without ="


def _resource_errors(resources: Spec) -> Iterator[PodValidationError]:
    for name, amount in (pair for part in resources.values() for pair in mapping_or_empty(part).items()):
        if quantity_value(amount) < 0:
            yield f"its {name} is less than 0", "request 0 or more"
    limits = mapping_or_empty(resources.get("limits"))
    for name, asked in mapping_or_empty(resources.get("requests")).items():
        if name in limits and quantity_value(asked) > quantity_value(limits[name]):
            yield f"it requests more {name} than its limit", "raise the limit"
        if _is_extended(str(name)) and (name not in limits or quantity_value(asked) != quantity_value(limits[name])):
            yield f"it requests {name} without an equal limit", f"set limits: {{{name}: {asked}}}"


def _is_extended(name: str) -> bool:
    """Whether a resource cannot be given twice (pkg/apis/core/v1/helper `IsExtendedResourceName`, huge pages)."""
    domain, _, rest = name.partition("/")
    return name.startswith("hugepages-") or (bool(rest) and domain != "kubernetes.io")
