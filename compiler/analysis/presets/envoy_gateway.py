"""Envoy Gateway: Envoy's counters by endpoint, joined with the pods' addresses of kube-state-metrics.

The clusters of Envoy Gateway stand for a rule, not for one of its backends, so only the endpoints tell the tracks
apart. They are counted where the EnvoyProxy says `telemetry.metrics.enablePerEndpointStats: true`
(Envoy, `configuration/upstream/cluster_manager/cluster_stats`, "Per-endpoint statistics").
"""

from __future__ import annotations

from compiler.analysis.target import MetricsTarget

NAME = "envoyGateway"
ENDPOINT = "envoy_cluster_endpoint"


def endpoint_count(target: MetricsTarget, counter: str, window: int) -> str:
    address = (
        f'label_replace(increase({ENDPOINT}_{counter}[{window}s]), "pod_ip", "$1", "envoy_endpoint_address", '
        '"\\\\[?([^\\\\]]+?)\\\\]?:[0-9]+")'
    )
    return f"sum({address} * on (pod_ip) group_left () max by (pod_ip) ({pods_of(target)}))"


def pods_of(target: MetricsTarget) -> str:
    """The track's pods with their addresses, also where the scrape's own labels win (`honor_labels: false`)."""
    return " or ".join(
        f'kube_pod_info{{{prefix}namespace="{target.namespace}",{prefix}pod=~"{target.pod}"}}'
        for prefix in ("", "exported_")
    )


class EndpointMetrics:
    """Envoy's counters by endpoint; it has no times by endpoint."""

    def request_count(self, target: MetricsTarget, window: int) -> str:
        """Answered or failed, by the addresses of the track's pods.

        `rq_total` does not count a request for which no connection could be made; `rq_error` does.
        """
        return f"{endpoint_count(target, 'rq_success', window)} + {endpoint_count(target, 'rq_error', window)}"

    def error_count(self, target: MetricsTarget, window: int) -> str:
        """What Envoy counts as an error of an endpoint: statuses of 500 and more, and connections that fail."""
        return endpoint_count(target, "rq_error", window)

    def latency(self, _target: MetricsTarget, _window: int, _percentile: float) -> str | None:
        """None."""
        return None


METRICS = EndpointMetrics()
