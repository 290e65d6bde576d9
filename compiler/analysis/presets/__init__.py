"""Whose metrics the presets read: one file for each source, by the names that a spec gives them."""

from __future__ import annotations

from typing import Final, Protocol

from compiler.analysis.presets import bentoml, envoy_gateway, ingress_nginx, istio, traefik
from compiler.analysis.target import MetricsTarget


class MetricsPreset(Protocol):
    """What a file of this folder has as METRICS. Each answer is PromQL over `window` seconds."""

    def request_count(self, target: MetricsTarget, window: int, /) -> str:
        """How many requests the track answered."""
        ...

    def error_count(self, target: MetricsTarget, window: int, /) -> str:
        """How many of them it answered with a status of 500 or more."""
        ...

    def latency(self, target: MetricsTarget, window: int, percentile: float, /) -> str | None:
        """The percentile of the time of an answer, in seconds; None: it does not measure that."""
        ...


METRICS_PRESETS: Final[dict[str, MetricsPreset]] = {
    source.NAME: source.METRICS for source in (ingress_nginx, istio, traefik, envoy_gateway, bentoml)
}
