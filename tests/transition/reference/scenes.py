"""The objects of small scenes: tracks behind Services, a route or an Ingress, and what some scenes have besides."""

from __future__ import annotations

import random
from typing import Any

from tests.transition.reference.metadata import NGINX

Object = dict[str, Any]
Scene = dict[str, Object]
NAMESPACE = "shop"


def scene(dice: random.Random) -> Scene:
    """Two tracks behind fixed Services and a weighted route, or behind one Service that selects a track."""
    config = dice.choice([None, None, "cfg-1"])
    a = deployment("a", dice.choice([1, 2, 2, 3]), "1", dice.choice([None, config]))
    objects = [a, *([configmap("cfg-1")] if config else [])]
    b = deployment("b", dice.choice([0, 1, 2]), dice.choice(["1", "1", "2"]), config)
    if dice.random() < 0.6:
        objects.append(b)
    objects += by_ingress(dice, objects) if dice.random() < 0.25 else by_route(dice, b in objects and b)
    objects += besides(dice, objects)
    return {name(obj): obj for obj in objects}


def by_route(dice: random.Random, b: Object | bool) -> list[Object]:
    if dice.random() < 0.5:
        return [service("entry", "a"), route([("entry", 100)])]
    if isinstance(b, dict) and b["spec"]["replicas"] and dice.random() < 0.2:
        preview = route([("a", 100)])
        preview["spec"]["rules"].append(rule([("b", 1)], "/r", header="canary"))
        return [service("a", "a"), service("b", "b"), preview]
    weights = dice.choice([(100, 0), (100, 0), (50, 50)]) if isinstance(b, dict) and alike(b) else (100, 0)
    return [service("a", "a"), service("b", "b"), route([("a", weights[0]), ("b", weights[1])])]


def alike(b: Object) -> bool:
    """Whether the track may share requests from the beginning."""
    return b["spec"]["replicas"] > 0 and contract_of(b) == "1"


def contract_of(obj: Object) -> str:
    result: str = obj["spec"]["template"]["metadata"]["labels"]["shipway.dev/contract"]
    return result


def by_ingress(dice: random.Random, objects: list[Object]) -> list[Object]:
    collected = [service("a", "a"), service("b", "b"), ingress("r", "a")]
    b = [obj for obj in objects if name(obj) == "Deployment/r-b" and alike(obj)]
    if b and dice.random() < 0.4:
        collected.append(ingress("r-canary", "b", weight=dice.choice([0, 10, 50, 100])))
        if dice.random() < 0.3:
            collected[-1]["metadata"]["annotations"] |= by_header(dice)
    return collected


def by_header(dice: random.Random) -> Object:
    """The annotations of a canary that those get who ask for it, by `always` or by a value of its own."""
    value = dice.choice([{}, {f"{NGINX}canary-by-header-value": "canary"}])
    return {f"{NGINX}canary-by-header": "x-track", **value}


def besides(dice: random.Random, objects: list[Object]) -> list[Object]:
    """Another application at `/`, a callee, a policy, a quota: each in few scenes."""
    collected: list[Object] = []
    routed = any(obj["kind"] == "HTTPRoute" for obj in objects)
    if dice.random() < 0.12:
        rest = route([("site", 100)], "site", "/") if routed else ingress("site", "site", path="/")
        collected += [deployment("site", 1, "1", None, app="site"), service("site", "site", app="site"), rest]
    if dice.random() < 0.15:
        collected += [deployment("api", dice.choice([1, 2]), "1", None, app="api"), service("api", "api", app="api")]
        for obj in objects:
            if obj["kind"] == "Deployment":
                call(obj, "api")
    if dice.random() < 0.1:
        collected.append(policy("guard", dice.choice(["a", "b"]), dice.choice(OPEN_RULES)))
    if dice.random() < 0.08:
        pods = sum(obj["spec"]["replicas"] for obj in [*objects, *collected] if obj["kind"] == "Deployment")
        collected.append(quota(pods + dice.choice([0, 1, 1, 2])))
    return collected


def name(obj: Object) -> str:
    return f"{obj['kind']}/{obj['metadata']['name']}"


def head(api: str, kind: str, called: str) -> Object:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": called, "namespace": NAMESPACE}}


def deployment(track: str, replicas: int, contract: str, config: str | None, app: str = "r") -> Object:
    labels = {"app": app, "track": track}
    container: Object = {
        "name": "app",
        "image": "ghcr.io/acme/r:1",
        "ports": [{"name": "http", "containerPort": 3000}],
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 3000}},
        "lifecycle": {"preStop": {"sleep": {"seconds": 15}}},
    }
    if config:
        container["envFrom"] = [{"configMapRef": {"name": config}}]
    spec = {
        "replicas": replicas,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": {**labels, "shipway.dev/contract": contract}},
            "spec": {"terminationGracePeriodSeconds": 90, "containers": [container]},
        },
    }
    return {**head("apps/v1", "Deployment", f"r-{track}"), "spec": spec}


