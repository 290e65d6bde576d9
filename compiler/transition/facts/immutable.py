"""Fields that nobody may change once an object exists.

Source: Kubernetes, pkg/apis/apps/validation/validation.go (`ValidateDeploymentUpdate`, `ValidateStatefulSetUpdate`),
pkg/apis/core/validation (`ValidateServiceUpdate`, `ValidateConfigMapUpdate`, `ValidateSecretUpdate`,
`ValidatePersistentVolumeClaimUpdate`, `ValidatePersistentVolumeUpdate`), pkg/apis/batch/validation
(`ValidateJobUpdate`), pkg/apis/rbac/validation, pkg/apis/discovery/validation (`ValidateEndpointSliceUpdate`),
apiextensions-apiserver pkg/apis/apiextensions/validation (`ValidateCustomResourceDefinitionSpecUpdate`, of a
definition that is established).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.defaults import without_defaults
from compiler.transition.facts.volume_claims import requested_storage

STATEFUL_MUTABLE = frozenset(
    {
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
    }
)  # fmt: skip
SELECTOR = ("spec", "selector")
VOLUME_MUTABLE = frozenset(
    {
        "accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy",
        "storageClassName", "volumeAttributesClassName", "volumeMode",
    }
)  # fmt: skip
"""All of a PersistentVolume but its source; how its mode changes is told beside these."""
FILLED_IN_CLAIM = ("volumeName", "storageClassName")
"""What the cluster fills in where a claim does not say it: the volume when it is bound, the default class at once."""
POD_MUTABLE = frozenset({"containers", "initContainers", "activeDeadlineSeconds", "tolerations"})
IMMUTABLE_FIELDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "Deployment": (SELECTOR,),
    "DaemonSet": (SELECTOR,),
    "ReplicaSet": (SELECTOR,),
    "Job": (SELECTOR, ("spec", "template"), ("spec", "completionMode"), ("spec", "manualSelector")),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "EndpointSlice": (("addressType",),),
    "IngressClass": (("spec", "controller"),),
    "GatewayClass": (("spec", "controllerName"),),
    "RuntimeClass": (("handler",),),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "CustomResourceDefinition": (
        ("spec", "scope"),
        ("spec", "group"),
        ("spec", "names", "kind"),
        ("spec", "names", "plural"),
    ),
    "Secret": (("type",),),
}
DEFAULT: Mapping[tuple[str, str], str] = {
    ("Job", "completionMode"): "NonIndexed",
    ("Secret", "type"): "Opaque",
    ("StorageClass", "reclaimPolicy"): "Delete",
    ("StorageClass", "volumeBindingMode"): "Immediate",
    ("PriorityClass", "preemptionPolicy"): "PreemptLowerPriority",
}
SOURCE_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "azureDisk": {"cachingMode": "ReadWrite", "kind": "Shared", "fsType": "ext4"},
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}
"""Of the sources of PersistentVolumes (Kubernetes, pkg/apis/core/v1/defaults.go)."""
ZERO_VALUES: tuple[Any, ...] = (None, "", False, {})
Spec = Mapping[str, Any]


def changed_fixed_fields(key: Key, old: Object, new: Object) -> list[str]:
    """The fields that differ though the API server lets nobody change them."""
    names = [
        ".".join(path)
        for path in IMMUTABLE_FIELDS.get(key.distinct_kind, ())
        if nested_value(old, *path) != nested_value(new, *path)
        and _value_or_default(key.kind, old, path) != _value_or_default(key.kind, new, path)
    ]
    special = SPEC_COMPARISONS.get(key.distinct_kind)
    return (
        names
        + (special(mapping_or_empty(old.get("spec")), mapping_or_empty(new.get("spec"))) if special else [])
        + _changed_immutable_data(old, new)
    )


def _value_or_default(kind: str, obj: Object, path: tuple[str, ...]) -> Any:
    """What the object says there, or leaves to the default."""
    result = nested_value(obj, *path)
    return without_defaults(DEFAULT.get((kind, path[-1])) if result is None else result)


def _changed_immutable_data(old: Object, new: Object) -> list[str]:
    if old.get("immutable") is not True or old.get("kind") not in ("ConfigMap", "Secret"):
        return []
    return [field for field in ("data", "binaryData", "stringData", "immutable") if old.get(field) != new.get(field)]


def _changed_stateful_set_fields(old: Spec, new: Spec) -> list[str]:
    # an empty text is the default to the server (Kubernetes, pkg/apis/apps/v1/defaults.go)
    defaults = {"podManagementPolicy": "OrderedReady"}
    first, second = ({name: value for name, value in spec.items() if value != ""} for spec in (old, new))
    return _changed_immutable_fields(first, second, STATEFUL_MUTABLE, defaults)


def _changed_immutable_fields(old: Spec, new: Spec, mutable: Set[str], defaults: Spec) -> list[str]:
    """The fields outside of `mutable` that differ, defaults written out or not."""
    first, second = ({**defaults, **without_defaults(spec, "spec")} for spec in (old, new))
    return [f"spec.{name}" for name in sorted({*first, *second} - mutable) if first.get(name) != second.get(name)]


def _changed_service_fields(old: Spec, new: Spec) -> list[str]:
    names: list[str] = []
    if "ExternalName" not in (old.get("type"), new.get("type")):
        asked = new.get("clusterIP") or old.get("clusterIP")
        names += ["clusterIP"] if asked != old.get("clusterIP") else []
        names += (
            ["ipFamilies"] if _primary_family(new, _primary_family(old, "IPv4")) != _primary_family(old, "IPv4") else []
        )
    both = old.get("type") == new.get("type") == "LoadBalancer"
    names += ["loadBalancerClass"] if both and old.get("loadBalancerClass") != new.get("loadBalancerClass") else []
    port = "healthCheckNodePort"
    names += [port] if port in old and port in new and old[port] != new[port] else []
    return [f"spec.{name}" for name in names]


def _primary_family(spec: Spec, default: str) -> str:
    """The first IP family, which alone is fixed; a cluster of one family is taken to be of IPv4.

    Source: Kubernetes, pkg/apis/core/validation `validateUpgradeDowngradeIPFamilies`; what is left out, or an empty
    clusterIP, stays as it was allocated (pkg/registry/core/service/storage `patchAllocatedValues`).
    """
    families = list_or_empty(spec.get("ipFamilies"))
    return str(families[0]) if families else default


def _changed_claim_fields(old: Spec, new: Spec) -> list[str]:
    """Of its resources only the request for storage may change, and what the cluster has filled in may be written."""
    smaller = requested_storage(new) < requested_storage(old)
    shrunk = ["spec.resources.requests.storage (smaller)"] if smaller else []
    first, second = (_without_requested_storage(spec) for spec in (old, new))
    mutable = {"volumeAttributesClassName", *(name for name in FILLED_IN_CLAIM if is_filled_in(old, name))}
    return _changed_immutable_fields(first, second, mutable, {}) + shrunk


def is_filled_in(claim: Spec, field: str) -> bool:
    """Whether the cluster gives a claim the value of the field: it says none, where an empty class is one."""
    return claim.get(field) is None or (field == "volumeName" and claim[field] == "")


def _without_requested_storage(spec: Spec) -> Spec:
    resources = mapping_or_empty(spec.get("resources"))
    requests = {name: each for name, each in mapping_or_empty(resources.get("requests")).items() if name != "storage"}
    return {**spec, "resources": {**resources, "requests": requests}}


def _changed_volume_fields(old: Spec, new: Spec) -> list[str]:
    """A secret with which the driver expands the volume may be added (`ControllerExpandSecretRef`)."""
    modes = [spec.get("volumeMode") or "Filesystem" for spec in (old, new)]
    sources = sorted({*old, *new} - VOLUME_MUTABLE)
    names = [name for name in sources if _source(old, name) != _kept_source(old, new, name)]
    return [f"spec.{name}" for name in [*names, *(["volumeMode"] if modes[0] != modes[1] else [])]]


def _source(spec: Spec, name: str) -> Spec | None:
    """What a volume says of its source, without zero values."""
    if name not in spec:
        return None
    written = {field: value for field, value in mapping_or_empty(spec[name]).items() if value not in ZERO_VALUES}
    return {**SOURCE_DEFAULTS.get(name, {}), **written}


def _kept_source(old: Spec, new: Spec, name: str) -> Spec | None:
    added = {"controllerExpandSecretRef"} - (_source(old, name) or {}).keys()
    result = _source(new, name)
    return result and {field: value for field, value in result.items() if field not in added}


def _changed_job_fields(old: Spec, new: Spec) -> list[str]:
    indexed = old.get("completionMode") == "Indexed"
    return ["spec.completions"] if not indexed and old.get("completions", 1) != new.get("completions", 1) else []


def _changed_pod_fields(old: Spec, new: Spec) -> list[str]:
    names = _changed_immutable_fields(old, new, POD_MUTABLE, {})
    bare = [
        without_defaults([{**c, "image": ""} for c in mapping_items(spec.get("containers"))], "containers")
        for spec in (old, new)
    ]
    return names + (["spec.containers"] if bare[0] != bare[1] else [])


def _changed_quota_fields(old: Spec, new: Spec) -> list[str]:
    """The scopes, in whatever order (`ValidateResourceQuotaUpdate`)."""
    before, after = (frozenset(map(str, list_or_empty(spec.get("scopes")))) for spec in (old, new))
    return ["spec.scopes"] if before != after else []


SPEC_COMPARISONS: Mapping[str, Callable[[Spec, Spec], list[str]]] = {
    "ResourceQuota": _changed_quota_fields,
    "StatefulSet": _changed_stateful_set_fields,
    "Service": _changed_service_fields,
    "PersistentVolume": _changed_volume_fields,
    "PersistentVolumeClaim": _changed_claim_fields,
    "Job": _changed_job_fields,
    "Pod": _changed_pod_fields,
}
