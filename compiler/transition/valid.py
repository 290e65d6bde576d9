"""What makes the API server refuse an object by itself, of what decides traffic, pods and their number.

The schemas say most of it (`validate.malformed`); here is what several fields say together. Source: Kubernetes,
pkg/apis/apps/validation (`validateRollingUpdateDeployment`, `ValidateDeploymentSpec`), pkg/apis/autoscaling/validation,
pkg/apis/core/validation (`ValidateService`); the deprecation guide for API versions that are gone; Gateway API,
config/crd/standard (CEL rules of HTTPRoute).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.manifest import Object
from compiler.transition.objects import Key, dig, mapping, mappings, matches, sequence, whole
from compiler.transition.valid_pods import repeated, template_faults
from compiler.validate import malformed

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
NODE_PORT_TYPES = ("NodePort", "LoadBalancer")


def faults(key: Key, obj: Object) -> Iterator[Fault]:
    """Why the object is refused, in words, each with what mends it."""
    version = str(obj.get("apiVersion"))
    if version in REMOVED:
        yield f"apiVersion {version} is served no more", "use the version that replaced it"
    unread = [(found.message, found.help) for found in malformed(obj) if not _generated(obj, found.path)]
    yield from unread or _together(key, obj)


def _generated(obj: Object, path: tuple[int | str, ...]) -> bool:
    """Whether a fault is in a name that the API server makes up."""
    return path == ("metadata", "name") and bool(dig(obj, "metadata", "generateName"))


def _together(key: Key, obj: Object) -> Iterator[Fault]:
    spec = mapping(obj.get("spec"))
    if key.kind in SELECTING and key.group == "apps":
        yield from _selector(spec)
    path = TEMPLATES.get(key.kind)
    if path is not None and key.group in ("apps", "batch", ""):
        template = obj if key.kind == "Pod" else mapping(dig(obj, *path))
        claims = [dig(claim, "metadata", "name") for claim in mappings(spec.get("volumeClaimTemplates"))]
        yield from template_faults(template, key.kind, claims)
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
    zeros = ("0", "0%")
    if str(rolling.get("maxSurge", "25%")) in zeros and str(rolling.get("maxUnavailable", "25%")) in zeros:
        yield "maxSurge and maxUnavailable are both 0", "set maxSurge: 1"
    share = str(rolling.get("maxUnavailable"))
    if share.endswith("%") and whole(share[:-1], 0) > 100:
        yield "maxUnavailable is more than 100%", "keep a pod: maxUnavailable: 0"
    if whole(spec.get("progressDeadlineSeconds"), 600) <= whole(spec.get("minReadySeconds"), 0):
        yield "progressDeadlineSeconds is not greater than minReadySeconds", "raise progressDeadlineSeconds"


def _scaler(spec: Spec) -> Iterator[Fault]:
    if whole(spec.get("minReplicas"), 1) > whole(spec.get("maxReplicas"), 1):
        yield "minReplicas is greater than maxReplicas", "lower minReplicas"


def _service(spec: Spec) -> Iterator[Fault]:
    kind, ports = spec.get("type") or "ClusterIP", list(mappings(spec.get("ports")))
    if kind == "ExternalName" and not spec.get("externalName"):
        yield "type ExternalName needs an externalName", "write one"
    if kind != "ExternalName" and not ports and spec.get("clusterIP") != "None":
        yield "it has no ports", "name one, or set clusterIP: None"
    outside = kind in NODE_PORT_TYPES or (kind == "ClusterIP" and spec.get("externalIPs"))
    if spec.get("externalTrafficPolicy") and not outside:
        yield f"externalTrafficPolicy is not for type {kind}", "remove it"
    yield from _service_ports(kind, ports)


def _service_ports(kind: str, ports: list[Spec]) -> Iterator[Fault]:
    if len(ports) > 1 and not all(port.get("name") for port in ports):
        yield "with several ports each needs a name", "name them"
    yield from repeated("ports", (port.get("name") for port in ports))
    yield from repeated("ports", ((port.get("port"), port.get("protocol") or "TCP") for port in ports))
    for port in ports:
        if port.get("nodePort") and kind not in NODE_PORT_TYPES:
            yield f"type {kind} takes no nodePort", "remove it, or set type: NodePort"
        elif port.get("nodePort") and whole(port["nodePort"], 0) not in NODE_PORTS:
            yield f"node port {port['nodePort']} is out of the range 30000 to 32767", "take one in the range"


def _ingress(spec: Spec) -> Iterator[Fault]:
    if not spec.get("rules") and not spec.get("defaultBackend"):
        yield "it has neither rules nor a defaultBackend", "give it a rule"


def _http_route(spec: Spec) -> Iterator[Fault]:
    for rule in mappings(spec.get("rules")):
        for term in mappings(rule.get("matches")):
            path = mapping(term.get("path"))
            if path.get("type") != "RegularExpression" and not str(path.get("value") or "/").startswith("/"):
                yield f"the path {path['value']} does not begin with /", "begin it with /"
        for ref in mappings(rule.get("backendRefs")):
            if (ref.get("group") or "", ref.get("kind") or "Service") == ("", "Service") and not ref.get("port"):
                yield f"the backend {ref.get('name')} has no port", "name the Service's port"
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
    ("", "Service"): _service,
    ("networking.k8s.io", "Ingress"): _ingress,
    ("gateway.networking.k8s.io", "HTTPRoute"): _http_route,
}