def service(called: str, track: str, app: str = "r") -> Object:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    spec = {"selector": {"app": app, "track": track}, "ports": ports}
    return {**head("v1", "Service", f"r-{called}"), "spec": spec}


def route(backends: list[tuple[str, int]], called: str = "r", path: str = "/r") -> Object:
    spec = {
        "parentRefs": [{"name": "public", "namespace": "gateways", "sectionName": "https"}],
        "hostnames": ["api.example.com"],
        "rules": [rule(backends, path)],
    }
    return {**head("gateway.networking.k8s.io/v1", "HTTPRoute", called), "spec": spec}


def gateway(listeners: list[Object]) -> Object:
    spec = {"gatewayClassName": "traefik", "listeners": listeners}
    return {**head("gateway.networking.k8s.io/v1", "Gateway", "edge"), "spec": spec}


def listener(called: str, port: int) -> Object:
    return {"name": called, "port": port, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "Same"}}}


def rule(backends: list[tuple[str, int]], path: str, header: str = "") -> Object:
    """A rule for a path, or for those alone of its requests that carry the header."""
    refs = [{"name": f"r-{called}", "port": 80, "weight": weight} for called, weight in backends]
    match: Object = {"path": {"type": "PathPrefix", "value": path}}
    if header:
        match["headers"] = [{"name": "x-track", "value": header}]
    return {"matches": [match], "backendRefs": refs}


def ingress(called: str, track: str, path: str = "/r", weight: int | None = None, kind: str = "Prefix") -> Object:
    result = head("networking.k8s.io/v1", "Ingress", called)
    if weight is not None:
        result["metadata"]["annotations"] = {f"{NGINX}canary": "true", f"{NGINX}canary-weight": str(weight)}
    rules = [{"host": "api.example.com", "http": {"paths": [ingress_path(track, path, kind)]}}]
    return {**result, "spec": {"ingressClassName": "nginx", "rules": rules}}


def ingress_path(track: str, path: str, kind: str = "Prefix") -> Object:
    backend = {"service": {"name": f"r-{track}", "port": {"number": 80}}}
    return {"path": path, "pathType": kind, "backend": backend}


def policy(called: str, track: str, rules: list[Object]) -> Object:
    spec = {"podSelector": {"matchLabels": {"track": track}}, "policyTypes": ["Ingress"], "ingress": rules}
    return {**head("networking.k8s.io/v1", "NetworkPolicy", called), "spec": spec}


def from_namespace(called: str) -> Object:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": called}}}


FROM_ENTRIES = [
    from_namespace("gateways"),
    from_namespace("ingress-nginx"),
    {"podSelector": {"matchLabels": {"app": "r"}}},
]
OPEN_RULES: list[list[Object]] = [
    [{}],
    [{"ports": [{"port": 3000}]}],
    [{"ports": [{"port": "http"}], "from": FROM_ENTRIES}],
    [{"from": FROM_ENTRIES}],
]
SHUT_RULES: list[list[Object]] = [
    [],
    [{"ports": [{"port": 8080}]}],
    [{"ports": [{"port": "web"}]}],
    [{"from": [{"podSelector": {"matchLabels": {"track": "a"}}}]}],
    [{"from": [from_namespace("monitoring")]}],
]


def quota(pods: int) -> Object:
    return {**head("v1", "ResourceQuota", "pods"), "spec": {"hard": {"pods": str(pods)}}}


def scaler(called: str, obj: Object, least: int, most: int) -> Object:
    """An HPA of a workload."""
    target = {"apiVersion": obj["apiVersion"], "kind": obj["kind"], "name": obj["metadata"]["name"]}
    spec = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most, "metrics": [CPU]}
    return {**head("autoscaling/v2", "HorizontalPodAutoscaler", called), "spec": spec}


CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}


def job(called: str, track: str) -> Object:
    """A Job whose pods are labeled as those of a track."""
    container = {"name": "job", "image": "ghcr.io/acme/job:1", "ports": [{"name": "http", "containerPort": 3000}]}
    pods = {"restartPolicy": "Never", "containers": [container]}
    template = {"metadata": {"labels": {"app": "r", "track": track}}, "spec": pods}
    return {**head("batch/v1", "Job", f"r-{called}"), "spec": {"activeDeadlineSeconds": 60, "template": template}}


def call(obj: Object, callee: str) -> None:
    """Lets the Deployment's pods call a Service."""
    obj["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "CALLEE", "value": f"http://r-{callee}"}]


def configmap(called: str) -> Object:
    return {**head("v1", "ConfigMap", called), "data": {"MODE": "fast"}}
