"""ingress-nginx: requests by Ingress and Service (`docs/user-guide/monitoring.md`).

Prometheus renames the labels `namespace` and `service` to `exported_…` where the scrape's own labels win
(`honor_labels: false`, which is the default): both forms are asked for. The times go from the first byte read of a
request to the last byte sent of its answer.
"""

from __future__ import annotations

from compiler.analysis.counted_metrics import CountedMetrics
from compiler.analysis.target import MetricsTarget

NAME = "ingressNginx"


def service_labels(target: MetricsTarget) -> tuple[str, ...]:
    """The track's own Service, whichever Ingress led there."""
    return tuple(
        f'{prefix}namespace="{target.namespace}",{prefix}service=~"{target.service}"' for prefix in ("", "exported_")
    )


METRICS = CountedMetrics(
    "nginx_ingress_controller_requests",
    "nginx_ingress_controller_request_duration_seconds_bucket",
    "status",
    service_labels,
)
