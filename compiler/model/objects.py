"""Names and fields of Kubernetes objects as plain data: the vocabulary of the other modules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object

CLUSTER_SCOPED = frozenset(
    {
        "Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "StorageClass",
        "PersistentVolume", "IngressClass", "GatewayClass", "PriorityClass", "RuntimeClass", "Node",
        "APIService", "ClusterIssuer",
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ClusterSecretStore",
        "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "VolumeAttributesClass", "CSIDriver",
    }
)  # fmt: skip
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
CLASS_ANNOTATION: Final = "kubernetes.io/ingress.class"
"""what names the class of an Ingress that has no `ingressClassName`"""
NO_OPTIONS: frozenset[str] = frozenset()


MOVED_KINDS = {
    "DaemonSet": "apps",
    "Deployment": "apps",
    "HorizontalPodAutoscaler": "autoscaling",
    "Ingress": "networking.k8s.io",
    "NetworkPolicy": "networking.k8s.io",
    "PodSecurityPolicy": "policy",
    "ReplicaSet": "apps",
}
"""The kinds of the group `extensions`, by the group in which the same objects are found since.

Source: Kubernetes, docs/reference/using-api/deprecation-guide.md.
"""


KINDS_BY_GROUP: Final[Mapping[str, tuple[str, ...]]] = {
    "": (
        "ConfigMap", "Endpoints", "LimitRange", "Namespace", "Node", "PersistentVolume", "PersistentVolumeClaim", "Pod",
        "ReplicationController", "ResourceQuota", "Secret", "Service", "ServiceAccount",
    ),
    "admissionregistration.k8s.io": (
        "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
    ),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    "apiregistration.k8s.io": ("APIService",),
    "apps": ("ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
    "autoscaling": ("HorizontalPodAutoscaler",),
    "batch": ("CronJob", "Job"),
    "discovery.k8s.io": ("EndpointSlice",),
    "networking.k8s.io": ("Ingress", "IngressClass", "NetworkPolicy"),
    "node.k8s.io": ("RuntimeClass",),
    "policy": ("PodDisruptionBudget", "PodSecurityPolicy"),
    "rbac.authorization.k8s.io": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
    "scheduling.k8s.io": ("PriorityClass",),
    "storage.k8s.io": ("CSIDriver", "StorageClass", "VolumeAttributesClass"),
    "argoproj.io": ("AppProject", "Application", "ApplicationSet", "Rollout"),
    "bitnami.com": ("SealedSecret",),
    "cert-manager.io": ("Certificate",),
    "certmanager.k8s.io": ("Certificate",),
    "external-secrets.io": ("ExternalSecret",),
    "gateway.networking.k8s.io": ("ReferenceGrant",),
    "keda.sh": ("ScaledJob", "ScaledObject"),
    "kubernetes-client.io": ("ExternalSecret",),
}  # fmt: skip
"""The kinds that are known by their names alone; other groups have such names too (Calico, Knative, Crossplane)."""
GROUPS_OF_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(group for group, names in KINDS_BY_GROUP.items() if kind in names)
    for kind in dict.fromkeys(kind for names in KINDS_BY_GROUP.values() for kind in names)
}


class Key(NamedTuple):
    """What tells an object from all others in the cluster; the version of its API group does not."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        kind = f"{self.group}/{self.kind}" if self.group else self.kind
        return f"{kind} {self.namespace}/{self.name}" if self.namespace else f"{kind} {self.name}"

    @property
    def distinct_kind(self) -> str:
        """The kind; with its group where another group's is known by this name: `NetworkPolicy.projectcalico.org`."""
        groups = GROUPS_OF_KINDS.get(self.kind)
        return self.kind if groups is None or self.group in groups else f"{self.kind}.{self.group}"


def distinct_kind(group: str, kind: str) -> str:
    """What `Key.distinct_kind` says, of a kind by its two names."""
    return Key(group, kind, "", "").distinct_kind


class NamedObject(NamedTuple):
    """An object that another one names. `outside`: it is taken to exist where no folder ever held it.

    `serves`: requests depend on it; without the others the object that names them is Degraded.
    """

    key: Key
    outside: bool = False
    serves: bool = True


class RouteBackend(NamedTuple):
    """Where a route sends requests: a Service by namespace and name, its port, whether it gets any, and the field."""

    namespace: str
    name: str
    port: int | str | None
    gets_requests: bool
    path: Path


def object_key(obj: Object, namespace: str = "") -> Key:
    """The key of `obj`; `namespace` is the Application's own, for objects that name none."""
    metadata = mapping_or_empty(obj.get("metadata"))
    kind = str(obj.get("kind", ""))
    group = str(obj.get("apiVersion", "")).rpartition("/")[0]
    group = MOVED_KINDS.get(kind, group) if group == "extensions" else group
    place = "" if kind in CLUSTER_SCOPED else str(metadata.get("namespace") or namespace)
    return Key(group, kind, place, str(metadata.get("name", "")))


