"""Traefik 3: requests by service, whose name is made of the Kubernetes Service's (`observability/metrics`).

`NAMESPACE-SERVICE-PORT@kubernetes` for an Ingress, `NAMESPACE-SERVICE-http-PORT@kubernetesgateway` for an HTTPRoute.
"""

from __future__ import annotations

from compiler.analysis.promql_forms import growth, growth_or_zero, histogram_percentile
from compiler.analysis.target import MetricsTarget

NAME = "traefik"
REQUESTS = "traefik_service_requests_total"
BUCKETS = "traefik_service_request_duration_seconds_bucket"


def service_label(target: MetricsTarget) -> str:
    return f'service=~"{target.namespace}-({target.service})-(http-)?([0-9]+|http)(@.+)?"'


def request_count(target: MetricsTarget, window: int) -> str:
    """By the track's own Service."""
    return growth(f"{REQUESTS}{{{service_label(target)}}}", window)


def error_count(target: MetricsTarget, window: int) -> str:
    """Statuses of 500 and more."""
    label = service_label(target)
    return growth_or_zero(f'{REQUESTS}{{{label},code=~"5.."}}', f"{REQUESTS}{{{label}}}", window)


def latency(target: MetricsTarget, window: int, percentile: float) -> str | None:
    """As Traefik waits for the service's answer."""
    return histogram_percentile(f"{BUCKETS}{{{service_label(target)}}}", window, percentile)
