"""Annotations by which proxies, meshes and certificate controllers are told what to do with a route or a Service."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.transition.classification.fields import Classification, Inert, Unproven

SERVED = "how the proxy serves the requests"
CERTIFIED = "which certificate is made, and whether it is"
RESOLVED = "which names lead to the cluster"
CERT_MANAGER = "cert-manager, docs/usage/ingress.md"
PROXY_ANNOTATIONS: Mapping[str, Classification] = {
    "traefik.ingress.kubernetes.io/": Unproven("which entry points and Middlewares the requests pass, and how"),
    "haproxy.org/": Unproven(SERVED),
    "haproxy-ingress.github.io/": Unproven(SERVED),
    "projectcontour.io/": Unproven(SERVED),
    "konghq.com/": Unproven(SERVED),
    "getambassador.io/": Unproven(SERVED),
    "nginx.org/": Unproven(SERVED),
    "appprotect.f5.com/": Unproven(SERVED),
    "k8s.apisix.apache.org/": Unproven(SERVED),
    "zalando.org/": Unproven(SERVED),
    "voyager.appscode.com/": Unproven(SERVED),
    "gateway.envoyproxy.io/": Unproven(SERVED),
    "networking.istio.io/": Unproven(SERVED),
    "istio.io/": Unproven(SERVED),
    "linkerd.io/": Unproven(SERVED),
    "config.linkerd.io/": Unproven(SERVED),
    "ingress.kuma.io/": Unproven(SERVED),
    "kuma.io/": Unproven(SERVED),
    "ingress.cilium.io/": Unproven(SERVED),
    "service.cilium.io/": Unproven("which pods of which clusters answer"),
    "io.cilium/": Unproven("which pods of which clusters answer"),
    "cert-manager.io/revision-history-limit": Inert(f"{CERT_MANAGER}: how many CertificateRequests are kept"),
    "cert-manager.io/": Unproven(CERTIFIED),
    "acme.cert-manager.io/": Unproven(CERTIFIED),
    "certmanager.k8s.io/": Inert("cert-manager, docs/installation/upgrade: read by versions before 0.11 alone"),
    "external-dns.alpha.kubernetes.io/": Unproven(RESOLVED),
    "external-dns.kubernetes.io/": Unproven(RESOLVED),
    "gethomepage.dev/": Inert("homepage, docs/configs/kubernetes.md: what its page shows"),
    "hajimari.io/": Inert("Hajimari, README.md: what its page shows"),
    "forecastle.stakater.com/": Inert("Forecastle, README.md: what its page shows"),
    "monitoring.coreos.com/": Inert("Prometheus operator: what is scraped"),
    "metallb.universe.tf/": Unproven("at which address the Service is reached"),
    "metallb.io/": Unproven("at which address the Service is reached"),
    "lbipam.cilium.io/": Unproven("at which address the Service is reached"),
    "kube-vip.io/": Unproven("at which address the Service is reached"),
    "tailscale.com/": Unproven("from where the Service is reached"),
    "service.kubernetes.io/topology-mode": Inert(
        "Kubernetes, topology-aware-routing.md: all endpoints are used where a zone has too few"
    ),
    "service.kubernetes.io/topology-aware-hints": Inert(
        "Kubernetes, topology-aware-routing.md: all endpoints are used where a zone has too few"
    ),
    "service.alpha.kubernetes.io/tolerate-unready-endpoints": Unproven("whether pods that are not ready get requests"),
}
