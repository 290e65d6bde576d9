"""Two folders of manifests, written out here, for codes of the verifier that no case of its tests has first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.docs.example_specs import Input

PODS: Final = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      terminationGracePeriodSeconds: 75
      containers:
        - name: NAME
          image: ghcr.io/acme/NAME:1
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /, port: http}}
          lifecycle: {preStop: {sleep: {seconds: 10}}}
---
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: shop}
spec: {selector: {app: NAME}, ports: [{name: http, port: 80, targetPort: http}]}
---
"""
WEB: Final = PODS.replace("NAME", "web")
API: Final = PODS.replace("NAME", "api")


def http_route(name: str, service: str) -> str:
    return (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        "spec:\n  parentRefs: [{name: public, namespace: infra}]\n  hostnames: [shop.example.com]\n"
        f"  rules: [{{matches: [{{path: {{value: /}}}}], backendRefs: [{{name: {service}, port: 80}}]}}]\n---\n"
    )


def ingress(name: str, service: str) -> str:
    return (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        "spec:\n  ingressClassName: nginx\n  rules:\n    - host: shop.example.com\n      http:\n        paths:\n"
        "          - path: /\n            pathType: Prefix\n"
        f"            backend: {{service: {{name: {service}, port: {{number: 80}}}}}}\n---\n"
    )


def admitting(*namespaces: str) -> str:
    peer = "        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}\n"
    return (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web, namespace: shop}\n"
        "spec:\n  podSelector: {matchLabels: {app: web}}\n  ingress:\n    - from:\n"
        f"{''.join(peer.replace('NAME', name) for name in namespaces)}---\n"
    )


def project(kinds: str) -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: shop, namespace: argocd}\n"
        "spec:\n  sourceRepos: ['*']\n  destinations: [{namespace: shop, server: '*'}]\n"
        f"  namespaceResourceWhitelist: [{kinds}]\n---\n"
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop, namespace: argocd}\n"
        "spec:\n  project: shop\n  source: {repoURL: https://git.example.com/deploy.git, path: shop}\n"
        "  destination: {namespace: shop, server: https://kubernetes.default.svc}\n---\n"
    )


def verified(before: str, after: str) -> Input:
    return Input(files={"old/all.yaml": before, "new/all.yaml": after}, command=("verify", "old", "new"))


KINDS: Final = "{group: '', kind: Service}, {group: apps, kind: Deployment}"
CONFIG: Final = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\n---\n"
OF_MANIFESTS: Final[Mapping[str, Input]] = {
    "routes-equal": verified(
        f"{WEB}{API}{http_route('web', 'web')}", f"{WEB}{API}{http_route('web', 'web')}{http_route('api', 'api')}"
    ),
    "path-defined-twice": verified(
        f"{WEB}{API}{ingress('web', 'web')}", f"{WEB}{API}{ingress('web', 'web')}{ingress('api', 'api')}"
    ),
    "namespaces-shut": verified(
        f"{WEB}{http_route('web', 'web')}{admitting('infra', 'jobs')}",
        f"{WEB}{http_route('web', 'web')}{admitting('infra')}",
    ),
    "kind-not-permitted": verified(f"{project(KINDS)}{WEB}", f"{project(KINDS)}{WEB}{CONFIG}"),
    "prune-not-permitted": verified(f"{project(KINDS)}{WEB}{CONFIG}", f"{project(KINDS)}{WEB}"),
}
