"""What makes the API server refuse objects other than workloads and Services, of what several fields say together.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`ValidateSecret`, `ValidateConfigMap`,
`ValidatePersistentVolumeClaimSpec`, `ValidateLimitRange`), pkg/apis/networking/validation (`ValidateNetworkPolicyPort`,
`ValidateIPBlock`), pkg/apis/rbac/validation, pkg/apis/policy/validation,
pkg/apis/scheduling/validation, pkg/apis/batch/validation.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import (
    annotations_of,
    integer_or_default,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.model.quantity import quantity_value
from compiler.transition.facts.addresses import is_range, is_range_within
from compiler.transition.facts.pod_security import namespace_label_errors
from compiler.transition.facts.validation.admission import webhook_configuration_errors
from compiler.transition.facts.validation.certificates import certificate_errors, legacy_certificate_errors
from compiler.transition.facts.validation.cluster import (
    endpoint_slice_errors,
    ingress_class_errors,
    lease_errors,
    persistent_volume_errors,
    quota_scope_errors,
    runtime_class_errors,
    storage_class_errors,
)
from compiler.transition.facts.validation.rollouts import rollout_errors
from compiler.transition.facts.validation.scaling import scaled_object_errors
from compiler.transition.facts.validation.schedules import cron_job_errors
from compiler.transition.facts.validation.volumes import claim_spec_errors

ObjectError = tuple[str, str]
Spec = Mapping[str, Any]
KEYS_BY_SECRET_TYPE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "kubernetes.io/tls": (("tls.crt",), ("tls.key",)),
    "kubernetes.io/dockerconfigjson": ((".dockerconfigjson",),),
    "kubernetes.io/dockercfg": ((".dockercfg",),),
    "kubernetes.io/ssh-auth": (("ssh-privatekey",),),
    "kubernetes.io/basic-auth": (("username", "password"),),
}
"""Of each type, the keys of which one must be there."""
REGISTRY_KEYS: Mapping[str, str] = {
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
    "kubernetes.io/dockercfg": ".dockercfg",
}
"""Of each type for registries, the key that holds a JSON object (`ValidateSecret`)."""
ACCOUNT_TYPE: Final = "kubernetes.io/service-account-token"
ACCOUNT_ANNOTATION: Final = "kubernetes.io/service-account.name"
RBAC_GROUP = "rbac.authorization.k8s.io"
PLAIN_QUOTA_NAMES = frozenset(
    {
        "cpu", "memory", "ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets",
        "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers", "requests.storage",
        *(f"{part}.{name}" for part in ("requests", "limits") for name in ("cpu", "memory", "ephemeral-storage")),
    }
)  # fmt: skip
FRACTIONS = frozenset({"cpu", "memory", "ephemeral-storage"})
SYSTEM_PRIORITIES = frozenset({"system-cluster-critical", "system-node-critical"})
MAX_PRIORITY: Final = 1_000_000_000
INTEGERS: Final = range(-(1 << 31), 1 << 31)
PREEMPTION_POLICIES = frozenset({"PreemptLowerPriority", "Never"})
BOUNDS = ("min", "defaultRequest", "default", "max")
"""Of a LimitRange, in the order in which none exceeds the next."""


def _secret_errors(obj: Object) -> Iterator[ObjectError]:
    data = {**mapping_or_empty(obj.get("data")), **mapping_or_empty(obj.get("stringData"))}
    kind = str(obj.get("type") or "Opaque")
    for names in KEYS_BY_SECRET_TYPE.get(kind, ()):
        if not any(name in data for name in names):
            yield f"a Secret of type {kind} has no key {' or '.join(names)}", "add the key, or remove the type"
    if kind == ACCOUNT_TYPE and ACCOUNT_ANNOTATION not in annotations_of(obj):
        yield f"a Secret of type {kind} has no annotation {ACCOUNT_ANNOTATION}", "name the ServiceAccount there"
    name = REGISTRY_KEYS.get(kind, "")
    plain = mapping_or_empty(obj.get("stringData")).get(name)
    encoded = mapping_or_empty(obj.get("data")).get(name) if plain is None else None
    if isinstance(plain, str) and not _is_json_object(plain):
        yield f"{name} is no JSON object", "write it as docker login does"
    if isinstance(encoded, str) and not _is_json_object(encoded, base64.b64decode):
        yield f"{name} is no JSON object", "write it as docker login does, and encode that"


def _is_json_object(text: str, decoded: Callable[[str], str | bytes] = str) -> bool:
    try:
        value = json.loads(decoded(text))
    except (ValueError, RecursionError):
        return False
    return value is None or isinstance(value, dict)


def _config_map_errors(obj: Object) -> Iterator[ObjectError]:
    for name in sorted(set(mapping_or_empty(obj.get("data"))) & set(mapping_or_empty(obj.get("binaryData")))):
        yield f"the key {name} is in data and in binaryData", "keep one of them"


def _claim_errors(obj: Object) -> Iterator[ObjectError]:
    return claim_spec_errors(mapping_or_empty(obj.get("spec")))


def _network_policy_errors(obj: Object) -> Iterator[ObjectError]:
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for rule in mapping_items(nested_value(obj, "spec", direction)):
            for port in mapping_items(rule.get("ports")):
                yield from _policy_port_errors(port)
            for peer in mapping_items(rule.get(peers)):
                yield from _policy_peer_errors(peer)


def _policy_port_errors(port: Spec) -> Iterator[ObjectError]:
    first, last = port.get("port"), port.get("endPort")
    if last is not None and not isinstance(first, int):
        yield "endPort needs a port that is a number", "name the first port of the range"
    elif isinstance(first, int) and last is not None and integer_or_default(last, first) < first:
        yield f"endPort {last} is less than port {first}", "name the ports in order"


def _policy_peer_errors(peer: Spec) -> Iterator[ObjectError]:
    if not peer:
        yield "a peer is empty", "name a podSelector, a namespaceSelector or an ipBlock"
    block = mapping_or_empty(peer.get("ipBlock"))
    if block and len(peer) > 1:
        yield "a peer has both an ipBlock and a selector", "split them into two peers"
    for part in (str(part) for part in (block.get("cidr"), *list_or_empty(block.get("except"))) if part):
        if not is_range(part):
            yield f"{part} is not a range of addresses", "correct it"
    for part in list_or_empty(block.get("except")):
        if not is_range_within(str(part), str(block.get("cidr"))):
            yield f"the exception {part} is not within {block.get('cidr')}", "remove it"


def _role_errors(obj: Object) -> Iterator[ObjectError]:
    for rule in mapping_items(obj.get("rules")):
        given = [name for name in ("apiGroups", "resources") if list_or_empty(rule.get(name))]
        paths = bool(list_or_empty(rule.get("nonResourceURLs")))
        if paths and obj.get("kind") == "Role":
            yield "a Role cannot give rights to nonResourceURLs", "write a ClusterRole"
        if paths and given:
            yield "a rule names resources and nonResourceURLs", "make two rules of it"
        for name in ("apiGroups", "resources") if not paths else ():
            if name not in given:
                yield f"a rule names no {name}", f"name its {name}"


def _binding_errors(obj: Object) -> Iterator[ObjectError]:
    """A ServiceAccount of a RoleBinding may be left to the binding's own namespace (`ValidateRoleBindingSubject`)."""
    for subject in mapping_items(obj.get("subjects")):
        group = "" if subject.get("kind") == "ServiceAccount" else RBAC_GROUP
        if str(subject.get("apiGroup") or group) != group:
            yield f"{subject.get('kind')} {subject.get('name')} is not of {subject['apiGroup']}", "remove the apiGroup"


