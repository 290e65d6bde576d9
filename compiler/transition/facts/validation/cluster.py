"""What makes the API server refuse objects that the cluster's own parts read: classes, quotas' scopes, slices, leases.

Source: Kubernetes, pkg/apis/storage/validation (`ValidateStorageClass`), pkg/apis/core/validation
(`validateResourceQuotaScopes`, `validateScopeSelector`, `ValidatePersistentVolumeSpec`), pkg/apis/node/validation,
pkg/apis/networking/validation (`validateIngressClassSpec`) with pkg/apis/core/helper
(`IsResourceQuotaScopeValidForResource`), pkg/apis/discovery/validation (`ValidateEndpointSlice`),
pkg/apis/coordination/validation (`ValidateLeaseSpec`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import integer_or_default, list_or_empty, mapping_items, mapping_or_empty
from compiler.transition.facts.addresses import is_reachable
from compiler.transition.facts.validation.duplicates import duplicate_name_errors

ClusterError = tuple[str, str]
Spec = Mapping[str, Any]
VOLUME_BINDING_MODES = frozenset({"Immediate", "WaitForFirstConsumer"})
RECLAIM_POLICIES = frozenset({"Delete", "Retain"})
VOLUME_POLICIES = RECLAIM_POLICIES | {"Recycle"}
CONTROLLER = re.compile(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9/%._~!$&'()*+,;=:-]+")
HANDLER = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
PARAMETER_SCOPES = {"Cluster": "have no namespace", "Namespace": "have a namespace"}
POD_SCOPES = frozenset(
    {"BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "PriorityClass", "CrossNamespacePodAffinity"}
)
QUOTA_SCOPES = POD_SCOPES | {"VolumeAttributesClass"}
OPPOSITE_SCOPES = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
SCOPES_WITH_VALUES = frozenset({"PriorityClass", "VolumeAttributesClass"})
COUNTED_OBJECTS = frozenset(
    {
        "configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets", "services",
        "services.loadbalancers", "services.nodeports",
    }
)  # fmt: skip
"""What a quota of pods alone cannot count."""
COMPUTED = frozenset(
    {"cpu", "memory", *(f"{part}.{name}" for part in ("requests", "limits") for name in ("cpu", "memory"))}
)
"""What a pod of the class BestEffort does not have."""
ADDRESS_VERSIONS = {"IPv4": 4, "IPv6": 6}
ADDRESS_TYPES = frozenset({*ADDRESS_VERSIONS, "FQDN"})
MAX_ADDRESSES, MAX_ENDPOINTS, MAX_PORTS = 100, 1000, 100


def storage_class_errors(obj: Object) -> Iterator[ClusterError]:
    """Why the API server refuses a StorageClass."""
    if not obj.get("provisioner"):
        yield "it has no provisioner", "name the driver"
    for field, words in (("volumeBindingMode", VOLUME_BINDING_MODES), ("reclaimPolicy", RECLAIM_POLICIES)):
        if obj.get(field) is not None and str(obj[field]) not in words:
            yield f"{obj[field]} is not a {field} of a StorageClass", f"set {' or '.join(sorted(words))}"


def ingress_class_errors(obj: Object) -> Iterator[ClusterError]:
    """Why the API server refuses an IngressClass."""
    spec = mapping_or_empty(obj.get("spec"))
    controller, parameters = spec.get("controller"), mapping_or_empty(spec.get("parameters"))
    if controller is not None and not CONTROLLER.fullmatch(str(controller)):
        yield f"'{controller}' is not the name of a controller", "write a domain in front: k8s.io/ingress-nginx"
    scope = str(parameters.get("scope") or "Cluster")
    if scope not in PARAMETER_SCOPES:
        yield f"{scope} is not a scope of parameters", f"set {' or '.join(PARAMETER_SCOPES)}"
    if (scope == "Namespace") is (not parameters.get("namespace")):
        yield f"parameters of scope {scope} {PARAMETER_SCOPES.get(scope, 'are unknown')}", "correct the namespace"


def persistent_volume_errors(obj: Object) -> Iterator[ClusterError]:
    """Why the API server refuses what a PersistentVolume says of its end."""
    policy = mapping_or_empty(obj.get("spec")).get("persistentVolumeReclaimPolicy")
    if policy is not None and str(policy) not in VOLUME_POLICIES:
        yield f"{policy} is not a persistentVolumeReclaimPolicy", f"set {' or '.join(sorted(VOLUME_POLICIES))}"


def runtime_class_errors(obj: Object) -> Iterator[ClusterError]:
    """Why the API server refuses the handler of a RuntimeClass."""
    handler = obj.get("handler")
    if handler is not None and not HANDLER.fullmatch(str(handler)):
        yield f"'{handler}' is not the name of a handler", "use lower-case letters, digits and -"


def quota_scope_errors(spec: Spec) -> Iterator[ClusterError]:
    """Why the API server refuses the scopes of a ResourceQuota's spec."""
    asked = list(mapping_items(mapping_or_empty(spec.get("scopeSelector")).get("matchExpressions")))
    for scopes in (
        [str(scope) for scope in list_or_empty(spec.get("scopes"))],
        [str(each.get("scopeName")) for each in asked],
    ):
        for first, second in OPPOSITE_SCOPES:
            if first in scopes and second in scopes:
                yield f"its scopes contain both {first} and {second}", "keep one of them"
        for scope in dict.fromkeys(scopes):
            yield from _scope_errors(scope, mapping_or_empty(spec.get("hard")))
    for each in asked:
        yield from _scope_operator_errors(str(each.get("scopeName")), str(each.get("operator")), each)


