"""Probes: the preset's, with what the spec overrides."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.model.manifest import Object
from compiler.model.provenance import derived
from compiler.spec.container import Container, Probe, Probes
from compiler.spec.ports import NamedPort, main_of
from compiler.spec.presets import PROBE_PERIOD, Preset, Timing, merged_probe, preset_of
from compiler.spec.release import ReleaseSpec


def probes(preset: Preset, container: Container, timing: Timing, ports: Sequence[NamedPort]) -> dict[str, Object]:
    """startupProbe, readinessProbe and livenessProbe as a container has them, those that are `off` left out.

    A container without a port is asked by commands alone.
    """
    wanted, main = container.probes, main_of(container, ports)
    merged = {
        "startupProbe": startup_probe(preset, wanted, timing),
        "readinessProbe": merged_probe(preset.readiness, wanted.readiness),
        "livenessProbe": merged_probe(preset.liveness, wanted.liveness),
    }
    return {
        name: probe_object(probe, ports, main)
        for name, probe in merged.items()
        if probe is not None and (main is not None or probe.command)
    }


def startup_probe(preset: Preset, wanted: Probes, timing: Timing) -> Probe | None:
    """The startup probe, which by default asks as often as the time to start allows."""
    startup = merged_probe(preset.startup, wanted.startup)
    if startup is None or startup.failure_threshold is not None:
        return startup
    period = startup.period_seconds or PROBE_PERIOD
    return startup.model_copy(update={"period_seconds": period, "failure_threshold": -(-timing.startup // period)})


def startup_budget(spec: ReleaseSpec, timing: Timing) -> int:
    """Seconds that a pod may take to start: as the spec says, or its startup probe allows, if that is longer.

    Source: Kubernetes, pkg/kubelet/prober/worker.go (`initialDelaySeconds`, then a probe each `periodSeconds`).
    """
    startup = timing.startup
    probe = merged_probe(preset_of(spec.container).startup, spec.container.probes.startup)
    if probe is None:
        return startup
    delay, period = probe.initial_delay_seconds or 0, probe.period_seconds or PROBE_PERIOD
    return (
        delay + startup if probe.failure_threshold is None else max(startup, delay + period * probe.failure_threshold)
    )


def http_details(probe: Probe) -> Object:
    """What an HTTP probe says beside its path and port."""
    headers = [{"name": derived(name, value), "value": value} for name, value in probe.headers.items()]
    details = {"host": probe.host, "scheme": probe.scheme, "httpHeaders": headers or None}
    return {key: value for key, value in details.items() if value is not None}


def probe_object(probe: Probe, ports: Sequence[NamedPort], main: NamedPort | None) -> Object:
    """The probe; where it names no port it asks the main one. A gRPC probe takes no port by its name (GRPCAction)."""
    port = main.name if probe.port is None and main is not None else probe.port
    numbers = {each.name: each.number for each in ports}
    written: Object = {}
    if probe.command:
        written["exec"] = {"command": list(probe.command)}
    elif probe.path is not None:
        written["httpGet"] = {"path": probe.path, "port": port, **http_details(probe)}
    elif probe.grpc:
        written["grpc"] = derived({"port": numbers.get(str(port), port)}, probe.grpc)
        if probe.service is not None:
            written["grpc"]["service"] = probe.service
    else:
        written["tcpSocket"] = derived({"port": port}, probe.tcp)
    times = {
        "initialDelaySeconds": probe.initial_delay_seconds,
        "periodSeconds": probe.period_seconds,
        "timeoutSeconds": probe.timeout_seconds,
        "failureThreshold": probe.failure_threshold,
        "successThreshold": probe.success_threshold,
    }
    return written | {name: value for name, value in times.items() if value is not None}
