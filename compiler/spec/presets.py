"""What a preset sets: how a kind of server is started, probed and drained. Each value can be overridden in the spec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from compiler.model.provenance import derived
from compiler.spec.container import NO_PORT, Container, Probe
from compiler.spec.release import ReleaseSpec


@dataclass(frozen=True, slots=True)
class Preset:
    """Defaults of a container; times in seconds."""

    via: str
    """through what its values come into an object"""
    args: tuple[str, ...] | None
    port: int
    startup: Probe | None
    readiness: Probe
    liveness: Probe | None
    startup_seconds: int
    longest_request_seconds: int
    drain_seconds: int = 15
    """preStop sleep: longer than endpoints and gateways need to learn that the pod goes (5 s, and slow gateways)"""
    user: int | None = None
    """the number of the user that its images run as, where they only name it"""


PROBE_PERIOD: Final = 10
"""`model_construct` below: what is validated on import has a validator built for it, 5 ms"""

BENTOML: Final = Preset(
    # `bentoml serve`, its probes and its 60 s request timeout: docs.bentoml.com, "bentoml serve" and "Configurations"
    via="preset bentoml",
    args=("bentoml", "serve", "--port", "3000"),
    port=3000,
    startup=Probe.model_construct(path="/livez", period_seconds=PROBE_PERIOD),
    readiness=Probe.model_construct(path="/readyz", period_seconds=5, timeout_seconds=5),
    liveness=Probe.model_construct(path="/livez", period_seconds=10, timeout_seconds=5),
    startup_seconds=300,
    longest_request_seconds=60,
    # BENTO_USER_UID of the Dockerfile that BentoML generates
    user=1034,
)
HTTP: Final = Preset(
    via="preset http",
    args=None,
    port=8080,
    startup=Probe.model_construct(path="/healthz", period_seconds=PROBE_PERIOD),
    readiness=Probe.model_construct(path="/healthz", period_seconds=5, timeout_seconds=3),
    liveness=Probe.model_construct(path="/healthz", period_seconds=10, timeout_seconds=3),
    startup_seconds=60,
    longest_request_seconds=30,
)
NONE: Final = Preset(
    via="default",
    args=None,
    port=8080,
    startup=None,
    readiness=Probe.model_construct(tcp=True, period_seconds=5),
    liveness=None,
    startup_seconds=60,
    longest_request_seconds=30,
)
PRESETS: Final = {"bentoml": BENTOML, "http": HTTP}


def preset_of(container: Container) -> Preset:
    """The container's preset; without one, what any server can bear. A name that is none was refused before."""
    if container.preset is None:
        return derived(NONE, container, via=NONE.via)
    preset = PRESETS[container.preset]
    return derived(preset, container.preset, via=preset.via)


@dataclass(frozen=True, slots=True)
class Timing:
    """A pod's times in seconds: how long it may start, answer one request, and wait before it stops."""

    startup: int
    longest_request: int
    drain: int

    @property
    def grace(self) -> int:
        """preStop counts against the grace period (Kubernetes, Pod lifecycle), so both must fit, and some spare."""
        return self.drain + self.longest_request + 15


def timing_of(spec: ReleaseSpec) -> Timing:
    """A request may last as long as the spec says; else as the preset allows, or the router, if that is longer."""
    container, preset = spec.container, preset_of(spec.container)
    # who has no endpoints waits for nobody to forget them
    drain = 0 if container.port == NO_PORT else preset.drain_seconds
    longest = max(preset.longest_request_seconds, spec.expose.timeout_seconds or 0)
    return Timing(
        startup=container.startup_seconds or preset.startup_seconds,
        longest_request=first_defined(container.longest_request_seconds, longest),
        drain=first_defined(container.drain_seconds, drain),
    )


def first_defined(value: int | None, fallback: int) -> int:
    return fallback if value is None else value


PLAIN_WAY: Final[dict[str, object]] = {"headers": {}, "scheme": None, "host": None, "service": None}


def merged_probe(preset: Probe | None, wanted: Probe | Literal["off"] | None) -> Probe | None:
    """The wanted probe over the preset's: another way of probing replaces the preset's way, the times stay."""
    if wanted == "off" or (wanted is not None and wanted.off):
        return None
    if wanted is None or preset is None:
        return wanted or preset
    update = {name: getattr(wanted, name) for name in wanted.model_fields_set}
    if {"path", "tcp", "grpc", "command"} & set(update):
        preset = preset.model_copy(update={"path": None, "tcp": False, "grpc": False, "command": (), **PLAIN_WAY})
    return preset.model_copy(update=update)
