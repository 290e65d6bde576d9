"""ingress-nginx: requests by Ingress and Service (`docs/user-guide/monitoring.md`).

What a canary Ingress takes over is counted under the Service of the main Ingress; only the label `canary` names the
Service that answered, as `NAMESPACE-SERVICE-PORT` (`rootfs/etc/nginx/lua/monitor.lua`, `lua/balancer.lua`, and
`upstreamName` in `internal/ingress/controller/util.go`). It is empty for all other requests.

Prometheus renames the labels `namespace` and `service` to `exported_…` where the scrape's own labels win
(`honor_labels: false`, which is the default): both forms are asked for. The times go from the first byte read of a
request to the last byte sent of its answer.
"""

from __future__ import annotations

from compiler.analysis.counted_metrics import CountedMetrics, Labels
from compiler.analysis.target import MetricsTarget

NAME = "ingressNginx"


def service_labels(target: MetricsTarget) -> tuple[Labels, ...]:
    """The track's own Service, as the one of an Ingress and as the one of a canary Ingress."""
    canary = f'canary=~"{target.namespace}-({target.service})-[^-]+"'
    return tuple(
        (
            f'{prefix}namespace="{target.namespace}",{prefix}service=~"{target.service}",canary=""',
            f'{prefix}namespace="{target.namespace}",{canary}',
        )
        for prefix in ("", "exported_")
    )


METRICS = CountedMetrics(
    "nginx_ingress_controller_requests",
    "nginx_ingress_controller_request_duration_seconds_bucket",
    "status",
    service_labels,
)
