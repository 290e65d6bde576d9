"""How pods run: what a StatefulSet cannot do, and a liveness probe that restarts pods which still start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.objects import mapping_or_empty
from compiler.spec.documents import ReleaseDocument
from compiler.spec.presets import PROBE_PERIOD, merged_probe, preset_of, timing_of
from compiler.spec.release import ReleaseSpec
from compiler.strategies import STRATEGIES, rolling

STATEFUL: Final[Path] = ("spec", "stateful")
SURGE: Final = {"max_surge": "maxSurge", "max_unavailable": "maxUnavailable"}


def check_stateful(source: ReleaseDocument) -> Iterator[Problem]:
    """What a StatefulSet cannot do: its pods have names and claims of which there is one each."""
    spec, strategy = source.model.spec, source.strategy
    if spec.stateful is None:
        return
    if strategy.name != rolling.NAME:
        alone = "is only for a Deployment; a StatefulSet replaces its pods one by one"
        second = "runs a second track, but a claim belongs to one pod"
        message = f"`{strategy.name}` {alone if STRATEGIES[strategy.name].ONE_TRACK else second}"
        yield Problem("stateful-strategy", message, strategy.path, "use `rolling`", on_key=True)
    for field, key in SURGE.items():
        if field in strategy.model.model_fields_set:
            message = f"`{key}` is only for a Deployment; a StatefulSet replaces its pods one by one"
            yield Problem("stateful-strategy", message, (*strategy.path, key), "remove it", on_key=True)
    for index, claim in enumerate(spec.stateful.claims):
        if not isinstance(mapping_or_empty(claim.get("metadata")).get("name"), str):
            message = "the claim has no name, and containers need the name to mount its volume"
            place = (*STATEFUL, "claims", index)
            yield Problem("stateful-claim", message, place, "add `metadata: {name: data}`", on_key=True)
    if spec.autoscale is not None:
        message = "when an autoscaler removes a pod, its claim and its data stay behind"
        yield Problem("stateful-autoscale", message, ("spec", "autoscale"), "write `replicas`", on_key=True)


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
            f"the liveness probe restarts a pod after {borne} s, but the pod may take {startup} s to start",
            ("spec", "container", "probes"),
            "add a `startup` probe, or raise the liveness probe's `initialDelaySeconds`",
            severity="warning",
            on_key=True,
        )
