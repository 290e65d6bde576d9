"""Objects in API versions that the cluster has since replaced, in the form of the version that replaced them.

The API server keeps one object, whichever version it is written in. Source: Kubernetes, docs/reference/using-api/
deprecation-guide.md; pkg/apis/extensions/v1beta1 `conversion.go`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import mapping_or_empty, nested_value
from compiler.traffic.readers import legacy_conversions

SELECTOR_BY_TEMPLATE = frozenset({"extensions/v1beta1", "apps/v1beta1"})


def in_present_form(obj: Object) -> Object:
    """The object, its fields as the present version of its kind has them; its `apiVersion` stays as it is written."""
    written = str(obj.get("apiVersion")), str(obj.get("kind"))
    convert = CONVERSIONS.get(written) or legacy_conversions().get(written)
    return obj if convert is None else {**obj, "spec": convert(mapping_or_empty(obj.get("spec")))}


def _workload_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the selector that its template's labels were the default of (`SetDefaults_Deployment`)."""
    labels = mapping_or_empty(nested_value(spec, "template", "metadata", "labels"))
    return spec if spec.get("selector") or not labels else {**spec, "selector": {"matchLabels": labels}}


def _scaler_spec(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the reference to what is scaled in its present form (`Convert_v1beta1_HorizontalPodAutoscalerSpec`)."""
    kept = {name: value for name, value in spec.items() if name != "scaleRef"}
    target = {name: value for name, value in mapping_or_empty(spec.get("scaleRef")).items() if name != "subresource"}
    return {**kept, **({"scaleTargetRef": target} if target else {})}


CONVERSIONS: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    **{
        (version, kind): _workload_spec
        for version in SELECTOR_BY_TEMPLATE
        for kind in ("Deployment", "DaemonSet", "ReplicaSet", "StatefulSet")
    },
    ("extensions/v1beta1", "HorizontalPodAutoscaler"): _scaler_spec,
}