def _scope_errors(scope: str, hard: Spec) -> Iterator[ClusterError]:
    if scope not in QUOTA_SCOPES:
        yield f"{scope} is not a scope", f"use one of {', '.join(sorted(QUOTA_SCOPES))}"
    barred = COUNTED_OBJECTS | COMPUTED if scope == "BestEffort" else COUNTED_OBJECTS
    for name in sorted(str(name) for name in hard):
        if scope in POD_SCOPES and name in barred:
            yield f"a quota of scope {scope} cannot count {name}", "put it into a quota of its own"


def _scope_operator_errors(scope: str, operator: str, asked: Spec) -> Iterator[ClusterError]:
    values = list_or_empty(asked.get("values"))
    if operator in ("In", "NotIn") and not values:
        yield f"the scope {scope} has no values for {operator}", "name values"
    if operator in ("Exists", "DoesNotExist") and values:
        yield f"the scope {scope} has values for {operator}", "remove the values"
    if scope in POD_SCOPES - SCOPES_WITH_VALUES and operator != "Exists":
        yield f"the scope {scope} takes only the operator Exists", "set operator: Exists"


def endpoint_slice_errors(obj: Object) -> Iterator[ClusterError]:
    """Why the API server refuses an EndpointSlice."""
    kind = str(obj.get("addressType") or "")
    endpoints, ports = list(mapping_items(obj.get("endpoints"))), list(mapping_items(obj.get("ports")))
    if kind not in ADDRESS_TYPES:
        yield f"'{kind}' is not an addressType", f"set {', '.join(sorted(ADDRESS_TYPES))}"
    if len(endpoints) > MAX_ENDPOINTS or len(ports) > MAX_PORTS:
        yield f"it has more than {MAX_ENDPOINTS} endpoints or {MAX_PORTS} ports", "split it"
    yield from duplicate_name_errors("ports", (port.get("name") or "''" for port in ports))
    for endpoint in endpoints:
        addresses = [str(address) for address in list_or_empty(endpoint.get("addresses"))]
        if not 1 <= len(addresses) <= MAX_ADDRESSES:
            yield f"an endpoint has {len(addresses)} addresses", f"name 1 to {MAX_ADDRESSES}"
        for address in addresses:
            if kind in ADDRESS_VERSIONS and not _is_endpoint_address(address, ADDRESS_VERSIONS[kind]):
                yield f"an endpoint cannot have the {kind} address {address}", "name a pod's or a host's address"


def _is_endpoint_address(text: str, version: int) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.version == version and is_reachable(text)


def lease_errors(obj: Object) -> Iterator[ClusterError]:
    """Why the API server refuses a Lease."""
    spec = mapping_or_empty(obj.get("spec"))
    if integer_or_default(spec.get("leaseDurationSeconds"), 1) <= 0:
        yield "its leaseDurationSeconds is not more than 0", "raise it"
    if integer_or_default(spec.get("leaseTransitions"), 0) < 0:
        yield "its leaseTransitions is less than 0", "set 0 or more"
