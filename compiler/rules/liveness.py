"""A liveness probe that restarts pods which still start."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.diagnostics.model import Problem
from compiler.spec.presets import PROBE_PERIOD, merged_probe, preset_of, timing_of
from compiler.spec.release import ReleaseSpec


def check_liveness(spec: ReleaseSpec) -> Iterator[Problem]:
    """A warning where a pod that may still start is restarted as dead: no startup probe holds the liveness probe back.

    Source: Kubernetes, docs "Configure Liveness, Readiness and Startup Probes"; both defaults are of its API.
    """
    container, preset = spec.container, preset_of(spec.container)
    start_is_set = container.startup_seconds is not None or container.probes.startup == "off"
    if not start_is_set or merged_probe(preset.startup, container.probes.startup) is not None:
        return
    live, startup = merged_probe(preset.liveness, container.probes.liveness), timing_of(spec).startup
    if live is None:
        return
    borne = (live.initial_delay_seconds or 0) + (live.period_seconds or PROBE_PERIOD) * (live.failure_threshold or 3)
    if borne < startup:
        yield Problem(
            "liveness-before-start",
            f"the liveness probe restarts a pod after {borne} s, and it may take {startup} s to start",
            ("spec", "container", "probes"),
            "let a `startup` probe ask first, or raise the liveness probe's `initialDelaySeconds`",
            severity="warning",
            on_key=True,
        )
