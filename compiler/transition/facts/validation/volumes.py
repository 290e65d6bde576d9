"""What makes the API server refuse the volumes, mounts and security settings of a pod template.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidateVolumeMounts`, `validateMountPropagation`,
`validateHostPathVolumeSource`, `validateNFSVolumeSource`, `validateEphemeralVolumeSource`,
`validateSeccompProfileField`, `ValidateAppArmorProfileField`, `validateProjectionSources`, `ValidateVolumeDevices`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.facts.validation.duplicates import duplicate_name_errors

VolumeError = tuple[str, str]
Spec = Mapping[str, Any]
HOST_PATH_TYPES = frozenset(
    {"", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"}
)


def volume_errors(spec: Spec) -> Iterator[VolumeError]:
    """Why the API server refuses a volume of the pod."""
    for volume in mapping_items(spec.get("volumes")):
        host = mapping_or_empty(volume.get("hostPath"))
        if ".." in str(host.get("path") or "").split("/"):
            yield f"the hostPath {host['path']} contains ..", "write the path out"
        if str(host.get("type") or "") not in HOST_PATH_TYPES:
            yield f"{host['type']} is not a type of hostPath", "correct the type"
        share = nested_value(volume, "nfs", "path")
        if share is not None and not str(share).startswith("/"):
            yield f"the NFS path {share} does not begin with /", "begin it with /"
        if quantity_value(nested_value(volume, "emptyDir", "sizeLimit") or 0) < 0:
            yield "the sizeLimit of an emptyDir is less than 0", "set a size, or remove the limit"
        if "projected" in volume:
            files = projected_paths(mapping_items(nested_value(volume, "projected", "sources")))
            yield from duplicate_name_errors(f"projected files of the volume {volume.get('name')}", files)
        if "ephemeral" in volume:
            yield from _ephemeral_errors(mapping_or_empty(nested_value(volume, "ephemeral", "volumeClaimTemplate")))


def _ephemeral_errors(template: Spec) -> Iterator[VolumeError]:
    if not template:
        yield "an ephemeral volume has no volumeClaimTemplate", "add the template"
    else:
        yield from claim_spec_errors(mapping_or_empty(template.get("spec")))


def claim_spec_errors(spec: Spec) -> Iterator[VolumeError]:
    """Why the API server refuses what a PersistentVolumeClaim asks for (`ValidatePersistentVolumeClaimSpec`)."""
    modes = list_or_empty(spec.get("accessModes"))
    storage = nested_value(spec, "resources", "requests", "storage")
    if not storage:
        yield "it requests no storage", "set resources.requests.storage"
    elif quantity_value(storage) <= 0:
        yield "its storage request is not more than 0", "raise resources.requests.storage"
    if "ReadWriteOncePod" in modes and len(set(modes)) > 1:
        yield "ReadWriteOncePod cannot be combined with other access modes", "keep one of them"


def projected_paths(sources: Iterable[Spec]) -> Iterator[Any]:
    """The paths that sources of a projected volume write out; those of tokens are not compared with others."""
    for source in sources:
        for kind in ("secret", "configMap", "downwardAPI"):
            yield from (item.get("path") for item in mapping_items(nested_value(source, kind, "items")))
        yield nested_value(source, "clusterTrustBundle", "path")


def block_device_errors(container: Spec, volumes: Set[str]) -> Iterator[VolumeError]:
    """Why the API server refuses a block device of the container, whose pod has `volumes`."""
    devices = list(mapping_items(container.get("volumeDevices")))
    if not devices:
        return
    mounts = list(mapping_items(container.get("volumeMounts")))
    for what, field, beside in (("volumes", "name", "name"), ("paths", "devicePath", "mountPath")):
        used = (*(device.get(field) for device in devices), *{mount.get(beside) for mount in mounts})
        yield from duplicate_name_errors(f"{what} of devices and mounts", used)
    for device in devices:
        if str(device.get("name")) not in volumes:
            yield f"a container uses the device {device.get('name')}, and the pod has no such volume", "add the volume"


def mount_errors(container: Spec) -> Iterator[VolumeError]:
    """Why the API server refuses a mount of the container."""
    privileged = nested_value(container, "securityContext", "privileged") is True
    for mount in mapping_items(container.get("volumeMounts")):
        if mount.get("subPath") and mount.get("subPathExpr"):
            yield "a mount has a subPath and a subPathExpr", "keep one of them"
        if mount.get("mountPropagation") == "Bidirectional" and not privileged:
            yield "only a privileged container can mount with Bidirectional propagation", "remove mountPropagation"
        if str(mount.get("recursiveReadOnly") or "Disabled") != "Disabled" and mount.get("readOnly") is not True:
            yield "recursiveReadOnly needs readOnly", "set readOnly: true"


def profile_errors(owner: Spec) -> Iterator[VolumeError]:
    """Why the API server refuses the seccomp or AppArmor profile of a pod or of a container."""
    for name in ("seccompProfile", "appArmorProfile"):
        profile = mapping_or_empty(nested_value(owner, "securityContext", name))
        local = profile.get("type") == "Localhost"
        if local and not profile.get("localhostProfile"):
            yield f"a {name} of type Localhost needs a localhostProfile", "name the profile"
        if profile.get("localhostProfile") and not local:
            yield f"a {name} of type {profile.get('type')} cannot have a localhostProfile", "remove it"
