"""Objects of every kind that are right, to be broken one field at a time."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from compiler.model.manifest import Manifest, Object, Origin
from compiler.validate import ObjectFinding, validate_objects

LABELS = {"app": "web", "color": "blue"}
CONTAINER: dict[str, Any] = {
    "name": "web",
    "image": "ghcr.io/acme/web:1.4.2@sha256:" + "0a" * 32,
    "args": ["bentoml", "serve"],
    "ports": [{"name": "http", "containerPort": 3000, "protocol": "TCP"}],
    "env": [
        {"name": "MODE", "value": "fast"},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "token"}}},
    ],
    "envFrom": [{"configMapRef": {"name": "web-config"}}],
    "volumeMounts": [{"name": "models", "mountPath": "/models"}],
    "resources": {"requests": {"cpu": "250m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}},
    "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 5},
    "lifecycle": {"preStop": {"sleep": {"seconds": 15}}},
}
TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": {**LABELS, "shipway.dev/contract": "1"}},
    "spec": {
        "serviceAccountName": "web",
        "terminationGracePeriodSeconds": 90,
        "containers": [CONTAINER],
        "volumes": [{"name": "models", "configMap": {"name": "web-config", "items": [{"key": "mode", "path": "m"}]}}],
        "imagePullSecrets": [{"name": "registry"}],
    },
}
JOB_TEMPLATE = {"spec": {"restartPolicy": "Never", "containers": [{"name": "smoke", "image": "curlimages/curl:8"}]}}
META = {"namespace": "prod", "labels": {"app": "web"}}


def made(api_version: str, kind: str, name: str, **rest: Any) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **META}, **rest}


ROUTE_RULE = {
    "matches": [{"path": {"type": "PathPrefix", "value": "/v1"}}],
    "backendRefs": [{"group": "", "kind": "Service", "name": "web", "port": 443, "weight": 100}],
}
INGRESS_PATH = {
    "path": "/v1",
    "pathType": "Prefix",
    "backend": {"service": {"name": "web", "port": {"number": 443}}},
}
GOOD: dict[str, Object] = {
    "Deployment": made(
        "apps/v1",
        "Deployment",
        "web-blue",
        spec={
            "replicas": 6,
            "minReadySeconds": 10,
            "progressDeadlineSeconds": 130,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "selector": {"matchLabels": LABELS},
            "template": TEMPLATE,
        },
    ),
    "StatefulSet": made(
        "apps/v1",
        "StatefulSet",
        "store",
        spec={
            "serviceName": "store",
            "selector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["store"]}]},
            "template": {
                "metadata": {"labels": {"app": "store"}},
                "spec": {
                    "containers": [
                        {"name": "store", "image": "redis:8", "volumeMounts": [{"name": "data", "mountPath": "/d"}]}
                    ]
                },
            },
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}],
        },
    ),
    "Service": made(
        "v1",
        "Service",
        "web",
        spec={
            "type": "NodePort",
            "selector": LABELS,
            "ports": [{"name": "http", "port": 443, "targetPort": "http", "nodePort": 30443, "protocol": "TCP"}],
        },
    ),
    "Ingress": made(
        "networking.k8s.io/v1",
        "Ingress",
        "web",
        spec={
            "ingressClassName": "nginx",
            "tls": [{"hosts": ["api.example.com"], "secretName": "web-tls"}],
            "rules": [{"host": "api.example.com", "http": {"paths": [INGRESS_PATH]}}],
        },
    ),
    "HTTPRoute": made(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        "web",
        spec={
            "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "public"}],
            "hostnames": ["api.example.com"],
            "rules": [ROUTE_RULE],
        },
    ),
    "GRPCRoute": made(
        "gateway.networking.k8s.io/v1",
        "GRPCRoute",
        "web",
        spec={
            "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "public"}],
            "hostnames": ["grpc.example.com"],
            "rules": [
                {
                    "matches": [{"method": {"type": "Exact", "service": "acme.Search", "method": "Find"}}],
                    "backendRefs": [{"group": "", "kind": "Service", "name": "web", "port": 443, "weight": 100}],
                }
            ],
        },
    ),
    "DaemonSet": made(
        "apps/v1", "DaemonSet", "agent", spec={"selector": {"matchLabels": LABELS}, "template": TEMPLATE}
    ),
    "Pod": made("v1", "Pod", "once", spec={"containers": [CONTAINER], "volumes": TEMPLATE["spec"]["volumes"]}),
    "ConfigMap": made("v1", "ConfigMap", "web-config", data={"mode": "fast", "server.conf": "listen 80;\n"}),
    "Secret": made("v1", "Secret", "keys", type="Opaque", stringData={"token": "hunter2"}),
    "ServiceAccount": made("v1", "ServiceAccount", "web", automountServiceAccountToken=False),
    "HorizontalPodAutoscaler": made(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "web-blue",
        spec={
            "minReplicas": 6,
            "maxReplicas": 20,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web-blue"},
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
                }
            ],
        },
    ),
    "PodDisruptionBudget": made(
        "policy/v1",
        "PodDisruptionBudget",
        "web-blue",
        spec={"maxUnavailable": 1, "selector": {"matchLabels": LABELS}},
    ),
    "NetworkPolicy": made(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        "web",
        spec={
            "podSelector": {"matchLabels": {"app": "web"}},
            "policyTypes": ["Ingress"],
            "ingress": [{"ports": [{"port": "http", "protocol": "TCP"}]}],
        },
    ),
    "Job": made("batch/v1", "Job", "web-smoke-1a2b", spec={"backoffLimit": 2, "template": JOB_TEMPLATE}),
    "CronJob": made(
        "batch/v1",
        "CronJob",
        "nightly",
        spec={"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": JOB_TEMPLATE}}},
    ),
    "Namespace": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "prod"}},
    "ResourceQuota": made("v1", "ResourceQuota", "quota", spec={"hard": {"pods": "40", "requests.cpu": "20"}}),
    "LimitRange": made(
        "v1", "LimitRange", "limits", spec={"limits": [{"type": "Container", "default": {"memory": "1Gi"}}]}
    ),
    "PersistentVolumeClaim": made(
        "v1",
        "PersistentVolumeClaim",
        "models",
        spec={"accessModes": ["ReadOnlyMany"], "resources": {"requests": {"storage": "10Gi"}}},
    ),
    "Role": made(
        "rbac.authorization.k8s.io/v1",
        "Role",
        "web:reader",
        rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
    ),
    "RoleBinding": made(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        "web",
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "web:reader"},
        subjects=[{"kind": "ServiceAccount", "name": "web", "namespace": "prod"}],
    ),
    "ReferenceGrant": made(
        "gateway.networking.k8s.io/v1beta1",
        "ReferenceGrant",
        "infra",
        spec={
            "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "infra"}],
            "to": [{"group": "", "kind": "Service"}],
        },
    ),
    "Certificate": made(
        "cert-manager.io/v1",
        "Certificate",
        "web",
        spec={
            "secretName": "web-tls",
            "dnsNames": ["api.example.com"],
            "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer", "group": "cert-manager.io"},
        },
    ),
    "ExternalSecret": made(
        "external-secrets.io/v1",
        "ExternalSecret",
        "registry",
        spec={
            "refreshInterval": "1h",
            "secretStoreRef": {"name": "vault", "kind": "ClusterSecretStore"},
            "target": {"name": "registry"},
            "data": [{"secretKey": "key", "remoteRef": {"key": "prod/web", "property": "key"}}],
        },
    ),
    "SealedSecret": made(
        "bitnami.com/v1alpha1",
        "SealedSecret",
        "web-sealed",
        spec={
            "encryptedData": {"tls.crt": "AgBy", "tls.key": "AgBz"},
            "template": {"type": "kubernetes.io/tls", "metadata": {"name": "web-sealed", "namespace": "prod"}},
        },
    ),
    "Application": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "web", "namespace": "argocd", "finalizers": ["resources-finalizer.argocd.argoproj.io"]},
        "spec": {
            "project": "prod",
            "source": {
                "repoURL": "https://git.example.com/acme/deploy.git",
                "targetRevision": "main",
                "path": "prod/web",
                "directory": {"recurse": True, "include": "*.yaml"},
            },
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "prod"},
            "syncPolicy": {
                "automated": {"enabled": True, "prune": True, "selfHeal": True, "allowEmpty": False},
                "syncOptions": ["PruneLast=true", "ServerSideApply=true", "RespectIgnoreDifferences=true"],
                "retry": {"limit": 5, "refresh": True, "backoff": {"duration": "5s", "factor": 2, "maxDuration": "3m"}},
            },
            "ignoreDifferences": [{"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}],
        },
    },
    "AppProject": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "prod", "namespace": "argocd"},
        "spec": {
            "sourceRepos": ["https://git.example.com/acme/deploy.git"],
            "destinations": [{"server": "https://kubernetes.default.svc", "namespace": "prod"}],
            "namespaceResourceWhitelist": [{"group": "apps", "kind": "Deployment"}],
        },
    },
    "ApplicationSet": {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "all", "namespace": "argocd"},
        "spec": {
            "generators": [{"list": {"elements": [{"name": "web"}]}}],
            "template": {
                "metadata": {"name": "{{name}}"},
                "spec": {"project": "prod", "destination": {"name": "in-cluster"}},
            },
        },
    },
}

DELETE = "DELETE"
Change = dict[str, Any]


def changed(kind: str, changes: Change) -> Object:
    """The good object of `kind` with other values at dotted places (`spec/ports/0/name`); DELETE removes one."""
    obj = copy.deepcopy(GOOD[kind])
    for place, value in changes.items():
        parts: list[Any] = [int(part) if part.isdigit() else part.replace("~", "/") for part in place.split("/")]
        holder: Any = obj
        for part in parts[:-1]:
            holder = holder.setdefault(part, {}) if isinstance(holder, dict) else holder[part]
        if value is DELETE:
            del holder[parts[-1]]
        elif isinstance(holder, list) and parts[-1] == len(holder):
            holder.append(value)
        else:
            holder[parts[-1]] = value
    return obj


def manifest(obj: Object) -> Manifest:
    return Manifest(obj, Origin(("spec",)))


@pytest.fixture(scope="session")
def good() -> dict[str, Object]:
    """One right object of each kind; together they have all that they refer to."""
    return GOOD


@pytest.fixture(scope="session")
def broken() -> Callable[[str, Change], list[ObjectFinding]]:
    """`broken(kind, {place: value})`: the findings about the good object of that kind with those changes."""

    def findings(kind: str, changes: Change) -> list[ObjectFinding]:
        return [finding for _, finding in validate_objects([manifest(changed(kind, changes))], "1.34")]

    return findings


@pytest.fixture(scope="session")
def world() -> Callable[..., list[Manifest]]:
    """`world(Kind={place: value})`: the manifests of all good objects, with changes to some; None leaves one out."""

    def manifests(**changes: Change | None) -> list[Manifest]:
        kept = [kind for kind in GOOD if changes.get(kind, {}) is not None]
        return [manifest(changed(kind, changes.get(kind) or {})) for kind in kept]

    return manifests
