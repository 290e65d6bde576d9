"""What a traffic provider writes from, and the Services that all of them stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from compiler.diagnostics.model import Path, Problem
from compiler.model.frame import RELEASE, TRACK, Frame
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.provenance import derived
from compiler.model.topology import ShareMechanism, Split, Stage, Topology
from compiler.spec.expose import Expose, FurtherService, NamedServicePort, ServicePort, ServicePorts
from compiler.spec.ports import MAIN_PORT, NamedPort

EXPOSE: Path = ("spec", "expose")
Capability = Literal["bodySize", "deprecation", "grpc", "weight"]
"""What some providers write and others cannot: a limit for bodies, headers that announce a retirement, routes of calls
by service and method, shares by weight.
"""
BAD_SEQUENCES = re.compile(r"//|/\./|/\.\./|/\.\.?$|%2[fF]")
"""What no path of an Ingress or an HTTPRoute may hold, unless its controller interprets it.

Source: Kubernetes, pkg/apis/networking/validation `invalidPathSequences`, `invalidPathSuffixes`; Gateway API,
apis/v1/httproute_types.go `HTTPPathMatch`.
"""


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a provider writes from: a topology, how the release wants to be reached, and the provider's own settings."""

    frame: Frame
    topology: Topology
    expose: Expose
    settings: Any
    tls_secret: str | None
    longest_request: int
    """seconds that an answer may take"""
    ports: tuple[NamedPort, ...]
    """what the container declares"""
    main: NamedPort
    """the port that requests come to"""
    capable: Mapping[Capability, tuple[str, ...]]
    """the names of the providers that can do each, of all that there are"""
    beside: frozenset[str] = frozenset()
    """the other providers of the environment, while it moves from one to another"""

    @property
    def release(self) -> str:
        return self.frame.release

    @property
    def hosts(self) -> tuple[str, ...]:
        """The release's host names; none means every host of the listener or controller."""
        first = () if self.expose.host is None else (self.expose.host,)
        return tuple(dict.fromkeys((*first, *self.expose.hosts)))

    def hosts_of(self, split: Split) -> tuple[str, ...]:
        return self.hosts if split.match.host is None else (split.match.host,)

    def rules_of(self, split: Split) -> tuple[tuple[str, str], ...]:
        """The paths of the split's requests, each with its type."""
        return self.expose.rules if split.match.path is None else ((split.match.path, self.expose.path_type),)

    def rules_at(self, split: Split, host: str) -> tuple[tuple[str, str], ...]:
        """The paths of the split's requests at one host, each with its type."""
        return self.expose.rules_at(host) if split.match.path is None else self.rules_of(split)

    def path_of(self, split: Split) -> str:
        """The first of the split's paths."""
        return self.rules_of(split)[0][0]

    def strips(self, split: Split) -> bool:
        """Whether a path of the split is taken off its requests."""
        return any(self.strips_path(path) for path, _ in self.rules_of(split))

    def strips_path(self, path: str) -> bool:
        """Whether the path is taken off its requests: of the root there is nothing to take."""
        return self.expose.strip_prefix and path.strip("/") != ""

    @property
    def tls_secrets(self) -> tuple[str, ...]:
        """The Secrets of the release's certificates."""
        tls = self.expose.tls
        if tls is not None and tls.secrets is not None:
            return tuple(tls.secrets)
        return () if self.tls_secret is None else (self.tls_secret,)


def track_service_name(exposure: Exposure, track: str) -> str:
    return derived(f"{exposure.release}-{track}", exposure.release)


def suffixed(release: str, suffix: str) -> str:
    """The release's name, followed by the suffix if there is one."""
    return derived(f"{release}-{suffix}", release) if suffix else release


def split_service_name(exposure: Exposure, split: Split) -> str:
    return suffixed(exposure.release, split.name) if split.name else exposure.frame.service


def route_name(exposure: Exposure, suffix: str) -> str:
    return suffixed(exposure.release, suffix) if suffix else exposure.frame.kept_name("route")


