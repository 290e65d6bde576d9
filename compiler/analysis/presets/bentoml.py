"""BentoML's own metrics, scraped from the pods (BentoML, "Metrics": `bentoml_service_request_…`).

The labels `namespace` and `pod` are those that the Prometheus operator's PodMonitor writes. The pods count themselves:
what never reached one is not in it.
"""

from __future__ import annotations

from compiler.analysis.counted_metrics import CountedMetrics, Labels
from compiler.analysis.target import MetricsTarget

NAME = "bentoml"


def scraped_pods(target: MetricsTarget) -> tuple[Labels, ...]:
    """The track's pods."""
    return ((f'namespace="{target.namespace}",pod=~"{target.pod}"',),)


METRICS = CountedMetrics(
    "bentoml_service_request_total",
    "bentoml_service_request_duration_seconds_bucket",
    "http_response_code",
    scraped_pods,
)
