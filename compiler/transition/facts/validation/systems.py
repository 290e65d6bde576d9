"""What makes the API server refuse what a pod template says of its operating system, its kernel, and its gates.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`validateOS`, `validateWindows`, `validateLinux`,
`validateSysctls` with `IsValidSysctlName`, `validateSchedulingGates`, `validateHostUsers`, `ValidateSecurityContext`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from compiler.model.objects import mapping_items, mapping_or_empty
from compiler.transition.facts.validation.duplicates import duplicate_name_errors

SystemFault = tuple[str, str]
Spec = Mapping[str, Any]
SYSTEMS = frozenset({"linux", "windows"})
LINUX_POD_SECURITY = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "runAsUser",
    "runAsGroup", "supplementalGroups",
)  # fmt: skip
LINUX_CONTAINER_SECURITY = (
    "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged",
    "allowPrivilegeEscalation", "procMount", "runAsUser", "runAsGroup",
)  # fmt: skip
"""What a pod of Windows cannot have, of the pod and of each container."""
LINUX_NAMESPACES = ("hostPID", "hostIPC")
MAX_SYSCTL: Final = 253
SYSCTL = re.compile(r"(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?")


def system_errors(spec: Spec, containers: Sequence[Spec]) -> Iterator[SystemFault]:
    """Why the API server refuses a pod's spec for its operating system, its kernel's settings, or its gates."""
    security = mapping_or_empty(spec.get("securityContext"))
    name = str(mapping_or_empty(spec.get("os")).get("name") or "")
    if spec.get("os") is not None and name not in SYSTEMS:
        yield f"'{name}' is not an operating system", "set os: {name: linux}, or windows"
    if name == "windows":
        yield from _windows_errors(spec, security, containers)
    if name == "linux":
        for owner in (spec, *containers):
            if mapping_or_empty(owner.get("securityContext")).get("windowsOptions") is not None:
                yield "a pod of Linux cannot have windowsOptions", "remove them"
    settings = [str(setting.get("name") or "") for setting in mapping_items(security.get("sysctls"))]
    yield from duplicate_name_errors("sysctls", settings)
    for setting in settings:
        if len(setting) > MAX_SYSCTL or not SYSCTL.fullmatch(setting):
            yield f"'{setting}' is not a name of a sysctl", "name one such as net.core.somaxconn"
    if spec.get("hostUsers") is False:
        yield from _own_users_errors(spec, containers)
    for container in containers:
        yield from _privilege_errors(mapping_or_empty(container.get("securityContext")), spec)
    gates = (gate.get("name") for gate in mapping_items(spec.get("schedulingGates")))
    yield from duplicate_name_errors("schedulingGates", gates)


def _own_users_errors(spec: Spec, containers: Iterable[Spec]) -> Iterator[SystemFault]:
    """A pod with users of its own shares no other namespace with its node, and no block device."""
    shared = [name for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name) is True]
    shared += ["volumeDevices"] if any(container.get("volumeDevices") for container in containers) else []
    for name in shared:
        yield f"hostUsers: false and {name} exclude each other", "remove one of them"


def _privilege_errors(security: Spec, spec: Spec) -> Iterator[SystemFault]:
    mount = security.get("procMount")
    if mount is not None and mount not in ("Default", "Unmasked"):
        yield f"{mount} is not a procMount", "remove it"
    if mount == "Unmasked" and spec.get("hostUsers") is not False:
        yield "procMount: Unmasked needs users of its own", "set hostUsers: false on the pod, or remove procMount"
    if security.get("privileged") is True and security.get("allowPrivilegeEscalation") is False:
        yield "a privileged container cannot have allowPrivilegeEscalation: false", "remove one of them"


def _windows_errors(spec: Spec, security: Spec, containers: Iterable[Spec]) -> Iterator[SystemFault]:
    linux_fields = [name for name in LINUX_NAMESPACES if spec.get(name) is True]
    linux_fields += ["shareProcessNamespace"] if spec.get("shareProcessNamespace") is not None else []
    linux_fields += [name for name in LINUX_POD_SECURITY if security.get(name) is not None]
    for container in containers:
        of_one = mapping_or_empty(container.get("securityContext"))
        linux_fields += [name for name in LINUX_CONTAINER_SECURITY if of_one.get(name) is not None]
    for name in dict.fromkeys(linux_fields):
        yield f"a pod of Windows cannot have {name}", "remove it"
