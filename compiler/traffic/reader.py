"""What reads a provider's routes back: the module `routes` of its package."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from compiler.model.manifest import Object
from compiler.model.objects import object_key
from compiler.model.request import RouteMatch
from compiler.model.tracks import RequestShares
from compiler.traffic import PACKAGES

GroupKind = tuple[str, str]


class RouteReader(Protocol):
    """A provider's module `routes`: these are its names."""

    @property
    def PROVIDER(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def KINDS(self) -> frozenset[GroupKind]:  # noqa: N802 - a module's constant
        """API group and kind of each object that routes."""
        ...

    def matches_of(self, obj: Object, /) -> Sequence[RouteMatch]:
        """The matches of one route."""
        ...

    def shares_of(self, objects: Sequence[Object], release: str, /) -> RequestShares | None:
        """How the release's own objects divide its requests; None where none of them is a route of this provider."""
        ...


def route_readers() -> tuple[RouteReader, ...]:
    """The readers of all providers, in the order of the registry."""
    return tuple(cast(RouteReader, import_module(f"{package}.routes")) for package in PACKAGES)


def reader_of(obj: Object) -> RouteReader | None:
    """The reader of the provider whose route the object is; None where it is no route."""
    key = object_key(obj)
    return next((reader for reader in route_readers() if (key.group, key.kind) in reader.KINDS), None)