def is_service(key: Key) -> bool:
    """Whether it is a Service of Kubernetes: other groups have kinds of this name (Knative)."""
    return key.kind == "Service" and not key.group


INFERENCE_POOLS = frozenset(
    (group, "InferencePool") for group in ("inference.networking.k8s.io", "inference.networking.x-k8s.io")
)


def leads_to_pods(key: Key) -> bool:
    """Whether it selects pods for requests: a Service, or an InferencePool that routes name in place of one."""
    return is_service(key) or key[:2] in INFERENCE_POOLS


def without_nulls(value: Any) -> Any:
    """The value without keys that hold nothing: the API server drops them, and Helm's templates write them."""
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}


def mapping_or_empty(value: Any) -> Mapping[str, Any]:
    """`value` if it is a mapping, else an empty one: manifests of others hold anything anywhere."""
    return value if isinstance(value, dict) else {}


def list_or_empty(value: Any) -> Sequence[Any]:
    """`value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def mapping_items(value: Any) -> Iterable[Mapping[str, Any]]:
    """The mappings in the list `value`."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def string_entries(value: Any) -> dict[str, str]:
    """The entries of a mapping as texts, as labels are; what is no text cannot match any."""
    return {str(name): text if isinstance(text, str) else str(text) for name, text in mapping_or_empty(value).items()}


def nested_value(obj: Any, *path: str) -> Any:
    """The value at `path`, or None where a part of it is missing."""
    for part in path:
        if not isinstance(obj, dict):
            return None
        obj = obj.get(part)
    return obj


def pointer_path(pointer: str) -> tuple[str, ...]:
    """The path of a JSON pointer (RFC 6901): `/metadata/labels/a~1b`."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def integer_or_default(value: Any, default: int) -> int:
    """`value` as an integer (`3`, `"3"`: ASCII digits within 64 bits, as Go's strconv.Atoi reads), or `default`."""
    if isinstance(value, bool):
        return default
    if isinstance(value, int):
        return value
    if isinstance(value, str) and INTEGER.fullmatch(value):
        return int(value)
    return default


def object_labels(obj: Object) -> Mapping[str, str]:
    """The object's labels."""
    return mapping_or_empty(nested_value(obj, "metadata", "labels"))


def annotations_of(obj: Object) -> Mapping[str, str]:
    """The object's annotations."""
    metadata = obj.get("metadata")
    notes = metadata.get("annotations") if isinstance(metadata, dict) else None
    return notes if isinstance(notes, dict) else {}


def class_name_of(obj: Object) -> str:
    """The class of an Ingress, by its field or by the annotation that came before it; empty: none is named."""
    return str(nested_value(obj, "spec", "ingressClassName") or annotations_of(obj).get(CLASS_ANNOTATION) or "")


def own_name(obj: Object) -> str:
    """The name that the release gives the object: another one where it keeps a name from before.

    The label is written by `model.frame`, `kept_labels`.
    """
    return str(object_labels(obj).get("shipway.dev/stands-for") or nested_value(obj, "metadata", "name"))


def object_sync_options(obj: Object) -> frozenset[str]:
    """The object's own sync options.

    Source: Argo CD gitops-engine, pkg/sync/resource/annotations.go, `GetAnnotationCSVs`.
    """
    text = annotations_of(obj).get(SYNC_OPTIONS)
    return frozenset(part.strip() for part in str(text).split(",")) if text else NO_OPTIONS


def equality_selector_matches(selector: Mapping[str, Any] | None, wanted: Mapping[str, str]) -> bool:
    """Whether a plain label selector (a Service's) takes pods labeled `wanted`; an empty one takes none.

    Source: Kubernetes, pkg/controller/endpointslice, `Controller.syncService`.
    """
    return bool(selector) and all(wanted.get(k) == v for k, v in (selector or {}).items())


def label_selector_accepts(selector: Any, wanted: Mapping[str, str]) -> bool:
    """Whether a LabelSelector (`matchLabels`, `matchExpressions`) takes `wanted`; an empty one takes all.

    Source: Kubernetes, apimachinery pkg/apis/meta/v1/helpers.go, `LabelSelectorAsSelector`.
    """
    selector = mapping_or_empty(selector)
    if any(wanted.get(k) != v for k, v in mapping_or_empty(selector.get("matchLabels")).items()):
        return False
    return all(_expression_matches(term, wanted) for term in mapping_items(selector.get("matchExpressions")))


def _expression_matches(term: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    key, values = str(term.get("key")), list_or_empty(term.get("values"))
    match term.get("operator"):
        case "In":
            return wanted.get(key) in values
        case "NotIn":
            return wanted.get(key) not in values
        case "Exists":
            return key in wanted
        case "DoesNotExist":
            return key not in wanted
    return False
