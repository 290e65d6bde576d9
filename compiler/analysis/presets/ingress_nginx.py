"""ingress-nginx: requests by Ingress and Service (`docs/user-guide/monitoring.md`).

Prometheus renames the labels `namespace` and `service` to `exported_…` where the scrape's own labels win
(`honor_labels: false`, which is the default): both forms are asked for.
"""

from __future__ import annotations

from compiler.analysis.promql_forms import growth, growth_or_zero, histogram_percentile
from compiler.analysis.target import MetricsTarget

NAME = "ingressNginx"
REQUESTS = "nginx_ingress_controller_requests"
BUCKETS = "nginx_ingress_controller_request_duration_seconds_bucket"


def own_labels(target: MetricsTarget) -> str:
    return f'namespace="{target.namespace}",service=~"{target.service}"'


def exported_labels(target: MetricsTarget) -> str:
    return f'exported_namespace="{target.namespace}",exported_service=~"{target.service}"'


def request_count(target: MetricsTarget, window: int) -> str:
    """The track's own Service is in the label, whichever Ingress led there."""
    return " or ".join(
        growth(f"{REQUESTS}{{{labels}}}", window) for labels in (own_labels(target), exported_labels(target))
    )


def error_count(target: MetricsTarget, window: int) -> str:
    """Statuses of 500 and more."""
    return " or ".join(
        growth_or_zero(f'{REQUESTS}{{{labels},status=~"5.."}}', f"{REQUESTS}{{{labels}}}", window)
        for labels in (own_labels(target), exported_labels(target))
    )


def latency(target: MetricsTarget, window: int, percentile: float) -> str | None:
    """From the first byte read of the request to the last byte sent of its answer."""
    return " or ".join(
        histogram_percentile(f"{BUCKETS}{{{labels}}}", window, percentile)
        for labels in (own_labels(target), exported_labels(target))
    )
