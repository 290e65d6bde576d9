"""What a strategy is: a model of its part of the spec, its rules, how it lowers, and its course as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from compiler.diagnostics.model import Path, Problem
from compiler.model.cost import LargestCounts
from compiler.model.course import Delete, Edit, Refusal, ShownTracks, Step, Subject, WatchedTracks
from compiler.model.frame import RELEASE, TRACK
from compiler.model.manifest import Object
from compiler.model.objects import mapping_items, nested_value, object_labels
from compiler.model.provenance import derived
from compiler.model.topology import AdoptedIdentity, Topology
from compiler.spec.base import Model
from compiler.spec.container import Version
from compiler.spec.identity import SelectorTerm


class Strategy(Protocol):
    """One file of this folder. A module is one: these are its names."""

    @property
    def IN_PLACE(self) -> bool:  # noqa: N802 - a module's constant
        """Whether a new version may replace another one in its track; if not, a second track is there for it."""
        ...

    @property
    def ONE_TRACK(self) -> bool:  # noqa: N802 - a module's constant
        """Whether a release never has a second track: what answers no requests, or rests, has no use for one."""
        ...

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def SPEC(self) -> type[Model]: ...  # noqa: N802 - a module's constant

    @property
    def ADOPTABLE(self) -> re.Pattern[str]:  # noqa: N802 - a module's constant
        """The names of the tracks that a Deployment which ran before can become."""
        ...

    def check(self, subject: Subject[Any]) -> Sequence[Problem]:
        """What is wrong beyond shape and ranges; empty if `lower` may be called."""
        ...

    def lower(self, subject: Subject[Any]) -> Topology:
        """The tracks and the division of requests that the spec asks for."""
        ...

    def position(self, subject: Subject[Any]) -> str:
        """Where the course stands, in a few words: `released`, `canary 25 %`."""
        ...

    def start(self, subject: Subject[Any], new: Mapping[str, Any]) -> Step | Refusal:
        """The commit that brings a new version in."""
        ...

    def ahead(self, subject: Subject[Any], /) -> tuple[Step, ...]:
        """The commits from here to the end of the course, in order; none where no course is open."""
        ...

    def abort(self, subject: Subject[Any]) -> Step | Refusal:
        """The commit that takes all requests away from the new version."""
        ...

    def tracks(self, subject: Subject[Any]) -> Mapping[str, Version]:
        """Each track that holds a version now."""
        ...

    def tracks_of(self, objects: Sequence[Object], /) -> ShownTracks | None:
        """The tracks that objects of one release show; None where this strategy has not made them."""
        ...

    def watched(self, subject: Subject[Any]) -> WatchedTracks | None:
        """The track whose figures decide how a course goes on, and the one it is compared with; None: no course."""
        ...

    def peak(self, subject: Subject[Any]) -> LargestCounts:
        """The most pods of a course of this release, surge included."""
        ...


IDENTITY: Final[Path] = ("spec", "identity")
OVERRIDES_PATH: Final[Path] = ("spec", "overrides")
TRACK_BOUND: Final = ("track", "deployment", "selector", "expressions", "labels", "autoscaler", "budget")
"""What of an identity belongs to the track that keeps it, and goes with it."""


def adopted_identity(subject: Subject[Any], track: str, first: str) -> AdoptedIdentity | None:
    """The names and labels that the track keeps from before, if it is the one; by default that is `first`.

    Where other tracks may stand beside it, Services find its pods by labels that no other track has: the selector from
    before may take the new track's pods too.
    """
    identity = subject.release.spec.identity
    if identity is None or not identity.selects or (identity.track or first) != track:
        return None
    own = track_name(subject, track)
    deployment = identity.deployment or own
    return AdoptedIdentity(
        deployment=deployment,
        autoscaler=identity.autoscaler or deployment,
        budget=identity.budget or deployment,
        selector=identity.selector,
        expressions=tuple(map(selector_term, identity.expressions)),
        labels=identity.labels,
        reached_by={RELEASE: subject.name, TRACK: derived(track, identity)},
    )


def selector_term(term: SelectorTerm) -> dict[str, Any]:
    """A term as a LabelSelector has it."""
    values = {"values": list(term.values)} if term.values else {}
    return {"key": term.key, "operator": term.operator, **values}


def track_name(subject: Subject[Any], track: str) -> str:
    return derived(f"{subject.name}-{track}", subject.name)


def identity_edits(subject: Subject[Any], track: str, first: str) -> tuple[Edit, ...]:
    """What takes the names and labels from before out of the spec, with the track that kept them.

    The overrides of its objects go to those of the same track under the release's own name.
    """
    identity = subject.release.spec.identity
    if identity is None or adopted_identity(subject, track, first) is None:
        return ()
    moved = override_edits(subject, track, first)
    if identity.model_fields_set <= set(TRACK_BOUND):
        return (Edit(IDENTITY, Delete()), *moved)
    keys = sorted(identity.model_fields_set & set(TRACK_BOUND))
    return (*(Edit((*IDENTITY, key), Delete()) for key in keys), *moved)


def override_edits(subject: Subject[Any], track: str, first: str) -> tuple[Edit, ...]:
    """What brings the overrides of the track's objects with names from before to those of the release's own."""
    adopted, own = adopted_identity(subject, track, first), track_name(subject, track)
    if adopted is None:
        return ()
    gone = [Edit((*OVERRIDES_PATH, title), Delete()) for title, to in _override_titles(subject, adopted, own)]
    return (*gone, *carried_overrides(subject, adopted, own))


def carried_overrides(subject: Subject[Any], adopted: AdoptedIdentity | None, own: str) -> tuple[Edit, ...]:
    """What gives the objects called `own` the overrides that those with names from before have, and they have not."""
    overrides = subject.release.spec.overrides
    pairs = () if adopted is None else _override_titles(subject, adopted, own)
    return tuple(Edit((*OVERRIDES_PATH, to), overrides[title]) for title, to in pairs if to not in overrides)


def _override_titles(subject: Subject[Any], adopted: AdoptedIdentity, own: str) -> list[tuple[str, str]]:
    """The overridden objects with names from before, and what those of their kind that are called `own` are."""
    former = {
        "Deployment": adopted.deployment,
        "HorizontalPodAutoscaler": adopted.autoscaler,
        "PodDisruptionBudget": adopted.budget,
    }
    titles = [(f"{kind}/{name}", f"{kind}/{own}") for kind, name in former.items() if name != own]
    return [pair for pair in titles if pair[0] in subject.release.spec.overrides]


def workloads_by_label(objects: Sequence[Object], label: str) -> dict[str, Object]:
    """The Deployments, or the StatefulSet, that run something, by the value of their label; "" where there is none."""
    return {
        str(object_labels(obj).get(label, "")): obj
        for obj in objects
        if obj.get("kind") in ("Deployment", "StatefulSet") and containers_of(obj)
    }


def containers_of(workload: Object) -> Sequence[Mapping[str, Any]]:
    """The containers of a workload's pods; none where somebody has taken the workload's form away."""
    return list(mapping_items(nested_value(workload, "spec", "template", "spec", "containers")))


def version_without_course_keys(version: Version) -> dict[str, Any]:
    """A version as the spec writes it, without what only a course needs."""
    data = version.model_dump(by_alias=True, exclude_unset=True, mode="json", include=set(Version.model_fields))
    data.pop("aborted", None)
    return data


BOTH_ANSWER: Final = "both contracts would answer the same requests"


def major_change_problem(strategy: str, path: Path, why: str = BOTH_ANSWER) -> Problem:
    """A contract that changes under its clients: the two strategies that suit (design.md, "Major changes")."""
    return Problem(
        "major-needs-versions",
        f"{strategy} cannot carry a major change: {why}",
        (*path, "change"),
        "use `versioned` (/v1 beside /v2), or `blueGreen` in a group that switches clients and API together",
    )


def next_contract(own: Version, other: Version | None) -> int:
    """The contract of a track: as written; else one more than the other track's for a major change."""
    if own.contract is not None:
        return own.contract
    base = 1 if other is None or other.contract is None else other.contract
    return derived(base + 1, own.change) if own.change == "major" else base


VERSION_PARTS: Final = re.compile(r"\d+|[a-zA-Z]+")


def is_newer(left: str, right: str) -> bool:
    """True if `left` reads as newer: numbers compare as numbers, `1.0-rc1` precedes `1.0` (semver.org §11)."""
    return sort_key(left) > sort_key(right)


def sort_key(version: str) -> tuple[tuple[int, int, str], ...]:
    parts = VERSION_PARTS.findall(version.partition("+")[0])
    # a number outranks the end, and the end outranks a pre-release word
    ranked = [(2, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]
    return (*ranked, (1, 0, ""))
