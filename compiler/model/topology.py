"""What a strategy says and a provider writes: tracks, their pods, a division of requests. It names no provider.

A strategy lowers a release to a `Topology`. A provider turns each `Split` into Services and routes in its own way:
the same `SWITCH` is two fixed Services with weights 100/0 for one and a Service's selector for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from compiler.diagnostics.model import Path

if TYPE_CHECKING:
    from compiler.spec.container import Version
    from compiler.spec.expose import Expose


class Role(Enum):
    """A track's part in this commit; it decides the wave (design.md, "Waves")."""

    SERVING = "serving"
    """has or gains requests: gated"""
    IDLE = "idle"
    """has no requests, or loses pods: nothing may wait for it"""


class Stage(Enum):
    """When in a sync an object is applied: its value is its wave (design.md, "Waves")."""

    BEFORE = -1
    """Jobs of a version that must succeed before its pods start, and what they read"""
    TRACKS = 0
    """tracks with requests, what their pods read, every fixed Service"""
    GATE = 1
    """the smoke Job of a track that serves"""
    ROUTE = 2
    """what moves requests"""
    IDLE = 3
    """tracks without requests, shrinking tracks, what they read; PDB"""
    PREVIEW = 4
    """what lets requests through to an idle track, and its smoke Job: they wait for that track alone; HPA, for which
    nothing may wait"""


class ShareMechanism(Enum):
    """How a split's shares come about."""

    PODS = "pods"
    """one Service over all the tracks: the ratio of ready pods divides"""
    WEIGHT = "weight"
    """the router divides"""
    SWITCH = "switch"
    """all or nothing: one track has every request"""
    TRACK = "track"
    """no division: each track has a Service of its own, for callers of the same color"""


@dataclass(frozen=True, slots=True)
class AdoptedIdentity:
    """The names and labels that a track's objects had before the release took them over."""

    deployment: str
    autoscaler: str
    budget: str
    selector: Mapping[str, str]
    """the Deployment's own, which is immutable"""
    expressions: tuple[Mapping[str, Any], ...]
    """the Deployment's own `matchExpressions`"""
    labels: Mapping[str, str]
    """further labels of its pods"""
    reached_by: Mapping[str, str]
    """by what Services and budgets find its pods, and no other track's"""


@dataclass(frozen=True, slots=True)
class RollingUpdate:
    """Pods are replaced a few at a time: by how many more, and how many fewer, there may be meanwhile."""

    max_surge: int | str = 1
    max_unavailable: int | str = 0


@dataclass(frozen=True, slots=True)
class Recreate:
    """All old pods end before a new one starts."""


@dataclass(frozen=True, slots=True)
class Workload:
    """One track's pods in this commit."""

    track: str
    label: str
    """the key of the label that holds the track's name: `color` or `track`"""
    name: str
    version: Version
    path: Path
    """where the track stands in the release's spec"""
    replicas: int
    contract: int
    role: Role
    update: RollingUpdate | Recreate = RollingUpdate()
    minimum: int | None = None
    """the HPA's `minReplicas`; None: as the spec's `autoscale` says"""
    environment: Mapping[str, str] = field(default_factory=dict)
    """variables the strategy gives: where callers find their callees"""
    adopted: AdoptedIdentity | None = None

    @property
    def deployment(self) -> str:
        """The Deployment's name: the track's own, unless it ran under another one before."""
        return self.name if self.adopted is None else self.adopted.deployment


@dataclass(frozen=True, slots=True)
class Match:
    """What a request must look like; None means any. `host` None means the release's own hosts."""

    path: str | None = None
    host: str | None = None
    header: tuple[str, str] | None = None
    cookie: str | None = None


def canonical_path(path: str, kind: str) -> str:
    """The path as requests are compared with it: a prefix goes by elements, so a `/` at its end says nothing.

    Source: Kubernetes, Ingress, path types; Gateway API, `PathPrefix`.
    """
    return path.rstrip("/") or "/" if kind == "Prefix" else path


@dataclass(frozen=True, slots=True)
class Share:
    """A track's share of a split, in percent of its requests."""

    track: str
    percent: int


@dataclass(frozen=True, slots=True)
class Retirement:
    """When a path was deprecated and when it goes (ISO dates): RFC 9745 and RFC 8594 response headers."""

    deprecated: str | None
    sunset: str | None


@dataclass(frozen=True, slots=True)
class Split:
    """A set of requests and how the tracks share it.

    `shares` names every track that may ever have a share, also at 0, so that what is emitted stays fixed.
    `pinned` are requests of this split that one track answers whole, whatever the shares.
    """

    name: str
    match: Match
    shares: tuple[Share, ...]
    by: ShareMechanism
    path: Path
    pinned: tuple[tuple[Match, str], ...] = ()
    retirement: Retirement | None = None
    route: str = ""
    """splits of one name share one route object; the name is its suffix"""
    stage: Stage = Stage.ROUTE
    routed: bool = True
    """False: its Services stand without a route"""

    @property
    def chosen(self) -> str:
        """The track with the largest share; of a switch, the one that has it all."""
        return max(self.shares, key=lambda share: share.percent).track


@dataclass(frozen=True, slots=True)
class Topology:
    """A release in one commit: its workloads, how requests are divided, and what is kept for going back."""

    workloads: tuple[Workload, ...]
    splits: tuple[Split, ...]
    gated: bool
    """False: one wave, no prune, nothing waits (rolling, and going back)"""
    retained: tuple[tuple[str, Version, Path], ...] = ()
    """versions whose configuration stays for a rollback: track, version, place in the spec"""

    @property
    def adopted(self) -> Workload | None:
        """The track that keeps names and labels from before, if there still is one."""
        return next((workload for workload in self.workloads if workload.adopted is not None), None)

    @property
    def pools(self) -> bool:
        """Whether one Service stands over several tracks."""
        return any(split.by is ShareMechanism.PODS and len(split.shares) > 1 for split in self.splits)

    def workload(self, track: str) -> Workload | None:
        """The track's workload in this commit, or None where the track holds no version."""
        return next((workload for workload in self.workloads if workload.track == track), None)


def hosts_of(expose: Expose, topology: Topology) -> tuple[str, ...]:
    """Every host that the release answers at: its own, and those of versions and of a preview."""
    first = () if expose.host is None else (expose.host,)
    called = () if expose.grpc is None else expose.grpc.every_host
    apart = (split.match.host for split in topology.splits if split.match.host is not None)
    return tuple(dict.fromkeys((*first, *expose.hosts, *called, *apart)))
