"""What moves and how: a release with its strategy's spec, the steps and edits of its course, the tracks that show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object, Origin
from compiler.model.provenance import derived, traced

if TYPE_CHECKING:
    from compiler.source import Document
    from compiler.spec.release import Release

SpecT_co = TypeVar("SpecT_co", covariant=True)
"""The model of a strategy's own part of the spec."""
STRATEGY: Final[Path] = ("spec", "strategy")


@dataclass(frozen=True, slots=True)
class Membership:
    """A release's place in its group: the color that is active for all, and where it finds the other members."""

    group: str
    active: str
    entry: bool
    callees: tuple[str, ...]
    """the names of the other members"""
    document: Document
    """the group's spec"""
    port: Mapping[str, int] = field(default_factory=dict)
    """each callee's Service port"""


def traced_membership(membership: Membership | None) -> Membership | None:
    """The membership with values that know their lines in the group's spec."""
    if membership is None:
        return None
    return replace(
        membership,
        group=traced(membership.group, group_origin("metadata", "name")),
        active=traced(membership.active, group_origin("spec", "active")),
        callees=traced(membership.callees, group_origin("spec", "members")),
    )


def group_origin(*path: str) -> Origin:
    return Origin(path, "group", "group")


@dataclass(frozen=True, slots=True)
class Subject(Generic[SpecT_co]):
    """What a strategy lowers: the release, the strategy's own part of the spec, and the group, where there is one."""

    release: Release
    spec: SpecT_co
    membership: Membership | None = None

    @property
    def name(self) -> str:
        return self.release.metadata.name

    def replicas(self) -> int:
        """Pods that a track is created with outside a course: `replicas`, or the autoscaler's `min`."""
        scale = self.release.spec.autoscale
        return scale.min if scale is not None else self.fixed_replicas()

    def largest(self) -> int:
        """Pods that a track can grow to: `replicas`, or the autoscaler's `max`."""
        scale = self.release.spec.autoscale
        return scale.max if scale is not None else self.fixed_replicas()

    def fixed_replicas(self) -> int:
        spec = self.release.spec
        return derived(1, spec, via="default") if spec.replicas is None else spec.replicas

    def switch_capacity(self) -> int:
        """Pods that each track holds at least while a course is open: `switchAt`, by default the autoscaler's `max`."""
        scale = self.release.spec.autoscale
        if scale is None:
            return self.replicas()
        return scale.switch_at if scale.switch_at is not None else scale.max


@dataclass(frozen=True, slots=True)
class Delete:
    """The value of an edit that removes a key."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a release's spec file: the value at `path` becomes `value`, or goes."""

    path: Path
    value: Any | Delete


@dataclass(frozen=True, slots=True)
class Step:
    """One commit of a course: what it is called, the edits that make it, and how long the one before must soak."""

    name: str
    verb: str
    edits: tuple[Edit, ...]
    summary: str
    pause_seconds: int = 0
    not_before: str | None = None
    """an ISO date: the sunset that was promised to clients"""


HISTORY_HELP: Final = "`shipway history {unit}` lists what served; `shipway rollback {unit} --to REV` goes back there"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a verb does not apply now, and what does: `{unit}` in `help` stands for what the verb was asked of."""

    reason: str
    help: str

    def help_for(self, unit: str) -> str:
        """The help with commands that can be copied; `unit` is ENV/RELEASE or ENV/GROUP."""
        return self.help.replace("{unit}", unit)


@dataclass(frozen=True, slots=True)
class ShownTracks:
    """The Deployments of a release by their tracks, in the order in which every report shows them, and whether a
    course is open between them."""

    workloads: Mapping[str, Object]
    course_open: bool = False


@dataclass(frozen=True, slots=True)
class RequestShares:
    """The percentages of requests without conditions, by Service; None where Services have requests of their own.

    `own` says by Service which requests are its alone: `/v1`, `/ with X-Canary: always`.
    """

    percent: Mapping[str, float] | None
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WatchedTracks:
    """The track that a course brings in, and the one beside it that still has requests; None: there is none."""

    new: str
    baseline: str | None
