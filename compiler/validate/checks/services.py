"""Services: k8s.io/kubernetes/pkg/apis/core/validation, ValidateService."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.manifest import Object
from compiler.validate.checks.pods import repeated
from compiler.validate.finding import Finding, found

_WITH_NODE_PORTS = ("NodePort", "LoadBalancer")


def check_service(obj: Object) -> Iterator[Finding]:
    """Ports named and unique; fields that fit the type."""
    spec = obj.get("spec", {})
    kind, ports = spec.get("type", "ClusterIP"), spec.get("ports", ())
    if kind == "ExternalName":
        yield from _external(spec)
    elif not ports and spec.get("clusterIP") != "None":
        yield found("field-missing", ("spec",), "`spec.ports` is missing")
    if len(ports) > 1:
        yield from _several(ports)
    for index, port in enumerate(ports):
        if "nodePort" in port and kind not in _WITH_NODE_PORTS:
            message = f"a Service of type {kind} takes no nodePort"
            yield found("service-type", ("spec", "ports", index, "nodePort"), message)


def _external(spec: dict[str, Any]) -> Iterator[Finding]:
    if "externalName" not in spec:
        yield found("service-type", ("spec",), "a Service of type ExternalName needs an `externalName`")
    if "selector" in spec:
        message = "a Service of type ExternalName takes no selector: its name leads elsewhere"
        yield found("service-type", ("spec", "selector"), message)


def _several(ports: list[dict[str, Any]]) -> Iterator[Finding]:
    yield from repeated(ports, "name", ("spec", "ports"))
    seen = set()
    for index, port in enumerate(ports):
        path = ("spec", "ports", index)
        if "name" not in port:
            yield found("port-conflict", path, f"port {port['port']} needs a name, for the Service has several ports")
        key = (port["port"], port.get("protocol", "TCP"))
        if key in seen:
            yield found("port-conflict", (*path, "port"), f"the Service has port {key[0]}/{key[1]} twice")
        seen.add(key)
