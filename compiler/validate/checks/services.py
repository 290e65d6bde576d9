"""Services: k8s.io/kubernetes/pkg/apis/core/validation, ValidateService."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding
from compiler.validate.checks.pods import duplicate_findings

_WITH_NODE_PORTS = ("NodePort", "LoadBalancer")


def check_service(obj: Object) -> Iterator[ObjectFinding]:
    """Ports named and unique; fields that fit the type."""
    spec = obj.get("spec", {})
    kind, ports = spec.get("type", "ClusterIP"), spec.get("ports", ())
    if kind == "ExternalName":
        yield from _external_name_findings(spec)
    elif not ports and spec.get("clusterIP") != "None":
        yield object_finding("field-missing", ("spec",), "`spec.ports` is missing")
    if len(ports) > 1:
        yield from _multi_port_findings(ports)
    for index, port in enumerate(ports):
        if "nodePort" in port and kind not in _WITH_NODE_PORTS:
            message = f"a Service of type {kind} cannot have a nodePort"
            yield object_finding("service-type", ("spec", "ports", index, "nodePort"), message)


def _external_name_findings(spec: dict[str, Any]) -> Iterator[ObjectFinding]:
    if "externalName" not in spec:
        yield object_finding("service-type", ("spec",), "a Service of type ExternalName needs an `externalName`")
    if "selector" in spec:
        message = "a Service of type ExternalName cannot have a selector, because it does not lead to pods"
        yield object_finding("service-type", ("spec", "selector"), message)


def _multi_port_findings(ports: list[dict[str, Any]]) -> Iterator[ObjectFinding]:
    yield from duplicate_findings(ports, "name", ("spec", "ports"))
    seen = set()
    for index, port in enumerate(ports):
        path = ("spec", "ports", index)
        if "name" not in port:
            yield object_finding(
                "port-conflict", path, f"port {port['port']} needs a name, because the Service has several ports"
            )
        key = (port["port"], port.get("protocol", "TCP"))
        if key in seen:
            yield object_finding("port-conflict", (*path, "port"), f"the Service has port {key[0]}/{key[1]} twice")
        seen.add(key)
