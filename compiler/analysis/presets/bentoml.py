"""BentoML's own metrics, scraped from the pods (BentoML, "Metrics": `bentoml_service_request_…`).

The labels `namespace` and `pod` are those that the Prometheus operator's PodMonitor writes.
"""

from __future__ import annotations

from compiler.analysis.promql_forms import counted, counted_or_zero, histogram_percentile
from compiler.analysis.target import Target

NAME = "bentoml"
REQUESTS = "bentoml_service_request_total"
BUCKETS = "bentoml_service_request_duration_seconds_bucket"


def pod_labels(target: Target) -> str:
    return f'namespace="{target.namespace}",pod=~"{target.pod}"'


def request_count(target: Target, window: int) -> str:
    """By the track's pods, as they count themselves: what never reached one is not in it."""
    return counted(f"{REQUESTS}{{{pod_labels(target)}}}", window)


def error_count(target: Target, window: int) -> str:
    """Statuses of 500 and more."""
    labels = pod_labels(target)
    return counted_or_zero(f'{REQUESTS}{{{labels},http_response_code=~"5.."}}', f"{REQUESTS}{{{labels}}}", window)


def latency(target: Target, window: int, percentile: float) -> str | None:
    """As the server measures it."""
    return histogram_percentile(f"{BUCKETS}{{{pod_labels(target)}}}", window, percentile)
