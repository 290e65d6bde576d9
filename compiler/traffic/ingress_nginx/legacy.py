"""Ingresses of API versions that are gone, in the form of `networking.k8s.io/v1`.

Source: Kubernetes, pkg/apis/networking/v1beta1 `conversion.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compiler.model.objects import mapping_items, mapping_or_empty, nested_value

LEGACY_VERSIONS = ("extensions/v1beta1", "networking.k8s.io/v1beta1")


def present_ingress_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The spec, its backends as `v1` writes them."""
    rules = [_ingress_rule(rule) for rule in mapping_items(spec.get("rules"))]
    rest = {name: value for name, value in spec.items() if name not in ("backend", "rules")}
    default = {"defaultBackend": _successor_backend(spec["backend"])} if "backend" in spec else {}
    return {**rest, **default, **({"rules": rules} if "rules" in spec else {})}


def _ingress_rule(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    if "http" not in rule:
        return rule
    paths = [_ingress_path(path) for path in mapping_items(nested_value(rule, "http", "paths"))]
    return {**rule, "http": {**mapping_or_empty(rule["http"]), "paths": paths}}


def _ingress_path(path: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"pathType": "ImplementationSpecific", **path, "backend": _successor_backend(path.get("backend"))}


def _successor_backend(backend: Any) -> Mapping[str, Any]:
    written = mapping_or_empty(backend)
    if "serviceName" not in written:
        return written
    port = written.get("servicePort")
    named = {"name": port} if isinstance(port, str) and not port.isdigit() else {"number": port}
    rest = {name: value for name, value in written.items() if name not in ("serviceName", "servicePort")}
    return {**rest, "service": {"name": written["serviceName"], "port": named}}
