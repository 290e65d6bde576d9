"""What a strategy is: a model of its part of the spec, its rules, how it lowers, and its course as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from compiler.diagnostics.model import Path, Problem
from compiler.model.course import Refusal, Step, Subject
from compiler.model.manifest import Object
from compiler.model.objects import mapping_items, nested_value, object_labels
from compiler.model.provenance import derived
from compiler.model.topology import Topology
from compiler.model.tracks import ShownTracks
from compiler.spec.base import Model
from compiler.spec.container import Version


class Strategy(Protocol):
    """One file of this folder. A module is one: these are its names."""

    @property
    def IN_PLACE(self) -> bool:  # noqa: N802 - a module's constant
        """Whether a new version may replace another one in its track; if not, a second track is there for it."""
        ...

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def SPEC(self) -> type[Model]: ...  # noqa: N802 - a module's constant

    def check(self, subject: Subject[Any]) -> Sequence[Problem]:
        """What is wrong beyond shape and ranges; empty if `lower` may be called."""
        ...

    def lower(self, subject: Subject[Any]) -> Topology:
        """The tracks and the division of requests that the spec asks for."""
        ...

    def position(self, subject: Subject[Any]) -> str:
        """Where the course stands, in a few words: `released`, `canary 25 %`."""
        ...

    def start(self, subject: Subject[Any], incoming: Mapping[str, Any]) -> Step | Refusal:
        """The commit that brings a new version in."""
        ...

    def ahead(self, subject: Subject[Any], /) -> tuple[Step, ...]:
        """The commits from here to the end of the course, in order; none where no course is open."""
        ...

    def abort(self, subject: Subject[Any]) -> Step | Refusal:
        """The commit that takes all requests away from the incoming version."""
        ...

    def tracks(self, subject: Subject[Any]) -> Mapping[str, Version]:
        """Each track that holds a version now."""
        ...

    def tracks_of(self, objects: Sequence[Object], /) -> ShownTracks | None:
        """The tracks that objects of one release show; None where this strategy has not made them."""
        ...

    def peak(self, subject: Subject[Any]) -> int:
        """The most pods that a course of this release asks for at once, surge included."""
        ...


def workloads_by_label(objects: Sequence[Object], label: str) -> dict[str, Object]:
    """The Deployments that run something, by the value of their label; "" for those that have none."""
    return {
        str(object_labels(obj).get(label, "")): obj
        for obj in objects
        if obj.get("kind") == "Deployment" and containers_of(obj)
    }


def containers_of(workload: Object) -> Sequence[Mapping[str, Any]]:
    """The containers of a workload's pods; none where somebody has taken the workload's form away."""
    return list(mapping_items(nested_value(workload, "spec", "template", "spec", "containers")))


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
