"""Traefik 3: requests by service, whose name is made of the Kubernetes Service's (`observability/metrics`).

| of | name |
|---|---|
| an Ingress | `NAMESPACE-SERVICE-PORT@kubernetes` |
| an HTTPRoute, to 3.2 | `NAMESPACE-SERVICE-PORT@kubernetesgateway` |
| an HTTPRoute, to 3.7.8 | `NAMESPACE-SERVICE-http-PORT@kubernetesgateway` |
| an HTTPRoute, since then | `httproute-…-svc-NAMESPACE-SERVICE-INDEX@kubernetesgateway` |

Sources, below `pkg/provider`: `loadService` in `kubernetes/gateway/httproute.go`, `kubernetes/ingress/kubernetes.go`,
and `Normalize` in `configuration.go`, which makes one dash of several. The names that Traefik gives to the canaries of
its provider for ingress-nginx have no Service in them (`kubernetes/ingress-nginx/translator.go`).
"""

from __future__ import annotations

from compiler.analysis.counted_metrics import CountedMetrics, Labels
from compiler.analysis.target import MetricsTarget

NAME = "traefik"


def service_name_labels(target: MetricsTarget) -> tuple[Labels, ...]:
    """The track's own Service."""
    service = f"{target.namespace}-({target.service})".replace("-", "-+")
    short, long = f"{service}-(http-)?([0-9]+|http)", f"httproute-.+-svc-{service}-[0-9]+"
    return ((f'service=~"({short}|{long})(@.+)?"',),)


METRICS = CountedMetrics(
    "traefik_service_requests_total", "traefik_service_request_duration_seconds_bucket", "code", service_name_labels
)
