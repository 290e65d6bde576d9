"""Small manifests for the verifier's own tests; the folders of `cases/` hold whole ones."""

from __future__ import annotations

from typing import Any

from compiler.model.manifest import Object

WAVE = "argocd.argoproj.io/sync-wave"
OPTIONS = "argocd.argoproj.io/sync-options"
HOOK = "argocd.argoproj.io/hook"


def metadata(name: str, **annotations: str) -> dict[str, Any]:
    """`wave`, `options` and `hook` become Argo CD's annotations."""
    names = {"wave": WAVE, "options": OPTIONS, "hook": HOOK}
    notes = {names[key]: value for key, value in annotations.items()}
    return {"name": name, "namespace": "shop", **({"annotations": notes} if notes else {})}


def template(labels: dict[str, str], image: str = "img:1", **container: Any) -> dict[str, Any]:
    """Pods with a probe and a drain that suffice; `container` overrides fields of the one container."""
    fields: dict[str, Any] = {
        "name": "app",
        "image": image,
        "ports": [{"name": "http", "containerPort": 3000}],
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}},
        "lifecycle": {"preStop": {"sleep": {"seconds": 15}}},
    }
    spec = {"terminationGracePeriodSeconds": 90, "containers": [{**fields, **container}]}
    return {"metadata": {"labels": labels}, "spec": spec}


def deployment(
    name: str,
    image: str = "img:1",
    replicas: int | None = 3,
    labels: dict[str, str] | None = None,
    strategy: dict[str, Any] | None = None,
    notes: dict[str, str] | None = None,
    **container: Any,
) -> Object:
    """A Deployment that selects `app: name`; surge 1, unavailable 0 unless `strategy` says otherwise."""
    selector = {"app": name}
    spec: dict[str, Any] = {
        "strategy": strategy or {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "selector": {"matchLabels": selector},
        "template": template({**selector, **(labels or {})}, image, **container),
    }
    if replicas is not None:
        spec["replicas"] = replicas
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(name, **(notes or {})), "spec": spec}


def service(name: str, app: str | None = None, **spec: Any) -> Object:
    """A Service on port 80 that selects `app: name` (or another app)."""
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    fields = {"selector": {"app": app or name}, "ports": ports, **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata(name), "spec": fields}


def route(name: str, weights: dict[str, int], wave: str = "0", **rule: Any) -> Object:
    """An HTTPRoute of one rule for `/` that divides among Services."""
    backends = [{"name": backend, "port": 80, "weight": weight} for backend, weight in weights.items()]
    rules = [{"matches": [{"path": {"value": "/"}}], "backendRefs": backends, **rule}]
    parents = [{"name": "public", "namespace": "gateways", "sectionName": "https"}]
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata(name, wave=wave),
        "spec": {"parentRefs": parents, "hostnames": ["api.example.com"], "rules": rules},
    }


def config_map(name: str, data: dict[str, str] | None = None, **annotations: str) -> Object:
    fields = {"data": data or {"A": "1"}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name, **annotations), **fields}


def job(name: str, **annotations: str) -> Object:
    pods = template({"job": name})
    pods["spec"]["restartPolicy"] = "Never"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(name, **annotations),
        "spec": {"template": pods},
    }


def scaler(name: str, low: int, high: int) -> Object:
    """An HPA of the Deployment of the same name."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    spec = {"scaleTargetRef": target, "minReplicas": low, "maxReplicas": high}
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": metadata(name), "spec": spec}
