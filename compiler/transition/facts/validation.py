"""What makes the API server refuse an object by itself, of what decides traffic, pods and their number.

The schemas say most of it (`validate.malformed`); here is what several fields say together. Source: Kubernetes,
pkg/apis/apps/validation (`validateRollingUpdateDeployment`, `ValidateDeploymentSpec`), pkg/apis/autoscaling/validation,
pkg/apis/core/validation (`ValidateService`); Gateway API, config/crd/standard (CEL rules of HTTPRoute).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    integer_or_default,
    label_selector_accepts,
    list_or_empty,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.transition.facts.api_versions import schema_version
from compiler.transition.facts.pod_validation import duplicate_name_errors, pod_template_errors
from compiler.validate import malformed_findings

ValidationError = tuple[str, str]
Spec = Mapping[str, Any]
SELECTOR_KINDS = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
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
NODE_PORT_TYPES = ("NodePort", "LoadBalancer")


def validation_errors(key: Key, obj: Object, kubernetes: str) -> Iterator[ValidationError]:
    """Why Kubernetes of this version (`1.34`) refuses the object, in words, each with what fixes it."""
    malformed = malformed_findings(obj, schema_version(kubernetes))
    unread = [(result.message, result.help) for result in malformed if not _is_generated_name(obj, result.path)]
    yield from unread or _combined_field_errors(key, obj)


def _is_generated_name(obj: Object, path: tuple[int | str, ...]) -> bool:
    """Whether a fault is in a name that the API server makes up."""
    return path == ("metadata", "name") and bool(nested_value(obj, "metadata", "generateName"))


def _combined_field_errors(key: Key, obj: Object) -> Iterator[ValidationError]:
    spec = mapping_or_empty(obj.get("spec"))
    if key.kind in SELECTOR_KINDS and key.group == "apps":
        yield from _workload_selector_errors(spec)
    path = TEMPLATES.get(key.kind)
    if path is not None and key.group in ("apps", "batch", ""):
        template = obj if key.kind == "Pod" else mapping_or_empty(nested_value(obj, *path))
        claims = [nested_value(claim, "metadata", "name") for claim in mapping_items(spec.get("volumeClaimTemplates"))]
        yield from pod_template_errors(template, key.kind, claims)
    check = CHECKS_BY_KIND.get((key.group, key.kind))
    if check is not None:
        yield from check(spec)


def _workload_selector_errors(spec: Spec) -> Iterator[ValidationError]:
    labels = mapping_or_empty(nested_value(spec, "template", "metadata", "labels"))
    selector = mapping_or_empty(spec.get("selector"))
    if not (selector.get("matchLabels") or selector.get("matchExpressions")):
        yield "it has no selector", "select the template's labels"
    elif not label_selector_accepts(selector, labels):
        yield "its selector does not match its template's labels", "give the template every label that is selected"


def _deployment_errors(spec: Spec) -> Iterator[ValidationError]:
    rolling = mapping_or_empty(nested_value(spec, "strategy", "rollingUpdate"))
    zeros = ("0", "0%")
    if str(rolling.get("maxSurge", "25%")) in zeros and str(rolling.get("maxUnavailable", "25%")) in zeros:
        yield "maxSurge and maxUnavailable are both 0", "set maxSurge: 1"
    share = str(rolling.get("maxUnavailable"))
    if share.endswith("%") and integer_or_default(share[:-1], 0) > 100:
        yield "maxUnavailable is more than 100%", "keep a pod: maxUnavailable: 0"
    if integer_or_default(spec.get("progressDeadlineSeconds"), 600) <= integer_or_default(
        spec.get("minReadySeconds"), 0
    ):
        yield "progressDeadlineSeconds is not greater than minReadySeconds", "raise progressDeadlineSeconds"


def _scaler_errors(spec: Spec) -> Iterator[ValidationError]:
    if integer_or_default(spec.get("minReplicas"), 1) > integer_or_default(spec.get("maxReplicas"), 1):
        yield "minReplicas is greater than maxReplicas", "lower minReplicas"


def _service_errors(spec: Spec) -> Iterator[ValidationError]:
    kind, ports = spec.get("type") or "ClusterIP", list(mapping_items(spec.get("ports")))
    if kind == "ExternalName" and not spec.get("externalName"):
        yield "type ExternalName needs an externalName", "write one"
    if kind != "ExternalName" and not ports and spec.get("clusterIP") != "None":
        yield "it has no ports", "name one, or set clusterIP: None"
    outside = kind in NODE_PORT_TYPES or (kind == "ClusterIP" and spec.get("externalIPs"))
    if spec.get("externalTrafficPolicy") and not outside:
        yield f"externalTrafficPolicy is not for type {kind}", "remove it"
    yield from _service_port_errors(kind, ports)


def _service_port_errors(kind: str, ports: list[Spec]) -> Iterator[ValidationError]:
    if len(ports) > 1 and not all(port.get("name") for port in ports):
        yield "with several ports each needs a name", "name them"
    yield from duplicate_name_errors("ports", (port.get("name") for port in ports))
    yield from duplicate_name_errors("ports", ((port.get("port"), port.get("protocol") or "TCP") for port in ports))
    for port in ports:
        if port.get("nodePort") and kind not in NODE_PORT_TYPES:
            yield f"type {kind} takes no nodePort", "remove it, or set type: NodePort"
        elif port.get("nodePort") and integer_or_default(port["nodePort"], 0) not in NODE_PORTS:
            yield f"node port {port['nodePort']} is out of the range 30000 to 32767", "take one in the range"


def _ingress_errors(spec: Spec) -> Iterator[ValidationError]:
    if not spec.get("rules") and not spec.get("defaultBackend"):
        yield "it has neither rules nor a defaultBackend", "give it a rule"


def _http_route_errors(spec: Spec) -> Iterator[ValidationError]:
    for rule in mapping_items(spec.get("rules")):
        for term in mapping_items(rule.get("matches")):
            path = mapping_or_empty(term.get("path"))
            if path.get("type") != "RegularExpression" and not str(path.get("value") or "/").startswith("/"):
                yield f"the path {path['value']} does not begin with /", "begin it with /"
        for ref in mapping_items(rule.get("backendRefs")):
            if (ref.get("group") or "", ref.get("kind") or "Service") == ("", "Service") and not ref.get("port"):
                yield f"the backend {ref.get('name')} has no port", "name the Service's port"
        yield from _filter_errors(rule)


def _filter_errors(rule: Spec) -> Iterator[ValidationError]:
    filters = list(mapping_items(rule.get("filters")))
    kinds = [item.get("type") for item in filters]
    if "RequestRedirect" in kinds and list_or_empty(rule.get("backendRefs")):
        yield "a rule that redirects has backends", "remove the backends or the redirect"
    if "RequestRedirect" in kinds and "URLRewrite" in kinds:
        yield "a rule both redirects and rewrites", "keep one of the filters"
    paths = [nested_value(term, "path", "type") or "PathPrefix" for term in mapping_items(rule.get("matches"))] or [
        "PathPrefix"
    ]
    replaces = [
        nested_value(item, name, "path", "type") for item in filters for name in ("urlRewrite", "requestRedirect")
    ]
    if "ReplacePrefixMatch" in replaces and paths != ["PathPrefix"]:
        yield "ReplacePrefixMatch needs exactly one match, by PathPrefix", "give each match a rule of its own"


CHECKS_BY_KIND: Mapping[tuple[str, str], Callable[[Spec], Iterator[ValidationError]]] = {
    ("apps", "Deployment"): _deployment_errors,
    ("autoscaling", "HorizontalPodAutoscaler"): _scaler_errors,
    ("", "Service"): _service_errors,
    ("networking.k8s.io", "Ingress"): _ingress_errors,
    ("gateway.networking.k8s.io", "HTTPRoute"): _http_route_errors,
}
