"""Which API versions the API server of each Kubernetes version serves: what it serves no more, or not yet, it refuses.

Source: Kubernetes, docs/reference/using-api/deprecation-guide.md (what is served no more), and the changelogs of the
versions in which each API became stable. Kinds that stand in neither table are taken to be served.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.restart_policies import dropped_restart_policy, unserved_restart_policy
from compiler.validate import VERSIONS

NEWEST: Final = VERSIONS[-1]
SIDECARS_SINCE: Final = 29
SLEEP_SINCE: Final = 30
VERSION_PATTERN: Final = re.compile(r"1\.([0-9]{1,3})")
REMOVED_IN: Final[Mapping[str, Mapping[str, int]]] = {
    "extensions/v1beta1": {"Ingress": 22, "*": 16},
    "apps/v1beta1": {"*": 16},
    "apps/v1beta2": {"*": 16},
    "admissionregistration.k8s.io/v1beta1": {"MutatingWebhookConfiguration": 22, "ValidatingWebhookConfiguration": 22},
    "apiextensions.k8s.io/v1beta1": {"*": 22},
    "apiregistration.k8s.io/v1beta1": {"*": 22},
    "authentication.k8s.io/v1beta1": {"TokenReview": 22},
    "authorization.k8s.io/v1beta1": {"*": 22},
    "certificates.k8s.io/v1beta1": {"CertificateSigningRequest": 22},
    "coordination.k8s.io/v1beta1": {"Lease": 22},
    "networking.k8s.io/v1beta1": {"Ingress": 22, "IngressClass": 22},
    "rbac.authorization.k8s.io/v1alpha1": {"*": 22},
    "rbac.authorization.k8s.io/v1beta1": {"*": 22},
    "scheduling.k8s.io/v1beta1": {"PriorityClass": 22},
    "storage.k8s.io/v1beta1": {
        "CSIDriver": 22, "CSINode": 22, "StorageClass": 22, "VolumeAttachment": 22, "CSIStorageCapacity": 27,
    },
    "autoscaling/v2beta1": {"*": 25},
    "autoscaling/v2beta2": {"*": 26},
    "batch/v1beta1": {"CronJob": 25},
    "discovery.k8s.io/v1beta1": {"*": 25},
    "events.k8s.io/v1beta1": {"*": 25},
    "node.k8s.io/v1beta1": {"RuntimeClass": 25},
    "policy/v1beta1": {"*": 25},
    "flowcontrol.apiserver.k8s.io/v1beta1": {"*": 26},
    "flowcontrol.apiserver.k8s.io/v1beta2": {"*": 29},
    "flowcontrol.apiserver.k8s.io/v1beta3": {"*": 32},
}  # fmt: skip
"""The minor version that serves an `apiVersion` no more, by kind (`*`: the others of the group)."""
SERVED_SINCE: Final[Mapping[str, Mapping[str, int]]] = {
    "networking.k8s.io/v1": {"Ingress": 19, "IngressClass": 19, "IPAddress": 33, "ServiceCIDR": 33},
    "admissionregistration.k8s.io/v1": {
        "ValidatingAdmissionPolicy": 30, "ValidatingAdmissionPolicyBinding": 30, "*": 16,
    },
    "apiextensions.k8s.io/v1": {"*": 16},
    "autoscaling/v2": {"*": 23},
    "batch/v1": {"CronJob": 21},
    "certificates.k8s.io/v1": {"*": 19},
    "discovery.k8s.io/v1": {"*": 21},
    "events.k8s.io/v1": {"*": 19},
    "flowcontrol.apiserver.k8s.io/v1": {"*": 29},
    "node.k8s.io/v1": {"*": 20},
    "policy/v1": {"PodDisruptionBudget": 21},
    "resource.k8s.io/v1": {"*": 34},
    "storage.k8s.io/v1": {"CSIDriver": 18, "CSIStorageCapacity": 24},
}  # fmt: skip
"""The first minor version that serves an `apiVersion`, by kind (`*`: the others of the group)."""


@lru_cache(maxsize=16)
def minor_version(version: str) -> int | None:
    """The minor version of `1.33`; None for what is no version of Kubernetes."""
    match = VERSION_PATTERN.fullmatch(version)
    return int(match[1]) if match else None


def schema_version(version: str) -> str:
    """The bundled version whose schemas come nearest: `version` itself, the oldest, or the newest."""
    if version in VERSIONS:
        return version
    minor = minor_version(version)
    return VERSIONS[0] if minor is not None and minor < (minor_version(VERSIONS[0]) or 0) else NEWEST


def unserved_text(obj: Object, version: str, *, stated: bool) -> str:
    """Why the API server of this Kubernetes version does not serve the object's `apiVersion`; empty: it does.

    What it does not serve yet counts only where somebody `stated` the version.
    """
    minor, name = minor_version(version), str(obj.get("apiVersion"))
    removed, since = _of_kind(REMOVED_IN, obj), _of_kind(SERVED_SINCE, obj)
    if minor is None:
        return ""
    if removed is not None and minor >= removed:
        return f"apiVersion {name} is no longer served: Kubernetes 1.{removed} removed it"
    if stated and since is not None and minor < since:
        return f"apiVersion {name} is not served by Kubernetes {version}: it was added in 1.{since}"
    return ""


def unserved_pod_field(template: Mapping[str, Any], version: str) -> str:
    """What a pod template says that Kubernetes of this version does not do; empty: nothing such.

    Source: Kubernetes, pkg/features/kube_features.go (`SidecarContainers`: on by default since 1.29;
    `PodLifecycleSleepAction`: since 1.30); a field of a feature that is off is dropped (pkg/api/pod/util.go).
    """
    minor, spec = minor_version(version), mapping_or_empty(template.get("spec"))
    if minor is None:
        return ""
    return _unserved_lifecycle(spec, minor) or unserved_restart_policy(spec, minor)


def dropped_pod_field(template: Mapping[str, Any], version: str) -> str:
    """What a pod template says that the API server of this version takes and does not keep; empty: nothing such."""
    minor = minor_version(version)
    return "" if minor is None else dropped_restart_policy(mapping_or_empty(template.get("spec")), minor)


def _unserved_lifecycle(spec: Mapping[str, Any], minor: int) -> str:
    if minor >= SLEEP_SINCE:
        return ""
    containers = [*mapping_items(spec.get("initContainers")), *mapping_items(spec.get("containers"))]
    if any(nested_value(each, "lifecycle", "preStop", "sleep") is not None for each in containers):
        return f"Kubernetes 1.{minor} does not know the preStop action `sleep`: it was added in 1.{SLEEP_SINCE}"
    sidecars = any(each.get("restartPolicy") == "Always" for each in mapping_items(spec.get("initContainers")))
    if sidecars and minor < SIDECARS_SINCE:
        return (
            f"Kubernetes 1.{minor} does not know sidecars (added in 1.{SIDECARS_SINCE}): the pod would wait for "
            "one to end"
        )
    return ""


def assumed_version(held: Iterable[Object]) -> str:
    """The newest version that serves all that the cluster holds; the newest of all where none does."""
    removed = (_of_kind(REMOVED_IN, obj) for obj in held if obj.get("apiVersion") in REMOVED_IN)
    first = min((minor for minor in removed if minor is not None), default=None)
    return NEWEST if first is None else f"1.{first - 1}"


def _of_kind(table: Mapping[str, Mapping[str, int]], obj: Object) -> int | None:
    kinds = table.get(str(obj.get("apiVersion")))
    return None if kinds is None else kinds.get(str(obj.get("kind")), kinds.get("*"))
