"""What makes the API server refuse the volumes, mounts and security settings of a pod template.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidateVolumeMounts`, `validateMountPropagation`,
`validateHostPathVolumeSource`, `validateNFSVolumeSource`, `validateEphemeralVolumeSource`,
`validateSeccompProfileField`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import mapping_items, mapping_or_empty, nested_value

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
        if "ephemeral" in volume and not nested_value(volume, "ephemeral", "volumeClaimTemplate"):
            yield "an ephemeral volume has no volumeClaimTemplate", "add the template"


def mount_errors(container: Spec) -> Iterator[VolumeError]:
    """Why the API server refuses a mount of the container."""
    privileged = nested_value(container, "securityContext", "privileged") is True
    for mount in mapping_items(container.get("volumeMounts")):
        if mount.get("subPath") and mount.get("subPathExpr"):
            yield "a mount has a subPath and a subPathExpr", "keep one of them"
        if mount.get("mountPropagation") == "Bidirectional" and not privileged:
            yield "only a privileged container can mount with Bidirectional propagation", "remove mountPropagation"


def seccomp_errors(owner: Spec) -> Iterator[VolumeError]:
    """Why the API server refuses the seccomp profile of a pod or of a container."""
    profile = mapping_or_empty(nested_value(owner, "securityContext", "seccompProfile"))
    local = profile.get("type") == "Localhost"
    if local and not profile.get("localhostProfile"):
        yield "a seccomp profile of type Localhost needs a localhostProfile", "name the profile"
    if profile.get("localhostProfile") and not local:
        yield f"a seccomp profile of type {profile.get('type')} cannot have a localhostProfile", "remove it"
