"""ConfigMaps that controllers and Argo CD itself read by their well-known names, through the API server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from compiler.model.objects import mapping_or_empty

RESOLVES = "which names the pods of the cluster can resolve"
PROXIES = "how all its requests are served"
SYNCS = "how Argo CD compares and syncs"
NETWORKS = "how pods and nodes reach each other"
ANYWHERE = "*"
CONTROLLER_CONFIG: Mapping[tuple[str, str], str] = {
    **{("kube-system", name): RESOLVES for name in ("coredns", "coredns-custom", "kube-dns", "node-local-dns")},
    **{("kube-system", name): NETWORKS for name in ("kube-proxy", "cilium-config", "calico-config", "amazon-vpc-cni")},
    ("kube-system", "aws-auth"): "who may use the API server, including the nodes",
    ("kube-system", "cluster-autoscaler-priority-expander"): "which nodes there are",
    **{
        (ANYWHERE, name): PROXIES
        for name in (
            "ingress-nginx-controller", "nginx-configuration", "nginx-ingress-controller", "envoy-gateway-config",
            "haproxy-ingress", "haproxy-kubernetes-ingress",
        )
    },
    **{
        (ANYWHERE, name): "to which Services the proxy forwards which TCP and UDP ports"
        for name in ("tcp-services", "udp-services", "ingress-nginx-tcp", "ingress-nginx-udp")
    },
    **{
        (ANYWHERE, name): SYNCS
        for name in (
            "argocd-cm", "argocd-cmd-params-cm", "argocd-rbac-cm", "argocd-ssh-known-hosts-cm", "argocd-tls-certs-cm",
        )
    },
    **{("istio-system", name): PROXIES for name in ("istio", "istio-sidecar-injector")},
    ("linkerd", "linkerd-config"): PROXIES,
    ("projectcontour", "contour"): PROXIES,
    ("kube-system", "ip-masq-agent"): NETWORKS,
    (ANYWHERE, "argo-rollouts-config"): "which plugins steer the requests of Rollouts, and measure for them",
    ("kyverno", "kyverno"): "which objects policies are asked about",
    ("kueue-system", "kueue-manager-config"): "whether pods are allowed to start",
    ("karpenter", "karpenter-global-settings"): "which nodes there are",
    ("cnpg-system", "cnpg-controller-manager-config"): "how the pods of databases are made",
    **{
        ("knative-eventing", name): "which events reach which receivers"
        for name in ("config-br-default-channel", "config-br-defaults", "config-features", "default-ch-webhook")
    },
    ("nginx-ingress", "nginx-config"): PROXIES,
    **{
        ("knative-serving", f"config-{name}"): "how Knative creates pods and routes requests to them"
        for name in (
            "autoscaler", "certmanager", "contour", "defaults", "deployment", "domain", "features", "gc", "istio",
            "kourier", "network",
        )
    },
    (ANYWHERE, "inferenceservice-config"): "how KServe creates pods and routes requests to them",
    ("metallb-system", "config"): "at which addresses clients reach Services",
}  # fmt: skip
"""By namespace and name. Sources: CoreDNS, kubernetes deployment; ingress-nginx, configmap.md and
exposing-tcp-udp-services.md; NGINX Ingress Controller, deployments/common; Argo CD, docs/operator-manual;
Istio, Linkerd, Contour, both HAProxy controllers, Argo Rollouts (docs/plugins.md), Knative, KServe, Kueue, Karpenter
before 0.32, CloudNativePG (operator_conf.md), Kyverno, MetalLB before 0.13."""

USERS_SETTINGS: Mapping[str, re.Pattern[str]] = {
    "argocd-rbac-cm": re.compile(".*"),
    "argocd-cm": re.compile(
        r"(accounts|exec|ga|help|server\.rbac|statusbadge|ui)\..+|(application|project|resource)\.links"
        r"|admin\.enabled|passwordPattern|server\.maxPodLogsToRender|users\.(anonymous\.enabled|session\.duration)"
    ),
}
"""The entries that Argo CD's API server alone reads, for whoever signs in: no sync asks for the rights of users.

Source: Argo CD, server/server.go `NewServer` (argocd-rbac-cm) and `watchSettings` (what it starts anew for: the URLs,
Dex and OIDC, which are not among these), server/settings/settings.go, util/settings/accounts.go.
"""


def controller_influence(namespace: str, name: str) -> str:
    """What a controller that reads the ConfigMap of this name decides by it; empty: no known one does."""
    return CONTROLLER_CONFIG.get((namespace, name)) or CONTROLLER_CONFIG.get((ANYWHERE, name), "")


def deciding_entries(name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a ConfigMap that decide what `controller_influence` says of its name."""
    for_users = USERS_SETTINGS.get(name)
    data = mapping_or_empty(config.get("data"))
    return {key: value for key, value in data.items() if for_users is None or not for_users.fullmatch(str(key))}
