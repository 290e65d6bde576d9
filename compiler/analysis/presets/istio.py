"""Istio: its standard metrics, as the pods' own sidecars report them (`docs/reference/config/metrics`)."""

from __future__ import annotations

from compiler.analysis.counted_metrics import CountedMetrics
from compiler.analysis.target import MetricsTarget

NAME = "istio"


def destination_labels(target: MetricsTarget) -> tuple[str, ...]:
    """The Deployment that answered."""
    workload = f'destination_workload_namespace="{target.namespace}",destination_workload="{target.workload}"'
    return (f'reporter="destination",{workload}',)


METRICS = CountedMetrics(
    "istio_requests_total",
    "istio_request_duration_milliseconds_bucket",
    "response_code",
    destination_labels,
    per_second=1000,
)