def _budget_errors(obj: Object) -> Iterator[ObjectError]:
    for name in ("minAvailable", "maxUnavailable"):
        share = str(nested_value(obj, "spec", name))
        if share.endswith("%") and integer_or_default(share[:-1], 0) > 100:
            yield f"{name} is more than 100%", "lower it"


def _cluster_binding_errors(obj: Object) -> Iterator[ObjectError]:
    yield from _binding_errors(obj)
    for subject in mapping_items(obj.get("subjects")):
        if subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
            yield f"the ServiceAccount {subject.get('name')} has no namespace", "name its namespace"
    if nested_value(obj, "roleRef", "kind") == "Role":
        yield "a ClusterRoleBinding cannot name a Role", "name a ClusterRole"


def _quota_errors(obj: Object) -> Iterator[ObjectError]:
    for name, top in mapping_or_empty(nested_value(obj, "spec", "hard")).items():
        if quantity_value(top) < 0:
            yield f"it allows less than 0 {name}", "set 0 or more"
        if _counts_objects(str(name)) and quantity_value(top).denominator != 1:
            yield f"it allows {top} {name}, which come whole", "set a whole number"
        if "/" not in str(name) and "hugepages-" not in str(name) and name not in PLAIN_QUOTA_NAMES:
            yield f"a quota cannot count {name}", f"count/{name}.GROUP counts objects"
    yield from quota_scope_errors(mapping_or_empty(obj.get("spec")))


def _counts_objects(name: str) -> bool:
    """Whether an amount is a whole number (pkg/apis/core/helper `IsIntegerResourceName`)."""
    plain = name in PLAIN_QUOTA_NAMES and not name.startswith(("requests.", "limits."))
    extended = "/" in name and "kubernetes.io/" not in name and not name.startswith("requests.")
    return (plain and name not in FRACTIONS) or extended


