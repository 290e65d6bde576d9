"""Objects in API versions that the cluster has since replaced, in the form of the version that replaced them.

The API server keeps one object, whichever version it is written in. Source: Kubernetes, docs/reference/using-api/
deprecation-guide.md; pkg/apis/extensions/v1beta1 and pkg/apis/networking/v1beta1 `conversion.go`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import mapping_items, mapping_or_empty, nested_value

SELECTOR_BY_TEMPLATE = frozenset({"extensions/v1beta1", "apps/v1beta1"})
INGRESS_VERSIONS = frozenset({"extensions/v1beta1", "networking.k8s.io/v1beta1"})


def in_present_form(obj: Object) -> Object:
    """The object, its fields as the present version of its kind has them; its `apiVersion` stays as it is written."""
    convert = CONVERSIONS.get((str(obj.get("apiVersion")), str(obj.get("kind"))))
    return obj if convert is None else {**obj, "spec": convert(mapping_or_empty(obj.get("spec")))}


def _workload_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the selector that its template's labels were the default of (`SetDefaults_Deployment`)."""
    labels = mapping_or_empty(nested_value(spec, "template", "metadata", "labels"))
    return spec if spec.get("selector") or not labels else {**spec, "selector": {"matchLabels": labels}}


def _ingress_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
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


CONVERSIONS: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    **{
        (version, kind): _workload_spec
        for version in SELECTOR_BY_TEMPLATE
        for kind in ("Deployment", "DaemonSet", "ReplicaSet", "StatefulSet")
    },
    **{(version, "Ingress"): _ingress_spec for version in INGRESS_VERSIONS},
}
