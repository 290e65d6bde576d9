"""Pod security levels: which pods a Namespace with the label `pod-security.kubernetes.io/enforce` lets in.

Source: Kubernetes, docs/concepts/security/pod-security-standards.md; staging/src/k8s.io/pod-security-admission/policy
(one file a check).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from compiler.model.objects import list_or_empty, mapping_items, mapping_or_empty, nested_value

PREFIX: Final = "pod-security.kubernetes.io/"
ENFORCE: Final = PREFIX + "enforce"
MODES: Final = ("enforce", "audit", "warn")
VERSION: Final = re.compile(r"latest|v1\.(0|[1-9][0-9]*)")
Spec = Mapping[str, Any]
BASELINE_CAPABILITIES: Final = frozenset(
    {
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
        "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    }
)  # fmt: skip
RESTRICTED_VOLUMES: Final = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
        "image",
    }
)
SECCOMP: Final = ("RuntimeDefault", "Localhost")


def pod_security_violation(spec: Spec, level: str) -> str:
    """Why the level (`baseline`, `restricted`) refuses pods of this spec, in words; empty: it takes them."""
    checks = LEVELS.get(level, ())
    return next((reason for check in checks for reason in check(spec)), "")


def namespace_label_errors(namespace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Why admission refuses a Namespace for its pod security labels.

    Source: Kubernetes, k8s.io/pod-security-admission: api/helpers.go (`ParseLevel`, `ParseVersion`),
    admission/admission.go (`ValidateNamespace`).
    """
    labels = mapping_or_empty(nested_value(namespace, "metadata", "labels"))
    for mode in MODES:
        level, version = (labels.get(PREFIX + name) for name in (mode, f"{mode}-version"))
        if level is not None and level not in LEVELS:
            yield f"{level} is not a level of pod security ({mode})", f"set {', '.join(LEVELS)}"
        if version is not None and not VERSION.fullmatch(str(version)):
            yield f"{version} is not a version of pod security ({mode}-version)", "set latest, or v1.34 and the like"


def _every_container(spec: Spec) -> list[Spec]:
    return [
        each
        for part in ("initContainers", "containers", "ephemeralContainers")
        for each in mapping_items(spec.get(part))
    ]


def _secured(container: Spec, field: str) -> Any:
    return nested_value(container, "securityContext", field)


def _baseline(spec: Spec) -> Iterator[str]:
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(field) is True:
            yield field
    if any("hostPath" in volume for volume in mapping_items(spec.get("volumes"))):
        yield "a hostPath volume"
    if nested_value(spec, "securityContext", "seccompProfile", "type") == "Unconfined":
        yield "the seccomp profile Unconfined"
    for container in _every_container(spec):
        yield from _baseline_container(container)


def _baseline_container(container: Spec) -> Iterator[str]:
    name = f"container {container.get('name')}"
    if _secured(container, "privileged") is True:
        yield f"{name} is privileged"
    if any(port.get("hostPort") for port in mapping_items(container.get("ports"))):
        yield f"{name} has a hostPort"
    added = {str(each) for each in list_or_empty(nested_value(container, "securityContext", "capabilities", "add"))}
    if added - BASELINE_CAPABILITIES:
        yield f"{name} adds the capability {min(added - BASELINE_CAPABILITIES)}"
    if _secured(container, "procMount") not in (None, "Default"):
        yield f"{name} sets procMount"
    if nested_value(container, "securityContext", "seccompProfile", "type") == "Unconfined":
        yield f"{name} has the seccomp profile Unconfined"


def _restricted(spec: Spec) -> Iterator[str]:
    for volume in mapping_items(spec.get("volumes")):
        if not RESTRICTED_VOLUMES & set(volume) and set(volume) - {"name"}:
            yield f"volume {volume.get('name')} is of a kind that is not allowed"
    shared = mapping_or_empty(spec.get("securityContext"))
    for container in _every_container(spec):
        yield from _restricted_container(container, shared)


def _restricted_container(container: Spec, shared: Spec) -> Iterator[str]:
    name, own = f"container {container.get('name')}", mapping_or_empty(container.get("securityContext"))
    capabilities = mapping_or_empty(own.get("capabilities"))
    if own.get("allowPrivilegeEscalation") is not False:
        yield f"{name} does not set allowPrivilegeEscalation: false"
    if own.get("runAsNonRoot", shared.get("runAsNonRoot")) is not True:
        yield f"{name} does not set runAsNonRoot: true"
    if own.get("runAsUser", shared.get("runAsUser")) == 0:
        yield f"{name} runs as user 0"
    if nested_value({**shared, **own}, "seccompProfile", "type") not in SECCOMP:
        yield f"{name} has no seccompProfile of type RuntimeDefault or Localhost"
    if "ALL" not in list_or_empty(capabilities.get("drop")):
        yield f"{name} does not drop ALL capabilities"
    if set(list_or_empty(capabilities.get("add"))) - {"NET_BIND_SERVICE"}:
        yield f"{name} adds capabilities"


LEVELS: Final[Mapping[str, tuple[Callable[[Spec], Iterator[str]], ...]]] = {
    "privileged": (),
    "baseline": (_baseline,),
    "restricted": (_baseline, _restricted),
}
