"""Which pods a ResourceQuota counts: those of all its scopes.

Source: Kubernetes, pkg/quota/v1/evaluator/core/pods.go (`podMatchesScopeFunc`), resources.go
(`getScopeSelectorsFromQuota`) and pkg/apis/core/v1/helper/qos (`ComputePodQOS`, of cpu and memory alone).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import (
    label_selector_accepts,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)

Spec = Mapping[str, Any]
PRIORITY_CLASS = "PriorityClass"
QUALITY_RESOURCES = ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory")


def counts_pod(quota: Object, spec: Spec, usage: Mapping[str, Fraction]) -> bool:
    """Whether a pod of this spec, which uses this much, counts against the quota."""
    rule = mapping_or_empty(quota.get("spec"))
    named = [{"scopeName": scope} for scope in list_or_empty(rule.get("scopes"))]
    selected = mapping_items(nested_value(rule, "scopeSelector", "matchExpressions"))
    return all(_in_scope(scope, spec, usage) for scope in (*named, *selected))


def _in_scope(scope: Spec, spec: Spec, usage: Mapping[str, Fraction]) -> bool:
    best_effort = not any(usage.get(name) for name in QUALITY_RESOURCES)
    terminating = spec.get("activeDeadlineSeconds") is not None
    name = scope.get("scopeName")
    if name == PRIORITY_CLASS:
        return _has_priority(scope, spec)
    if name == "CrossNamespacePodAffinity":
        return any(
            term.get("namespaces") or term.get("namespaceSelector") is not None for term in _affinity_terms(spec)
        )
    answers = {
        "Terminating": terminating,
        "NotTerminating": not terminating,
        "BestEffort": best_effort,
        "NotBestEffort": not best_effort,
    }
    return answers.get(str(name), False)


def _has_priority(scope: Spec, spec: Spec) -> bool:
    own = spec.get("priorityClassName")
    labels = {PRIORITY_CLASS: str(own)} if own else {}
    wanted = {"key": PRIORITY_CLASS, "operator": scope.get("operator", "Exists"), "values": scope.get("values")}
    return label_selector_accepts({"matchExpressions": [wanted]}, labels)


def _affinity_terms(spec: Spec) -> Iterator[Spec]:
    """The terms by which pods are placed beside others or apart from them."""
    for field in ("podAffinity", "podAntiAffinity"):
        rules = mapping_or_empty(nested_value(spec, "affinity", field))
        yield from mapping_items(rules.get("requiredDuringSchedulingIgnoredDuringExecution"))
        for each in mapping_items(rules.get("preferredDuringSchedulingIgnoredDuringExecution")):
            yield mapping_or_empty(each.get("podAffinityTerm"))
