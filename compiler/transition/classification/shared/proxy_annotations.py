"""Annotations by which proxies, meshes and certificate controllers are told what to do with a route or a Service."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.model.classification import Classification, Inert, Unjudged

SERVED = "how the proxy handles the requests"
CERTIFIED = "which certificate is issued, and whether it is"
RESOLVED = "which names lead to the cluster"
ADDRESSED = Unjudged("at which address clients reach the Service", alone=False)
CERT_MANAGER = "cert-manager, docs/usage/ingress.md"
ISSUED_FOR = Unjudged(
    CERTIFIED,
    alone=False,
    remedy="make sure that clients trust the new issuer: the old certificate is shown until it has issued one",
)
PROXY_ANNOTATIONS: Mapping[str, Classification] = {
    "traefik.ingress.kubernetes.io/router.middlewares": Unjudged(
        "through which Middlewares the requests pass",
        alone=False,
        remedy="look at what each Middleware does to requests, in the folder that has it",
    ),
    "traefik.ingress.kubernetes.io/": Unjudged(
        "through which entry points and Middlewares the requests pass", alone=False
    ),
    "haproxy.org/": Unjudged(SERVED, alone=False),
    "haproxy-ingress.github.io/": Unjudged(SERVED, alone=False),
    "projectcontour.io/": Unjudged(SERVED, alone=False),
    "konghq.com/": Unjudged(SERVED, alone=False),
    "getambassador.io/": Unjudged(SERVED, alone=False),
    "nginx.org/": Unjudged(SERVED, alone=False),
    "appprotect.f5.com/": Unjudged(SERVED, alone=False),
    "k8s.apisix.apache.org/": Unjudged(SERVED, alone=False),
    "zalando.org/": Unjudged(SERVED, alone=False),
    "voyager.appscode.com/": Unjudged(SERVED, alone=False),
    "gateway.envoyproxy.io/": Unjudged(SERVED, alone=False),
    "networking.istio.io/": Unjudged(SERVED, alone=False),
    "istio.io/": Unjudged(SERVED, alone=False),
    "linkerd.io/": Unjudged(SERVED, alone=False),
    "config.linkerd.io/": Unjudged(SERVED, alone=False),
    "ingress.kuma.io/": Unjudged(SERVED, alone=False),
    "kuma.io/": Unjudged(SERVED, alone=False),
    "ingress.cilium.io/": Unjudged(SERVED, alone=False),
    "service.cilium.io/": Unjudged("which pods of which clusters answer", alone=False),
    "io.cilium/": Unjudged("which pods of which clusters answer", alone=False),
    "io.cilium/lb-ipam-": ADDRESSED,
    "cert-manager.io/revision-history-limit": Inert(f"{CERT_MANAGER}: how many CertificateRequests are kept"),
    "cert-manager.io/": ISSUED_FOR,
    "acme.cert-manager.io/": ISSUED_FOR,
    "certmanager.k8s.io/": Inert("cert-manager, docs/installation/upgrade: read by versions before 0.11 alone"),
    "external-dns.alpha.kubernetes.io/": Unjudged(RESOLVED, alone=False),
    "external-dns.kubernetes.io/": Unjudged(RESOLVED, alone=False),
    "gatus.home-operations.com/": Inert("gatus-sidecar, README.md: what is probed from outside"),
    "gethomepage.dev/": Inert("homepage, docs/configs/kubernetes.md: what its page shows"),
    "hajimari.io/": Inert("Hajimari, README.md: what its page shows"),
    "forecastle.stakater.com/": Inert("Forecastle, README.md: what its page shows"),
    "monitoring.coreos.com/": Inert("Prometheus operator: what is scraped"),
    "metallb.universe.tf/": ADDRESSED,
    "metallb.io/": ADDRESSED,
    "lbipam.cilium.io/": ADDRESSED,
    "kube-vip.io/": ADDRESSED,
    "tailscale.com/": Unjudged("from where clients can reach the Service", alone=False),
    "service.kubernetes.io/topology-mode": Inert(
        "Kubernetes, topology-aware-routing.md: all endpoints are used where a zone has too few"
    ),
    "service.kubernetes.io/topology-aware-hints": Inert(
        "Kubernetes, topology-aware-routing.md: all endpoints are used where a zone has too few"
    ),
    "service.alpha.kubernetes.io/tolerate-unready-endpoints": Unjudged(
        "whether pods that are not ready get requests", alone=False
    ),
}
