"""ResourceQuotas and LimitRanges: what they let a rollout create.

Source: Kubernetes, pkg/quota/v1/evaluator/core/pods.go (`PodUsageFunc`: the
larger of all containers together and each init container); plugin/pkg/admission/limitranger
(`PodValidateLimitFunc`), docs/concepts/policy/limit-range.md (a default limit below a request makes the pod invalid).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.facts.pod_resources import container_resources, pod_resources, requested_resources

CORE_QUOTA_RESOURCES = frozenset(
    {"configmaps", "secrets", "services", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas"}
)
QUOTA_COMPUTE_RESOURCES = ("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory")


def pod_usage(spec: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Fraction]:
    """What one pod counts for, by the names that a quota uses (`pods`, `requests.cpu`, `cpu`, `limits.memory`…)."""
    usage = {"pods": Fraction(1), "count/pods": Fraction(1), **pod_resources(spec, defaults)}
    for plain in ("cpu", "memory", "ephemeral-storage"):
        if f"requests.{plain}" in usage:
            usage[plain] = usage[f"requests.{plain}"]
    return usage


def object_usage(key: Key, obj: Object) -> dict[str, Fraction]:
    """What an object counts for, by the names that a quota uses (`secrets`, `count/deployments.apps`…).

    Source: Kubernetes, pkg/quota/v1/evaluator/core (`services`, `persistent_volume_claims`) and generic.
    """
    plain = _plural(key.kind.lower())
    names = {f"count/{plain}.{key.group}"} if key.group else {f"count/{plain}", *({plain} & CORE_QUOTA_RESOURCES)}
    usage = dict.fromkeys(names, Fraction(1))
    if key[:2] == ("", "Service"):
        usage |= _service_usage(mapping_or_empty(obj.get("spec")))
    if key[:2] == ("", "PersistentVolumeClaim"):
        usage |= _claim_usage(mapping_or_empty(obj.get("spec")))
    return usage


def _plural(kind: str) -> str:
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def _service_usage(spec: Mapping[str, Any]) -> dict[str, Fraction]:
    ports = list(mapping_items(spec.get("ports")))
    balanced = spec.get("type") == "LoadBalancer"
    if spec.get("type") != "NodePort" and not balanced:
        return {}
    if balanced and spec.get("allocateLoadBalancerNodePorts") is False:
        ports = [port for port in ports if port.get("nodePort")]
    return {"services.nodeports": Fraction(len(ports)), "services.loadbalancers": Fraction(balanced)}


def _claim_usage(spec: Mapping[str, Any]) -> dict[str, Fraction]:
    asked = quantity_value(nested_value(spec, "resources", "requests", "storage"))
    usage = {"requests.storage": asked}
    name = spec.get("storageClassName")
    if name:
        prefix = f"{name}.storageclass.storage.k8s.io/"
        usage |= {f"{prefix}requests.storage": asked, f"{prefix}persistentvolumeclaims": Fraction(1)}
    return usage


def unspecified_resources(spec: Mapping[str, Any], hard: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    """What a quota counts and some container of a pod does not name: the pod is refused then, whatever room is left.

    Source: Kubernetes, pkg/quota/v1/evaluator/core/pods.go, `Constraints`.
    """
    if mapping_or_empty(spec.get("resources")):
        return []
    containers = [*mapping_items(spec.get("containers")), *mapping_items(spec.get("initContainers"))]
    names = [container_resources(container, defaults) for container in containers]
    asked = {name: name if "." in name else f"requests.{name}" for name in QUOTA_COMPUTE_RESOURCES if name in hard}
    return [name for name, full in asked.items() if any(full not in item for item in names)]


def container_limits(limit_range: Object) -> Mapping[str, Any]:
    """What a LimitRange says of containers, with the defaults that the API server fills in.

    Source: Kubernetes, pkg/apis/core/v1/defaults.go, `SetDefaults_LimitRangeItem`: `default` from `max`,
    `defaultRequest` from `default`, then from `min`.
    """
    for item in mapping_items(nested_value(limit_range, "spec", "limits")):
        if item.get("type") == "Container":
            limits = {**mapping_or_empty(item.get("max")), **mapping_or_empty(item.get("default"))}
            asked = {**mapping_or_empty(item.get("min")), **limits, **mapping_or_empty(item.get("defaultRequest"))}
            return {**item, "default": limits, "defaultRequest": asked}
    return {}


def limit_range_violations(spec: Mapping[str, Any], limit_range: Object) -> Iterator[str]:
    """Why a LimitRange keeps pods of this spec from being created, in words."""
    rule = container_limits(limit_range)
    for container in (*mapping_items(spec.get("containers")), *mapping_items(spec.get("initContainers"))):
        asked = requested_resources(container, rule)
        limits = _limits(container, rule)
        for name, filled in mapping_or_empty(rule.get("default")).items():
            if quantity_value(asked.get(name, 0)) > quantity_value(limits.get(name, filled)):
                yield f"container {container.get('name')} requests more {name} than its limit, {filled} by default"
        for name, top in mapping_or_empty(rule.get("max")).items():
            if name not in limits or quantity_value(limits[name]) > quantity_value(top):
                yield f"container {container.get('name')} may use more {name} than {top}"
        for name, least in mapping_or_empty(rule.get("min")).items():
            wanted = asked.get(name)
            if wanted is None or quantity_value(wanted) < quantity_value(least):
                yield f"container {container.get('name')} requests less {name} than {least}"
        for name, ratio in mapping_or_empty(rule.get("maxLimitRequestRatio")).items():
            least, most = (quantity_value(part.get(name, 0)) for part in (asked, limits))
            if not least or not most or most / least > quantity_value(ratio):
                yield f"container {container.get('name')} may use more than {ratio} times the {name} that it requests"
    yield from _pod_limit_violations(spec, limit_range, rule)


def claim_violations(claim: Object, limit_range: Object) -> Iterator[str]:
    """Why a LimitRange refuses a claim, in words (`PersistentVolumeClaimValidateLimitFunc`)."""
    asked = mapping_or_empty(nested_value(claim, "spec", "resources", "requests"))
    for item in mapping_items(nested_value(limit_range, "spec", "limits")):
        if item.get("type") != "PersistentVolumeClaim":
            continue
        for name, top in mapping_or_empty(item.get("max")).items():
            if quantity_value(asked.get(name, 0)) > quantity_value(top):
                yield f"it requests more {name} than {top}"
        for name, least in mapping_or_empty(item.get("min")).items():
            if quantity_value(asked.get(name, 0)) < quantity_value(least):
                yield f"it requests less {name} than {least}"


def _pod_limit_violations(spec: Mapping[str, Any], limit_range: Object, rule: Mapping[str, Any]) -> Iterator[str]:
    """What limits of type Pod refuse: all containers together, who must say what they ask for and may use."""
    usage = pod_usage(spec, rule)
    for item in mapping_items(nested_value(limit_range, "spec", "limits")):
        if item.get("type") != "Pod":
            continue
        for name, top in mapping_or_empty(item.get("max")).items():
            most = usage.get(f"limits.{name}")
            if most is None or most > quantity_value(top):
                yield f"its containers together may use more {name} than {top}"
        for name, least in mapping_or_empty(item.get("min")).items():
            if usage.get(f"requests.{name}", Fraction(0)) < quantity_value(least):
                yield f"its containers together request less {name} than {least}"


def _limits(container: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """What a container may use."""
    own = nested_value(container, "resources", "limits")
    return {**mapping_or_empty(rule.get("default")), **mapping_or_empty(own)}