def _limit_range_errors(obj: Object) -> Iterator[ObjectError]:
    kinds = [str(limit.get("type")) for limit in mapping_items(nested_value(obj, "spec", "limits"))]
    for kind in (kind for kind in dict.fromkeys(kinds) if kinds.count(kind) > 1):
        yield f"its limits contain the type {kind} twice", "put both into one"
    for limit in mapping_items(nested_value(obj, "spec", "limits")):
        if limit.get("type") == "Pod" and (limit.get("default") or limit.get("defaultRequest")):
            yield "limits of type Pod cannot have defaults", "put them under type Container"
    for limit in mapping_items(nested_value(obj, "spec", "limits")):
        bounds = [(name, mapping_or_empty(limit.get(name))) for name in BOUNDS]
        for number, (lower, quantities) in enumerate(bounds):
            for upper, others in bounds[number + 1 :]:
                for name in quantities.keys() & others.keys():
                    if quantity_value(quantities[name]) > quantity_value(others[name]):
                        yield f"{lower} of {name} is greater than {upper}", f"lower {lower}"


def _priority_class_errors(obj: Object) -> Iterator[ObjectError]:
    name = str(nested_value(obj, "metadata", "name"))
    if obj.get("preemptionPolicy") is not None and str(obj["preemptionPolicy"]) not in PREEMPTION_POLICIES:
        yield f"{obj['preemptionPolicy']} is not a preemptionPolicy", "set PreemptLowerPriority or Never"
    if integer_or_default(obj.get("value"), 0) not in INTEGERS:
        yield "its value does not fit 32 bits", "set a smaller number"
    if name in SYSTEM_PRIORITIES:
        return
    if name.startswith("system-"):
        yield "names that begin with system- are the cluster's own", "rename it"
    if integer_or_default(obj.get("value"), 0) > MAX_PRIORITY:
        yield f"its value is greater than {MAX_PRIORITY}", "lower it"


def _job_errors(obj: Object) -> Iterator[ObjectError]:
    spec = mapping_or_empty(obj.get("spec"))
    if spec.get("completionMode") == "Indexed" and spec.get("completions") is None:
        yield "an Indexed Job has no completions", "set completions"
    if spec.get("podFailurePolicy") and nested_value(spec, "template", "spec", "restartPolicy") != "Never":
        yield "a podFailurePolicy needs pods whose restartPolicy is Never", "set restartPolicy: Never"
    if spec.get("selector") and spec.get("manualSelector") is not True:
        yield "a Job without manualSelector cannot have a selector", "remove the selector"


def _definition_errors(obj: Object) -> Iterator[ObjectError]:
    name, group = nested_value(obj, "metadata", "name"), nested_value(obj, "spec", "group")
    plural = nested_value(obj, "spec", "names", "plural")
    if name != f"{plural}.{group}":
        yield f"its name is not {plural}.{group}", "rename it"
    versions = list(mapping_items(nested_value(obj, "spec", "versions")))
    if not versions and not nested_value(obj, "spec", "version"):  # the one of v1beta1
        yield "it has no versions", "write one, with storage: true"
    if not nested_value(obj, "spec", "names", "kind"):
        yield "its names have no kind", "write the kind that it defines"
    if versions and sum(each.get("storage") is True for each in versions) != 1:
        yield "not exactly one of its versions has storage: true", "let one version be the one that is stored"


OBJECT_CHECKS: Mapping[tuple[str, str], Callable[[Object], Iterator[ObjectError]]] = {
    ("argoproj.io", "Rollout"): rollout_errors,
    ("", "ConfigMap"): _config_map_errors,
    ("", "LimitRange"): _limit_range_errors,
    ("", "Namespace"): namespace_label_errors,
    ("", "PersistentVolume"): persistent_volume_errors,
    ("", "PersistentVolumeClaim"): _claim_errors,
    ("", "ResourceQuota"): _quota_errors,
    ("", "Secret"): _secret_errors,
    **dict.fromkeys(
        (
            ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
            ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ),
        webhook_configuration_errors,
    ),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition_errors,
    ("batch", "CronJob"): cron_job_errors,
    ("batch", "Job"): _job_errors,
    ("cert-manager.io", "Certificate"): certificate_errors,
    ("certmanager.k8s.io", "Certificate"): legacy_certificate_errors,
    ("coordination.k8s.io", "Lease"): lease_errors,
    ("discovery.k8s.io", "EndpointSlice"): endpoint_slice_errors,
    ("keda.sh", "ScaledObject"): scaled_object_errors,
    ("networking.k8s.io", "IngressClass"): ingress_class_errors,
    ("networking.k8s.io", "NetworkPolicy"): _network_policy_errors,
    ("node.k8s.io", "RuntimeClass"): runtime_class_errors,
    ("policy", "PodDisruptionBudget"): _budget_errors,
    ("rbac.authorization.k8s.io", "ClusterRole"): _role_errors,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _cluster_binding_errors,
    ("rbac.authorization.k8s.io", "Role"): _role_errors,
    ("rbac.authorization.k8s.io", "RoleBinding"): _binding_errors,
    ("scheduling.k8s.io", "PriorityClass"): _priority_class_errors,
    ("storage.k8s.io", "StorageClass"): storage_class_errors,
}