def track_selector(exposure: Exposure, split: Split, track: str) -> dict[str, str]:
    """The labels of a track's pods, also of a track that holds no version: a route may name its Service."""
    workload, identity = exposure.topology.workload(track), exposure.frame.identity
    if workload is not None:
        return exposure.frame.selector(workload)
    if identity is not None and identity.selects and exposure.topology.adopted is None:
        # the track that kept names and labels from before: its pods may still be there
        return {RELEASE: exposure.release, TRACK: track}
    return {"app": exposure.release, track_label_key(exposure.topology, track, split): track}


def track_services(exposure: Exposure, split: Split) -> list[Manifest]:
    """A fixed Service for each track of the split, also for one that holds no version: a route may name it.

    A node port leads past the router: to the first track of a weighted split, which serves before and after a course.
    """
    return [
        service_manifest(
            exposure,
            track_service_name(exposure, share.track),
            track_selector(exposure, split, share.track),
            fixed_service_stage(exposure),
            Origin(split.path, "strategy"),
            node_port=split.by is ShareMechanism.WEIGHT and share is split.shares[0],
        )
        for share in sorted(split.shares, key=lambda share: share.track)
    ]


def fixed_service_stage(exposure: Exposure) -> Stage:
    """When a Service that stays is applied: before all that names it.

    Where names and labels from before are kept its selector changes once, with the track: when the new pods are there.
    """
    return Stage.TRACKS if exposure.frame.identity is None else Stage.ROUTE


def track_label_key(topology: Topology, track: str, split: Split) -> str:
    """The key of a track's label, also for a track without a workload: its siblings have it."""
    own = topology.workload(track)
    siblings = (topology.workload(share.track) for share in split.shares)
    return next(workload.label for workload in (own, *siblings) if workload is not None)


def pool_service(exposure: Exposure, split: Split) -> Manifest:
    """One Service over all tracks of the split; over a single track, of that track's pods alone.

    The release's own Service over a single track may have selected another one before (a move from another
    strategy): it is applied when routes are.
    """
    alone = len(split.shares) == 1
    selector = track_selector(exposure, split, split.chosen) if alone else exposure.frame.pool_selector()
    stage = Stage.ROUTE if alone and not split.name else fixed_service_stage(exposure)
    name = split_service_name(exposure, split)
    return service_manifest(exposure, name, selector, stage, Origin(split.path, "strategy"), node_port=True)


def switch_service(exposure: Exposure, split: Split) -> Manifest:
    """One Service whose selector is the switch: it is applied when routes are."""
    selector = track_selector(exposure, split, split.chosen)
    name = split_service_name(exposure, split)
    return service_manifest(
        exposure, name, selector, split.stage, Origin(split.path, "strategy"), node_port=split.name == ""
    )


def entry_services(exposure: Exposure) -> list[Manifest]:
    """The Service that clients call by a name from before, where no split writes it, and those beside it."""
    identity, further = exposure.frame.identity, further_services(exposure)
    if identity is None or identity.service is None:
        return further
    selector, origin = serving_selector(exposure), Origin(exposure.topology.splits[0].path, "strategy")
    return [service_manifest(exposure, identity.service, selector, Stage.ROUTE, origin, node_port=True), *further]


def service_manifest(
    exposure: Exposure, name: str, selector: dict[str, str], stage: Stage, origin: Origin, *, node_port: bool
) -> Manifest:
    wanted, identity = exposure.expose.service, exposure.frame.identity
    if identity is not None and identity.service is not None:
        # the one that clients know has the address
        node_port = name == identity.service
    ports = service_ports(exposure, wanted.ports) if wanted.ports else [single_port(exposure, wanted)]
    if not node_port:
        ports = [{key: value for key, value in port.items() if key != "nodePort"} for port in ports]
    kind = wanted.type if node_port else "ClusterIP"
    obj: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": exposure.frame.metadata(
            name,
            stage,
            labels=exposure.frame.kept_labels("service") if name == exposure.frame.service else None,
            annotations=wanted.annotations,
        ),
        "spec": {"type": kind, "selector": selector, "ports": ports},
    }
    return Manifest(obj, origin)


