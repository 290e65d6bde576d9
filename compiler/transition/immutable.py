"""Fields that nobody may change once an object exists.

Source: Kubernetes, pkg/apis/apps/validation/validation.go (`ValidateDeploymentUpdate`, `ValidateStatefulSetUpdate`),
pkg/apis/core/validation (`ValidateServiceUpdate`, `ValidateConfigMapUpdate`, `ValidateSecretUpdate`,
`ValidatePersistentVolumeClaimUpdate`), pkg/apis/batch/validation (`ValidateJobUpdate`), pkg/apis/rbac/validation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from compiler.manifest import Object
from compiler.transition.controllers.quota import quantity
from compiler.transition.defaults import settled
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
DEFAULT: Mapping[tuple[str, str], str] = {
    ("Job", "completionMode"): "NonIndexed",
    ("Secret", "type"): "Opaque",
    ("StorageClass", "reclaimPolicy"): "Delete",
    ("StorageClass", "volumeBindingMode"): "Immediate",
    ("PriorityClass", "preemptionPolicy"): "PreemptLowerPriority",
}
Spec = Mapping[str, Any]


def fixed_fields(key: Key, old: Object, new: Object) -> list[str]:
    """The fields that differ though the API server lets nobody change them."""
    found = [
        ".".join(path) for path in FIXED.get(key.kind, ()) if _told(key.kind, old, path) != _told(key.kind, new, path)
    ]
    special = SPECIAL.get(key.kind)
    return found + (special(mapping(old.get("spec")), mapping(new.get("spec"))) if special else []) + _sealed(old, new)


def _told(kind: str, obj: Object, path: tuple[str, ...]) -> Any:
    """What the object says there, or leaves to the default."""
    found = dig(obj, *path)
    return settled(DEFAULT.get((kind, path[-1])) if found is None else found)


def _sealed(old: Object, new: Object) -> list[str]:
    if old.get("immutable") is not True or old.get("kind") not in ("ConfigMap", "Secret"):
        return []
    return [field for field in ("data", "binaryData", "stringData", "immutable") if old.get(field) != new.get(field)]


def _stateful_set(old: Spec, new: Spec) -> list[str]:
    defaults = {"podManagementPolicy": "OrderedReady"}
    return _changed(old, new, STATEFUL_MUTABLE, defaults)


def _changed(old: Spec, new: Spec, mutable: Set[str], defaults: Spec) -> list[str]:
    """The fields outside of `mutable` that differ, defaults written out or not."""
    first, second = ({**defaults, **settled(spec, "spec")} for spec in (old, new))
    return [f"spec.{name}" for name in sorted({*first, *second} - mutable) if first.get(name) != second.get(name)]


def _service(old: Spec, new: Spec) -> list[str]:
    found: list[str] = []
    if "ExternalName" not in (old.get("type"), new.get("type")):
        found += [name for name in ("clusterIP", "ipFamilies") if name in new and old.get(name) != new[name]]
    both = old.get("type") == new.get("type") == "LoadBalancer"
    found += ["loadBalancerClass"] if both and old.get("loadBalancerClass") != new.get("loadBalancerClass") else []
    port = "healthCheckNodePort"
    found += [port] if port in old and port in new and old[port] != new[port] else []
    return [f"spec.{name}" for name in found]


def _claim(old: Spec, new: Spec) -> list[str]:
    asked = [quantity(dig(spec, "resources", "requests", "storage")) for spec in (old, new)]
    shrunk = ["spec.resources.requests.storage (smaller)"] if asked[1] < asked[0] else []
    return _changed(old, new, {"resources", "volumeAttributesClassName", "volumeName"}, {}) + shrunk


def _job(old: Spec, new: Spec) -> list[str]:
    indexed = old.get("completionMode") == "Indexed"
    return ["spec.completions"] if not indexed and old.get("completions", 1) != new.get("completions", 1) else []


def _pod(old: Spec, new: Spec) -> list[str]:
    found = _changed(old, new, POD_MUTABLE, {})
    bare = [
        settled([{**c, "image": ""} for c in mappings(spec.get("containers"))], "containers") for spec in (old, new)
    ]
    return found + (["spec.containers"] if bare[0] != bare[1] else [])


SPECIAL: Mapping[str, Callable[[Spec, Spec], list[str]]] = {
    "StatefulSet": _stateful_set,
    "Service": _service,
    "PersistentVolumeClaim": _claim,
    "Job": _job,
    "Pod": _pod,
}
