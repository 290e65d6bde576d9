"""What makes the API server refuse an object by itself, of what decides traffic, pods and their number.

Source: Kubernetes, pkg/apis/apps/validation (`validateRollingUpdateDeployment`, `ValidateDeploymentSpec`),
pkg/apis/autoscaling/validation, pkg/apis/policy/validation, pkg/apis/core/validation (`validateServicePort`); the
deprecation guide for API versions that are gone; Gateway API, config/crd/standard (CEL rules of HTTPRoute).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.manifest import Object
from compiler.transition.objects import Key, dig, mapping, mappings, matches, sequence, whole
from compiler.transition.valid_pods import label_faults, template_faults

Fault = tuple[str, str]
Spec = Mapping[str, Any]
REMOVED = frozenset(
    {
        "extensions/v1beta1", "apps/v1beta1", "apps/v1beta2", "networking.k8s.io/v1beta1", "policy/v1beta1",
        "batch/v1beta1", "autoscaling/v2beta1", "autoscaling/v2beta2", "rbac.authorization.k8s.io/v1beta1",
        "apiextensions.k8s.io/v1beta1",
    }
)  # fmt: skip
SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
TEMPLATE = ("spec", "template")
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Deployment": TEMPLATE,
    "StatefulSet": TEMPLATE,
    "DaemonSet": TEMPLATE,
    "ReplicaSet": TEMPLATE,
    "Job": TEMPLATE,
    "CronJob": ("spec", "jobTemplate", *TEMPLATE),
    "Pod": (),
}
NODE_PORTS = range(30000, 32768)


def faults(key: Key, obj: Object) -> Iterator[Fault]:
    """Why the object is refused, in words, each with what mends it."""
    version = str(obj.get("apiVersion"))
    if version in REMOVED:
        yield f"apiVersion {version} is served no more", "use the version that replaced it"
    spec = mapping(obj.get("spec"))
    if key.kind in SELECTING and key.group == "apps":
        yield from _selector(spec)
    yield from label_faults(obj.get("metadata"))
    path = TEMPLATES.get(key.kind)
    if path is not None and key.group in ("apps", "batch", ""):
        template = obj if key.kind == "Pod" else mapping(dig(obj, *path))
        yield from template_faults(template, key.kind)
    check = CHECKS.get((key.group, key.kind))
    if check is not None:
        yield from check(spec)


def _selector(spec: Spec) -> Iterator[Fault]:
    labels = mapping(dig(spec, "template", "metadata", "labels"))
    selector = mapping(spec.get("selector"))
    if not (selector.get("matchLabels") or selector.get("matchExpressions")):
        yield "it has no selector", "select the template's labels"
    elif not matches(selector, labels):
        yield "its selector does not match its template's labels", "give the template every label that is selected"


def _deployment(spec: Spec) -> Iterator[Fault]:
    rolling = mapping(dig(spec, "strategy", "rollingUpdate"))
    if dig(spec, "strategy", "type") == "Recreate" and rolling:
        yield "strategy Recreate takes no rollingUpdate", "remove rollingUpdate"
    zeros = ("0", "0%")
    if str(rolling.get("maxSurge", "25%")) in zeros and str(rolling.get("maxUnavailable", "25%")) in zeros:
        yield "maxSurge and maxUnavailable are both 0", "set maxSurge: 1"
    if whole(spec.get("progressDeadlineSeconds"), 600) <= whole(spec.get("minReadySeconds"), 0):
        yield "progressDeadlineSeconds is not greater than minReadySeconds", "raise progressDeadlineSeconds"


def _scaler(spec: Spec) -> Iterator[Fault]:
    if whole(spec.get("minReplicas"), 1) > whole(spec.get("maxReplicas"), 1):
        yield "minReplicas is greater than maxReplicas", "lower minReplicas"


def _budget(spec: Spec) -> Iterator[Fault]:
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield "minAvailable and maxUnavailable exclude each other", "keep one of them"


def _service(spec: Spec) -> Iterator[Fault]:
    ports = list(mappings(spec.get("ports")))
    if len(ports) > 1 and not all(port.get("name") for port in ports):
        yield "with several ports each needs a name", "name them"
    for port in mappings(spec.get("ports")):
        if port.get("nodePort") and whole(port["nodePort"], 0) not in NODE_PORTS:
            yield f"node port {port['nodePort']} is out of the range 30000 to 32767", "take one in the range"
        if not 1 <= whole(port.get("port"), 0) <= 65535:
            yield f"port {port.get('port')} is no port number", "use 1 to 65535"


def _ingress(spec: Spec) -> Iterator[Fault]:
    for rule in mappings(spec.get("rules")):
        for path in mappings(dig(rule, "http", "paths")):
            if path.get("pathType") not in ("Exact", "Prefix", "ImplementationSpecific"):
                yield f"path {path.get('path')} has no pathType", "say Prefix or Exact"


def _http_route(spec: Spec) -> Iterator[Fault]:
    for rule in mappings(spec.get("rules")):
        backends = list(mappings(rule.get("backendRefs")))
        if len(backends) > 16:
            yield f"a rule has {len(backends)} backends, and 16 is the limit", "divide among fewer backends"
        if any(not 0 <= whole(ref.get("weight"), 1) <= 1_000_000 for ref in backends):
            yield "a weight is not within 0 to 1000000", "use a smaller weight"
        yield from _filters(rule)


def _filters(rule: Spec) -> Iterator[Fault]:
    filters = list(mappings(rule.get("filters")))
    kinds = [item.get("type") for item in filters]
    if "RequestRedirect" in kinds and sequence(rule.get("backendRefs")):
        yield "a rule that redirects has backends", "remove the backends or the redirect"
    if "RequestRedirect" in kinds and "URLRewrite" in kinds:
        yield "a rule both redirects and rewrites", "keep one of the filters"
    paths = [dig(term, "path", "type") or "PathPrefix" for term in mappings(rule.get("matches"))] or ["PathPrefix"]
    replaces = [dig(item, name, "path", "type") for item in filters for name in ("urlRewrite", "requestRedirect")]
    if "ReplacePrefixMatch" in replaces and paths != ["PathPrefix"]:
        yield "ReplacePrefixMatch needs exactly one match, by PathPrefix", "give each match a rule of its own"


CHECKS: Mapping[tuple[str, str], Callable[[Spec], Iterator[Fault]]] = {
    ("apps", "Deployment"): _deployment,
    ("autoscaling", "HorizontalPodAutoscaler"): _scaler,
    ("policy", "PodDisruptionBudget"): _budget,
    ("", "Service"): _service,
    ("networking.k8s.io", "Ingress"): _ingress,
    ("gateway.networking.k8s.io", "HTTPRoute"): _http_route,
}
