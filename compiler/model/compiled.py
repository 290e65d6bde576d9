"""What the specs of an environment are read as and compiled to, and what each part of it was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from compiler.diagnostics.model import Diagnostic
    from compiler.model.claims import ReleaseClaims
    from compiler.model.course import Membership, Subject
    from compiler.model.manifest import Manifest, ObjectName, Origin
    from compiler.model.topology import Topology
    from compiler.source import Document
    from compiler.source.document import Files
    from compiler.spec.documents import Documents, EnvironmentDocument, ReleaseDocument
    from compiler.strategies.base import Strategy
    from compiler.support.parallel import Shard
    from compiler.traffic.base import Exposure


def extra_number(origin: Origin) -> int | None:
    """Which of the objects of files beside the spec the origin is of; None for what specs say."""
    kind, _, number = origin.document.partition("/")
    return int(number) if kind == "extras" else None


@dataclass(frozen=True)
class ReadRelease:
    """One release as its spec has it, with its strategy: where its course stands."""

    environment: EnvironmentDocument
    source: ReleaseDocument
    subject: Subject[Any]
    strategy: Strategy
    files: Files

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def document(self) -> Document:
        return self.source.document

    @property
    def membership(self) -> Membership | None:
        return self.subject.membership

    def lowered(self) -> Topology:
        """Its tracks and the division of requests. The strategy's `check` must have found nothing."""
        return self.strategy.lower(self.subject)


@dataclass(frozen=True)
class CompiledRelease(ReadRelease):
    """One release, lowered and routed, and what it was made from. Its objects are still to be assembled."""

    topology: Topology
    exposures: Mapping[str, Exposure]
    """what each traffic provider writes from, by the provider's name"""
    extras: tuple[Document, ...]
    """the objects of files beside the spec"""
    assemble: Callable[[CompiledRelease], tuple[Manifest, ...]] = field(repr=False, compare=False)
    trace: Callable[[CompiledRelease], tuple[Manifest, ...]] = field(repr=False, compare=False)
    """as `assemble`, with the origin of every field: for `why` and errors"""
    claims: ReleaseClaims | None = field(default=None, repr=False, compare=False)
    """what it takes of what all share, where that is known of a run that found the release right"""

    def document_of(self, origin: Origin) -> Document:
        """The spec that the origin's path is in."""
        membership = self.subject.membership
        extra = extra_number(origin)
        if extra is not None:
            return self.extras[extra]
        if origin.document == "environment":
            return self.environment.document
        return membership.document if origin.document == "group" and membership is not None else self.document

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """Every object, made when first asked for: most are made and validated elsewhere, and needed nowhere again."""
        return self.assemble(self)

    @cached_property
    def traced(self) -> Mapping[ObjectName, Manifest]:
        """The manifests with the origins of their fields."""
        return {(manifest.kind, manifest.name): manifest for manifest in self.trace(self)}


class UncompiledRelease(CompiledRelease):
    """A release that was compiled and found right before, from the same texts: compiled when more of it is asked for
    than its claims.
    """

    def __init__(
        self,
        source: ReleaseDocument,
        membership: Membership | None,
        claims: ReleaseClaims,
        compile: Callable[[], CompiledRelease],
    ) -> None:
        vars(self).update(source=source, claims=claims, _membership=membership, _compile=compile)

    @property
    def membership(self) -> Membership | None:
        membership: Membership | None = vars(self)["_membership"]
        return membership

    def __getattr__(self, name: str) -> Any:
        """Only what is not there yet comes here: from then on it is a compiled release like others."""
        if name not in COMPILED_FIELDS:
            raise AttributeError(name)
        compiled = vars(self)["_compile"]()
        vars(self).update({field: getattr(compiled, field) for field in COMPILED_FIELDS})
        object.__setattr__(self, "__class__", CompiledRelease)
        return vars(self)[name]


COMPILED_FIELDS: Final = frozenset(each.name for each in fields(CompiledRelease)) - {"source", "claims"}


KnownReleases = Callable[["Documents", "ReleaseDocument", "Membership | None"], CompiledRelease | None]
"""A release that was compiled and found right before, from the same texts and place in a group; None where there is
none.
"""


def no_release(*_: Any) -> None:
    """Nothing was compiled before."""


@dataclass(frozen=True)
class ReadEnvironment:
    """An environment and all its releases as the specs have them."""

    name: str
    documents: Documents
    releases: tuple[ReadRelease, ...]

    @property
    def document(self) -> Document:
        return self.documents.environment.document


@dataclass(frozen=True)
class CompiledEnvironment(ReadEnvironment):
    """All releases of an environment, the environment's own objects, and warnings that stop nothing."""

    releases: tuple[CompiledRelease, ...]
    own: tuple[Manifest, ...]
    warnings: tuple[Diagnostic, ...]
    trace: Callable[[CompiledEnvironment], tuple[Manifest, ...]] = field(repr=False, compare=False)
    """makes the environment's own objects with the origins of their fields"""
    extras: tuple[Document, ...] = ()
    """the environment's own objects of files beside its spec"""

    def held_by(self, shard: Shard) -> frozenset[str]:
        """The releases whose files the shard writes; a group is never divided."""
        groups = {each.name: each.membership for each in self.releases}
        units = {name: name if group is None else group.group for name, group in groups.items()}
        return frozenset(name for name, unit in units.items() if shard.holds(f"{self.name}/{unit}"))

    def needed_by(self, shard: Shard) -> tuple[CompiledRelease, ...]:
        """The releases to assemble: all where the environment's own objects are written, for what Argo CD must know."""
        if shard.holds(self.name):
            return self.releases
        held = self.held_by(shard)
        return tuple(release for release in self.releases if release.name in held)

    def document_of(self, origin: Origin) -> Document:
        """The file that the origin's path is in."""
        extra = extra_number(origin)
        return self.document if extra is None else self.extras[extra]

    @cached_property
    def traced(self) -> Mapping[ObjectName, Manifest]:
        """The environment's own manifests with the origins of their fields."""
        return {(manifest.kind, manifest.name): manifest for manifest in self.trace(self)}

    @cached_property
    def by_name(self) -> Mapping[str, CompiledRelease]:
        return {release.name: release for release in self.releases}

    def release(self, name: str) -> CompiledRelease:
        return self.by_name[name]
