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
    pods = f'max by (pod_ip) (kube_pod_info{{namespace="{target.namespace}",pod=~"{target.pod}"}})'
    return f"sum({address} * on (pod_ip) group_left () {pods})"


class EndpointMetrics:
    """Envoy's counters by endpoint; it has no times by endpoint."""

    def request_count(self, target: MetricsTarget, window: int) -> str:
        """By the addresses of the track's pods."""
        return endpoint_count(target, "rq_total", window)

    def error_count(self, target: MetricsTarget, window: int) -> str:
        """What Envoy counts as an error of an endpoint: statuses of 500 and more."""
        return endpoint_count(target, "rq_error", window)

    def latency(self, _target: MetricsTarget, _window: int, _percentile: float) -> str | None:
        """None."""
        return None


METRICS = EndpointMetrics()
