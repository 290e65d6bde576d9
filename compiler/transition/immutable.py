"""Fields that nobody may change once an object exists.

Source: Kubernetes, pkg/apis/apps/validation/validation.go (`ValidateDeploymentUpdate`, `ValidateStatefulSetUpdate`),
pkg/apis/core/validation (`ValidateServiceUpdate`, `ValidateConfigMapUpdate`, `ValidateSecretUpdate`,
`ValidatePersistentVolumeClaimUpdate`), pkg/apis/batch/validation (`ValidateJobUpdate`), pkg/apis/rbac/validation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.manifest import Object
from compiler.transition.controllers.quota import quantity
from compiler.transition.objects import Key, dig, mapping, mappings

STATEFUL_MUTABLE = frozenset(
    {
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
    }
)  # fmt: skip
SELECTOR = ("spec", "selector")
POD_MUTABLE = frozenset({"containers", "initContainers", "activeDeadlineSeconds", "tolerations"})
FIXED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Deployment": (SELECTOR,),
    "DaemonSet": (SELECTOR,),
    "ReplicaSet": (SELECTOR,),
    "Job": (SELECTOR, ("spec", "template"), ("spec", "completionMode"), ("spec", "manualSelector")),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "IngressClass": (("spec", "controller"),),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "Secret": (("type",),),
}
Spec = Mapping[str, Any]


def fixed_fields(key: Key, old: Object, new: Object) -> list[str]:
    """The fields that differ though the API server lets nobody change them."""
    found = [".".join(path) for path in FIXED.get(key.kind, ()) if dig(old, *path) != dig(new, *path)]
    special = SPECIAL.get(key.kind)
    return found + (special(mapping(old.get("spec")), mapping(new.get("spec"))) if special else []) + _sealed(old, new)


def _sealed(old: Object, new: Object) -> list[str]:
    if old.get("immutable") is not True or old.get("kind") not in ("ConfigMap", "Secret"):
        return []
    return [field for field in ("data", "binaryData", "stringData", "immutable") if old.get(field) != new.get(field)]


def _stateful_set(old: Spec, new: Spec) -> list[str]:
    names = {*old, *new} - STATEFUL_MUTABLE
    defaults = {"podManagementPolicy": "OrderedReady"}
    return [f"spec.{n}" for n in sorted(names) if old.get(n, defaults.get(n)) != new.get(n, defaults.get(n))]


def _service(old: Spec, new: Spec) -> list[str]:
    found: list[str] = []
    if "ExternalName" not in (old.get("type"), new.get("type")):
        found += [name for name in ("clusterIP", "ipFamilies") if name in new and old.get(name) != new[name]]
        found += ["clusterIP"] if old.get("clusterIP") == "None" and "clusterIP" not in new else []
    both = old.get("type") == new.get("type") == "LoadBalancer"
    found += ["loadBalancerClass"] if both and old.get("loadBalancerClass") != new.get("loadBalancerClass") else []
    port = "healthCheckNodePort"
    found += [port] if port in old and port in new and old[port] != new[port] else []
    return [f"spec.{name}" for name in found]


def _claim(old: Spec, new: Spec) -> list[str]:
    names = sorted({*old, *new} - {"resources", "volumeAttributesClassName", "volumeName"})
    asked = [quantity(dig(spec, "resources", "requests", "storage")) for spec in (old, new)]
    shrunk = ["spec.resources.requests.storage (smaller)"] if asked[1] < asked[0] else []
    return [f"spec.{name}" for name in names if old.get(name) != new.get(name)] + shrunk


def _job(old: Spec, new: Spec) -> list[str]:
    indexed = old.get("completionMode") == "Indexed"
    return ["spec.completions"] if not indexed and old.get("completions") != new.get("completions") else []


def _pod(old: Spec, new: Spec) -> list[str]:
    names = sorted({*old, *new} - POD_MUTABLE)
    found = [f"spec.{name}" for name in names if old.get(name) != new.get(name)]
    bare = [[{**c, "image": ""} for c in mappings(spec.get("containers"))] for spec in (old, new)]
    return found + (["spec.containers"] if bare[0] != bare[1] else [])


SPECIAL: Mapping[str, Callable[[Spec, Spec], list[str]]] = {
    "StatefulSet": _stateful_set,
    "Service": _service,
    "PersistentVolumeClaim": _claim,
    "Job": _job,
    "Pod": _pod,
}
