"""Traefik 3: requests by service, whose name is made of the Kubernetes Service's (`observability/metrics`).

`NAMESPACE-SERVICE-PORT@kubernetes` for an Ingress, `NAMESPACE-SERVICE-http-PORT@kubernetesgateway` for an HTTPRoute.
"""

from __future__ import annotations

from compiler.analysis.counted_metrics import CountedMetrics
from compiler.analysis.target import MetricsTarget

NAME = "traefik"


def service_name_labels(target: MetricsTarget) -> tuple[str, ...]:
    """The track's own Service."""
    return (f'service=~"{target.namespace}-({target.service})-(http-)?([0-9]+|http)(@.+)?"',)


METRICS = CountedMetrics(
    "traefik_service_requests_total", "traefik_service_request_duration_seconds_bucket", "code", service_name_labels
)
