"""What makes the API server refuse an object by itself, of what decides traffic, pods and their number.

The schemas say most of it (`validate.malformed`); here is what several fields say together. Source: Kubernetes,
pkg/apis/apps/validation (`validateRollingUpdateDeployment`, `ValidateDeploymentSpec`), pkg/apis/autoscaling/validation,
pkg/apis/core/validation (`ValidateService`). What a route or a Gateway may hold says its provider's reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compiler.model.ip_address import is_ip_address
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
from compiler.traffic.readers import gate_readers, readers_by_kind
from compiler.transition.facts.addresses import is_range, is_reachable
from compiler.transition.facts.api_versions import schema_version
from compiler.transition.facts.validation.duplicates import duplicate_name_errors
from compiler.transition.facts.validation.objects import OBJECT_CHECKS
from compiler.transition.facts.validation.pod_templates import pod_template_errors
from compiler.transition.facts.validation.scaling import scaler_errors
from compiler.transition.facts.validation.update_limits import ZEROS, deadline_errors, standstill_errors
from compiler.validate import malformed_findings

ValidationError = tuple[str, str]
Spec = Mapping[str, Any]
SELECTOR_KINDS = frozenset(
    {
        *(("apps", kind) for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")),
        ("argoproj.io", "Rollout"),
    }
)
TEMPLATE = ("spec", "template")
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Deployment": TEMPLATE,
    "StatefulSet": TEMPLATE,
    "DaemonSet": TEMPLATE,
    "ReplicaSet": TEMPLATE,
    "Rollout": TEMPLATE,
    "Job": TEMPLATE,
    "CronJob": ("spec", "jobTemplate", *TEMPLATE),
    "Pod": (),
}
TRAFFIC_DISTRIBUTIONS = ("PreferSameZone", "PreferSameNode", "PreferClose")
DNS_NAME = re.compile(r"(?=.{1,254}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\.?")
NODE_PORTS = range(30000, 32768)
NODE_PORT_TYPES = ("NodePort", "LoadBalancer")


def schema_errors(obj: Object, kubernetes: str) -> list[ValidationError]:
    """Why the schema of Kubernetes `1.34` refuses the object, in words, each with what fixes it."""
    malformed = malformed_findings(obj, schema_version(kubernetes))
    return [(result.message, result.help) for result in malformed if not _is_generated_name(obj, result.path)]


def _is_generated_name(obj: Object, path: tuple[int | str, ...]) -> bool:
    """Whether a fault is in a name that the API server makes up."""
    return path == ("metadata", "name") and bool(nested_value(obj, "metadata", "generateName"))


def combined_field_errors(key: Key, obj: Object) -> Iterator[ValidationError]:
    """Why Kubernetes refuses an object that its schema accepts, in words, each with what fixes it."""
    spec = mapping_or_empty(obj.get("spec"))
    if key[:2] in SELECTOR_KINDS and spec.get("workloadRef") is None:
        yield from _workload_selector_errors(spec)
    path = TEMPLATES.get(key.distinct_kind)
    if path is not None and key.group in ("apps", "batch", "argoproj.io", ""):
        template = obj if key.kind == "Pod" else mapping_or_empty(nested_value(obj, *path))
        claims = [nested_value(claim, "metadata", "name") for claim in mapping_items(spec.get("volumeClaimTemplates"))]
        yield from pod_template_errors(template, key.kind, claims)
    if (check := CHECKS_BY_KIND.get(key[:2])) is not None:
        yield from check(spec)
    if (whole := OBJECT_CHECKS.get(key[:2])) is not None:
        yield from whole(obj)
    if (reader := readers_by_kind().get(key[:2])) is not None:
        yield from reader.validation_errors(obj)
    if (gate_reader := gate_readers().get(key[:2])) is not None:
        yield from gate_reader.gate_errors(key.kind, spec)


def _workload_selector_errors(spec: Spec) -> Iterator[ValidationError]:
    labels = mapping_or_empty(nested_value(spec, "template", "metadata", "labels"))
    selector = mapping_or_empty(spec.get("selector"))
    if not (selector.get("matchLabels") or selector.get("matchExpressions")):
        yield "it has no selector", "set a selector that matches the template's labels"
    elif not label_selector_accepts(selector, labels):
        yield "its selector does not match its template's labels", "add every label of the selector to the template"


def _deployment_errors(spec: Spec) -> Iterator[ValidationError]:
    rolling = mapping_or_empty(nested_value(spec, "strategy", "rollingUpdate"))
    yield from standstill_errors(rolling)
    share = str(rolling.get("maxUnavailable"))
    if share.endswith("%") and integer_or_default(share[:-1], 0) > 100:
        yield "maxUnavailable is more than 100%", "set maxUnavailable: 0"
    yield from deadline_errors(spec)


def _daemon_set_errors(spec: Spec) -> Iterator[ValidationError]:
    """One of the two limits is 0, and only one; maxUnavailable is 1 where nobody says it (apps/v1/defaults.go)."""
    rolling = mapping_or_empty(nested_value(spec, "updateStrategy", "rollingUpdate"))
    limits = [str(rolling.get(name, default)) for name, default in (("maxUnavailable", 1), ("maxSurge", 0))]
    zeros = sum(limit in ZEROS for limit in limits)
    if nested_value(spec, "updateStrategy", "type") != "OnDelete" and zeros != 1:
        yield f"maxUnavailable and maxSurge are {'both' if zeros else 'neither'} 0", "set one of them to 0"


def _stateful_set_errors(spec: Spec) -> Iterator[ValidationError]:
    if integer_or_default(nested_value(spec, "updateStrategy", "rollingUpdate", "partition"), 0) < 0:
        yield "its partition is less than 0", "set 0 or more"


def _service_errors(spec: Spec) -> Iterator[ValidationError]:
    kind, ports = spec.get("type") or "ClusterIP", list(mapping_items(spec.get("ports")))
    if kind == "ExternalName" and not spec.get("externalName"):
        yield "type ExternalName needs an externalName", "write one"
    if kind == "ExternalName" and spec.get("externalName") and not DNS_NAME.fullmatch(str(spec["externalName"])):
        yield f"the externalName {spec['externalName']} is not a DNS name in lower case", "correct the name"
    if kind != "ExternalName" and not ports and spec.get("clusterIP") != "None":
        yield "it has no ports", "add a port, or set clusterIP: None"
    outside = kind in NODE_PORT_TYPES or (kind == "ClusterIP" and spec.get("externalIPs"))
    if spec.get("externalTrafficPolicy") and not outside:
        yield f"a Service of type {kind} cannot have an externalTrafficPolicy", "remove it"
    yield from _load_balancer_errors(kind, spec)
    if str(spec.get("trafficDistribution") or TRAFFIC_DISTRIBUTIONS[0]) not in TRAFFIC_DISTRIBUTIONS:
        yield f"{spec['trafficDistribution']} is not a trafficDistribution", f"set {TRAFFIC_DISTRIBUTIONS[0]}"
    if str(spec.get("clusterIP") or "None") != "None" and not is_ip_address(str(spec["clusterIP"])):
        yield f"the clusterIP {spec['clusterIP']} is not an address", "remove it"
    for address in list_or_empty(spec.get("externalIPs")):
        if not is_reachable(str(address)):
            yield f"the external address {address} is reserved", "use an address that clients outside can reach"
    yield from _affinity_and_family_errors(spec)
    yield from _source_range_errors(spec)
    yield from _service_port_errors(kind, ports)


def _load_balancer_errors(kind: str, spec: Spec) -> Iterator[ValidationError]:
    if kind != "LoadBalancer":
        given = [field for field in ("loadBalancerClass", "loadBalancerSourceRanges") if spec.get(field)]
        given += ["allocateLoadBalancerNodePorts"] if spec.get("allocateLoadBalancerNodePorts") is not None else []
        for field in given:
            yield f"{field} is not for type {kind}", "remove it"
    if spec.get("healthCheckNodePort") and (kind, spec.get("externalTrafficPolicy")) != ("LoadBalancer", "Local"):
        yield "healthCheckNodePort needs type LoadBalancer and externalTrafficPolicy: Local", "remove it"


def _affinity_and_family_errors(spec: Spec) -> Iterator[ValidationError]:
    if spec.get("sessionAffinityConfig") and spec.get("sessionAffinity") != "ClientIP":
        yield "it has a sessionAffinityConfig without sessionAffinity", "set sessionAffinity: ClientIP"
    families = [str(family) for family in list_or_empty(spec.get("ipFamilies"))]
    if len(set(families)) < len(families):
        yield "its ipFamilies list one family twice", "list each family once"
    if spec.get("ipFamilyPolicy") == "SingleStack" and len(families) > 1:
        yield "a SingleStack Service has two ipFamilies", "keep one of them"


def _source_range_errors(spec: Spec) -> Iterator[ValidationError]:
    for block in list_or_empty(spec.get("loadBalancerSourceRanges")):
        if not is_range(str(block).strip()):
            yield f"'{block}' in loadBalancerSourceRanges is not a range", "write the range out, such as 203.0.113.7/32"


def _service_port_errors(kind: str, ports: list[Spec]) -> Iterator[ValidationError]:
    if len(ports) > 1 and not all(port.get("name") for port in ports):
        yield "a Service with several ports needs a name for each of them", "give each port a name"
    yield from duplicate_name_errors("ports", (port.get("name") for port in ports))
    yield from duplicate_name_errors("ports", ((port.get("port"), port.get("protocol") or "TCP") for port in ports))
    for port in ports:
        if port.get("nodePort") and kind not in NODE_PORT_TYPES:
            yield f"a Service of type {kind} cannot have a nodePort", "remove it, or set type: NodePort"
        elif port.get("nodePort") and integer_or_default(port["nodePort"], 0) not in NODE_PORTS:
            yield f"node port {port['nodePort']} is outside the range 30000 to 32767", "choose a port in the range"


CHECKS_BY_KIND: Mapping[tuple[str, str], Callable[[Spec], Iterator[ValidationError]]] = {
    ("apps", "DaemonSet"): _daemon_set_errors,
    ("apps", "Deployment"): _deployment_errors,
    ("apps", "StatefulSet"): _stateful_set_errors,
    ("autoscaling", "HorizontalPodAutoscaler"): scaler_errors,
    ("", "Service"): _service_errors,
}