def single_port(exposure: Exposure, wanted: ServicePort) -> Object:
    """The one port of a Service that names none."""
    port: Object = {
        "name": MAIN_PORT,
        "protocol": exposure.main.protocol,
        "appProtocol": wanted.app_protocol,
        "port": wanted.port,
        "targetPort": exposure.main.name,
    }
    return port if wanted.node_port is None else {**port, "nodePort": wanted.node_port}


def service_ports(exposure: Exposure, ports: ServicePorts) -> list[Object]:
    """The named ports of a Service; what one does not say follows the container's port of the same name."""
    first = next(iter(ports))
    return [
        service_port(exposure, name, port, exposure.main.name if name == first else name)
        for name, port in ports.items()
    ]


def service_port(exposure: Exposure, name: str, port: int | NamedServicePort, fallback: str) -> Object:
    wanted = port if isinstance(port, NamedServicePort) else NamedServicePort(port=port)
    known = {each.name: each.protocol for each in exposure.ports}
    target = wanted.target_port or (name if name in known else fallback)
    written: Object = {"name": derived(name, port), "protocol": wanted.protocol or known.get(str(target), "TCP")}
    if wanted.app_protocol is not None:
        written["appProtocol"] = wanted.app_protocol
    written |= {"port": wanted.port, "targetPort": target}
    return written if wanted.node_port is None else {**written, "nodePort": wanted.node_port}


def further_services(exposure: Exposure) -> list[Manifest]:
    """The Services beside the release's own: of the pods that serve, or of all."""
    return [further_service(exposure, name, wanted) for name, wanted in exposure.expose.services.items()]


def further_service(exposure: Exposure, name: str, wanted: FurtherService) -> Manifest:
    selector = serving_selector(exposure) if wanted.pods == "serving" else all_tracks_selector(exposure)
    spec: Object = {"type": wanted.type, **({"clusterIP": derived("None", wanted.headless)} if wanted.headless else {})}
    spec |= {"selector": selector, "ports": service_ports(exposure, wanted.ports)}
    obj: Object = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": exposure.frame.metadata(name, Stage.ROUTE, labels=wanted.labels, annotations=wanted.annotations),
        "spec": spec,
    }
    return Manifest(obj, Origin((*EXPOSE, "services", name)))


def all_tracks_selector(exposure: Exposure) -> dict[str, str]:
    workloads = exposure.topology.workloads
    alone = len(workloads) == 1 and workloads[0].adopted is not None
    return exposure.frame.selector(workloads[0]) if alone else exposure.frame.pool_selector()


def serving_selector(exposure: Exposure) -> dict[str, str]:
    """The pods that clients of a fixed name reach: of a weighted split those of the first track, which is full before,
    during and after a course; of tracks with requests of their own those of the oldest.
    """
    first = exposure.topology.splits[0]
    if first.by is ShareMechanism.PODS and len(first.shares) > 1:
        return exposure.frame.pool_selector()
    return track_selector(exposure, first, first.shares[0].track if first.by is ShareMechanism.WEIGHT else first.chosen)


def unannounced_deprecations(exposure: Exposure, why: str) -> list[Problem]:
    """A warning for each deprecation that no answer carries, `why` completing "is deprecated, but …"."""
    able = " or ".join(exposure.capable["deprecation"])
    return [
        Problem(
            "retirement-not-announced",
            f"{split.name} is deprecated, but {why}",
            split.path,
            f"tell clients in another way, or move to {able}, which writes `Deprecation` and `Sunset`",
            severity="warning",
            on_key=True,
        )
        for split in exposure.topology.splits
        if split.retirement is not None
    ]


def distinct_manifests(manifests: Iterable[Manifest]) -> list[Manifest]:
    """Each object once, in order: two splits, or two providers while moving, may stand on the same Service."""
    seen: dict[tuple[str, str], Manifest] = {}
    for manifest in manifests:
        seen.setdefault((manifest.kind, manifest.name), manifest)
    return list(seen.values())
