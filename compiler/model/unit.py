"""What moves, and is synced, as one: a release, or the members of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, overload

from compiler.diagnostics.model import Path
from compiler.model.compiled import CompiledEnvironment, CompiledRelease, ReadEnvironment, ReadRelease
from compiler.model.course import STRATEGY
from compiler.model.manifest import Object

if TYPE_CHECKING:
    from compiler.source import Document
    from compiler.spec.documents import GroupDocument


@dataclass(frozen=True, slots=True)
class Unit:
    """A release (no `group`, one member) or a group with its members in the group's order; one Application syncs it,
    for waves order only within one.
    """

    environment: str
    name: str
    members: tuple[ReadRelease, ...]
    group: GroupDocument | None = None

    @property
    def shown(self) -> str:
        """As commands take it: `prod/recommender`."""
        return f"{self.environment}/{self.name}"

    @property
    def document(self) -> Document:
        """The spec that stands for the unit in messages."""
        return self.group.document if self.group is not None else self.members[0].document

    @property
    def place(self) -> Path:
        """Where in `document` the course stands."""
        return ("spec", "active") if self.group is not None else STRATEGY

    @property
    def position(self) -> str:
        """Where the course stands, in a strategy's words; members that differ are named."""
        positions = {member.name: member.strategy.position(member.subject) for member in self.members}
        if len(set(positions.values())) == 1:
            return next(iter(positions.values()))
        return ", ".join(f"{name} {position}" for name, position in positions.items())

    @property
    def files(self) -> tuple[str, ...]:
        """The spec files that its verbs may edit."""
        own = tuple(member.document.file for member in self.members)
        return own if self.group is None else (self.group.document.file, *own)

    @property
    def texts(self) -> dict[str, str]:
        """The texts of `files`, as they were read."""
        own = {member.document.file: member.document.texts[member.document.file] for member in self.members}
        return own if self.group is None else own | {self.document.file: self.document.texts[self.document.file]}

    @property
    def folders(self) -> tuple[str, ...]:
        """Where its objects are published."""
        return tuple(member.name for member in self.members)


@dataclass(frozen=True, slots=True)
class CompiledUnit(Unit):
    """A unit whose members are compiled."""

    members: tuple[CompiledRelease, ...]

    @property
    def objects(self) -> list[Object]:
        """The objects of all its members, made when first asked for."""
        return [manifest.object for member in self.members for manifest in member.manifests]

    @property
    def objects_when_read(self) -> Sequence[Object]:
        """`objects`, of which none is made before one of them is read."""
        return UnitObjects(self)


@dataclass(frozen=True)
class UnitObjects(Sequence[Object]):
    """The objects of a unit, made when the first of them is read."""

    unit: CompiledUnit

    @cached_property
    def _objects(self) -> list[Object]:
        return self.unit.objects

    def __len__(self) -> int:
        return len(self._objects)

    @overload
    def __getitem__(self, index: int) -> Object: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Object]: ...

    def __getitem__(self, index: int | slice) -> Object | Sequence[Object]:
        return self._objects[index]


def units_as_read(environment: ReadEnvironment) -> tuple[Unit, ...]:
    """Every release that moves alone, and every group, in the order of their names."""
    releases = {each.name: each for each in environment.releases}
    groups = [(group, group.model.spec.members) for group in environment.documents.groups]
    grouped = {member for _, members in groups for member in members}
    alone = [Unit(environment.name, name, (each,)) for name, each in releases.items() if name not in grouped]
    together = [
        Unit(environment.name, group.name, tuple(releases[name] for name in members), group)
        for group, members in groups
    ]
    return tuple(sorted([*alone, *together], key=lambda unit: unit.name))


def units_of(compiled: CompiledEnvironment) -> tuple[CompiledUnit, ...]:
    """The units of a compiled environment, in the same order."""
    return tuple(
        CompiledUnit(
            unit.environment, unit.name, tuple(compiled.release(each.name) for each in unit.members), unit.group
        )
        for unit in units_as_read(compiled)
    )
