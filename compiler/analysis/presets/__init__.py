"""Whose metrics the presets read: one file for each source, by the names that a spec gives them."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final, Protocol, cast

from compiler.analysis.presets import bentoml, envoy_gateway, ingress_nginx, istio, traefik
from compiler.analysis.target import MetricsTarget


class MetricsPreset(Protocol):
    """A module of this folder. Each function returns PromQL over `window` seconds; None: it does not measure that."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a module's constant

    def request_count(self, target: MetricsTarget, window: int) -> str:
        """How many requests the track answered."""
        ...

    def error_count(self, target: MetricsTarget, window: int) -> str:
        """How many of them it answered with a status of 500 or more."""
        ...

    def latency(self, target: MetricsTarget, window: int, percentile: float) -> str | None:
        """The percentile of the time of an answer, in seconds."""
        ...


_MODULES: Final[tuple[ModuleType, ...]] = (ingress_nginx, istio, traefik, envoy_gateway, bentoml)
METRICS_PRESETS: Final[dict[str, MetricsPreset]] = {
    preset.NAME: preset for preset in (cast(Any, module) for module in _MODULES)
}
