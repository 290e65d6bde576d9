"""Probes: the preset's, with what the spec overrides."""

from __future__ import annotations

from typing import Literal

from compiler.assemble.presets import PROBE_PERIOD, Preset, Timing
from compiler.manifest import Object
from compiler.spec.container import Probe, Probes


def probes(preset: Preset, wanted: Probes, timing: Timing, port: int) -> dict[str, Object]:
    """startupProbe, readinessProbe and livenessProbe as a container has them, those that are `off` left out.

    `port` is the container's: a gRPC probe takes no port by its name (Kubernetes, GRPCAction).
    """
    startup = merged(preset.startup, wanted.startup)
    if startup is not None and startup.failure_threshold is None:
        period = startup.period_seconds or PROBE_PERIOD
        startup = startup.model_copy(
            update={"period_seconds": period, "failure_threshold": -(-timing.startup // period)}
        )
    found = {
        "startupProbe": startup,
        "readinessProbe": merged(preset.readiness, wanted.readiness),
        "livenessProbe": merged(preset.liveness, wanted.liveness),
    }
    return {name: probe_object(probe, port) for name, probe in found.items() if probe is not None}


def merged(preset: Probe | None, wanted: Probe | Literal["off"] | None) -> Probe | None:
    """The wanted probe over the preset's: another way of probing replaces the preset's way, the times stay."""
    if wanted == "off":
        return None
    if wanted is None or preset is None:
        return wanted or preset
    update = wanted.model_dump(exclude_unset=True)
    if {"path", "tcp", "grpc", "command"} & set(update):
        preset = preset.model_copy(update={"path": None, "tcp": False, "grpc": False, "command": ()})
    return preset.model_copy(update=update)


def probe_object(probe: Probe, container_port: int) -> Object:
    port = "http" if probe.port is None else probe.port
    written: Object = {}
    if probe.command:
        written["exec"] = {"command": list(probe.command)}
    elif probe.path is not None:
        written["httpGet"] = {"path": probe.path, "port": port}
    elif probe.grpc:
        written["grpc"] = {"port": probe.port or container_port}
    else:
        written["tcpSocket"] = {"port": port}
    times = {
        "initialDelaySeconds": probe.initial_delay_seconds,
        "periodSeconds": probe.period_seconds,
        "timeoutSeconds": probe.timeout_seconds,
        "failureThreshold": probe.failure_threshold,
        "successThreshold": probe.success_threshold,
    }
    return written | {name: value for name, value in times.items() if value is not None}
