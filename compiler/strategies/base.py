"""What a strategy is: a model of its part of the spec, its rules, how it lowers, and its course as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from compiler.diagnostics.model import Path, Problem
from compiler.model.manifest import Origin
from compiler.model.provenance import derived, traced
from compiler.model.topology import Topology
from compiler.spec.base import Model
from compiler.spec.container import Version
from compiler.spec.release import Release

STRATEGY: Final[Path] = ("spec", "strategy")


@dataclass(frozen=True, slots=True)
class Membership:
    """A release's place in its group: the colour that is active for all, and where it finds the other members."""

    group: str
    active: str
    entry: bool
    callees: tuple[str, ...]
    """the names of the other members"""
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
class Subject:
    """What a strategy lowers: the release, its own part of the spec, and the group, where there is one."""

    release: Release
    spec: Any
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
        return spec.replicas or derived(1, spec, via="default")

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
    says: str
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


class Strategy(Protocol):
    """One file of this folder. A module is one: these are its names."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def SPEC(self) -> type[Model]: ...  # noqa: N802 - a module's constant

    def check(self, subject: Subject) -> Sequence[Problem]:
        """What is wrong beyond shape and ranges; empty if `lower` may be called."""
        ...

    def lower(self, subject: Subject) -> Topology:
        """The tracks and the division of requests that the spec asks for."""
        ...

    def position(self, subject: Subject) -> str:
        """Where the course stands, in a few words: `released`, `canary 25 %`."""
        ...

    def start(self, subject: Subject, incoming: Mapping[str, Any]) -> Step | Refusal:
        """The commit that brings a new version in."""
        ...

    def ahead(self, subject: Subject, /) -> tuple[Step, ...]:
        """The commits from here to the end of the course, in order; none where no course is open."""
        ...

    def abort(self, subject: Subject) -> Step | Refusal:
        """The commit that takes all requests away from the incoming version."""
        ...

    def tracks(self, subject: Subject) -> Mapping[str, Version]:
        """Each track that holds a version now."""
        ...

    def peak(self, subject: Subject) -> int:
        """The most pods that a course of this release asks for at once, surge included."""
        ...


def version_without_course_keys(version: Version) -> dict[str, Any]:
    """A version as the spec writes it, without what only a course needs."""
    data = version.model_dump(by_alias=True, exclude_unset=True, mode="json", include=set(Version.model_fields))
    data.pop("aborted", None)
    return data


def major_change_problem(strategy: str, path: Path) -> Problem:
    """Two contracts would answer one request class: the two strategies that suit (design.md, "Major changes")."""
    return Problem(
        "major-needs-versions",
        f"{strategy} cannot carry a major change: both contracts would answer the same requests",
        (*path, "change"),
        "use `versioned` (/v1 beside /v2), or `blueGreen` in a group that switches clients and API as one",
    )


def next_contract(own: Version, other: Version | None) -> int:
    """The contract of a track: as written; else one more than the other track's for a major change."""
    if own.contract is not None:
        return own.contract
    base = 1 if other is None or other.contract is None else other.contract
    return derived(base + 1, own.change) if own.change == "major" else base
