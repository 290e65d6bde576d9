"""Istio: its standard metrics (`docs/reference/config/metrics`).

One request is counted by each proxy on its way: by the sidecar of the pod that answers (`reporter="destination"`), by
a waypoint in ambient mode, and by the gateway or the sidecar that sends it (`source`). The nearest to the pod is used:
each alone counts every request that it sees.
"""

from __future__ import annotations

from compiler.analysis.counted_metrics import CountedMetrics, Labels
from compiler.analysis.target import MetricsTarget

NAME = "istio"
REPORTERS = ("destination", "waypoint", "source")


def destination_labels(target: MetricsTarget) -> tuple[Labels, ...]:
    """The Deployment that answered, as each kind of proxy reports it."""
    workload = f'destination_workload_namespace="{target.namespace}",destination_workload="{target.workload}"'
    return tuple((f'reporter="{reporter}",{workload}',) for reporter in REPORTERS)


METRICS = CountedMetrics(
    "istio_requests_total",
    "istio_request_duration_milliseconds_bucket",
    "response_code",
    destination_labels,
    per_second=1000,
)
