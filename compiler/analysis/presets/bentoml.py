"""BentoML's own metrics, scraped from the pods (BentoML, "Metrics": `bentoml_service_request_…`).

The labels `namespace` and `pod` are those that the Prometheus operator's PodMonitor writes.
"""

from __future__ import annotations

from compiler.analysis.promql_forms import growth, growth_or_zero, histogram_percentile
from compiler.analysis.target import MetricsTarget

NAME = "bentoml"
REQUESTS = "bentoml_service_request_total"
BUCKETS = "bentoml_service_request_duration_seconds_bucket"


def scraped_pods(target: MetricsTarget) -> str:
    return f'namespace="{target.namespace}",pod=~"{target.pod}"'


def request_count(target: MetricsTarget, window: int) -> str:
    """By the track's pods, as they count themselves: what never reached one is not in it."""
    return growth(f"{REQUESTS}{{{scraped_pods(target)}}}", window)


def error_count(target: MetricsTarget, window: int) -> str:
    """Statuses of 500 and more."""
    labels = scraped_pods(target)
    return growth_or_zero(f'{REQUESTS}{{{labels},http_response_code=~"5.."}}', f"{REQUESTS}{{{labels}}}", window)


def latency(target: MetricsTarget, window: int, percentile: float) -> str | None:
    """As the server measures it."""
    return histogram_percentile(f"{BUCKETS}{{{scraped_pods(target)}}}", window, percentile)
