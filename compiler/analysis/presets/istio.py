"""Istio: its standard metrics, as the pods' own sidecars report them (`docs/reference/config/metrics`)."""

from __future__ import annotations

from compiler.analysis.promql_forms import growth, growth_or_zero, histogram_percentile
from compiler.analysis.target import MetricsTarget

NAME = "istio"
REQUESTS = "istio_requests_total"
BUCKETS = "istio_request_duration_milliseconds_bucket"


def destination(target: MetricsTarget) -> str:
    return (
        f'reporter="destination",destination_workload_namespace="{target.namespace}",'
        f'destination_workload="{target.workload}"'
    )


def request_count(target: MetricsTarget, window: int) -> str:
    """By the Deployment that answered."""
    return growth(f"{REQUESTS}{{{destination(target)}}}", window)


def error_count(target: MetricsTarget, window: int) -> str:
    """Statuses of 500 and more."""
    labels = destination(target)
    return growth_or_zero(f'{REQUESTS}{{{labels},response_code=~"5.."}}', f"{REQUESTS}{{{labels}}}", window)


def latency(target: MetricsTarget, window: int, percentile: float) -> str | None:
    """Istio counts milliseconds."""
    return f"{histogram_percentile(f'{BUCKETS}{{{destination(target)}}}', window, percentile)} / 1000"
