"""The readers of all providers, and of what is read only: the READER in the module `reader` of each package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import cast

from compiler.model.manifest import Object
from compiler.model.objects import object_key
from compiler.model.request import Request
from compiler.traffic import PACKAGES, READ_PACKAGES
from compiler.traffic.reader import GroupKind, ReferenceReader, RouteReader, SpecConversion


def route_readers() -> tuple[RouteReader, ...]:
    """The readers of all providers; those of plain Services, which stand behind every route, come last."""
    return _readers(_packages())


def readers_by_kind() -> Mapping[GroupKind, RouteReader]:
    """The reader of each kind that routes."""
    return _by_kind(_packages())


def gate_readers() -> Mapping[GroupKind, RouteReader]:
    """The reader of each kind that decides whether routes count."""
    return _by_gate(_packages())


def legacy_conversions() -> Mapping[tuple[str, str], SpecConversion]:
    """What makes a present spec of an older one, by `apiVersion` and kind."""
    return _conversions(_packages())


def provider_references() -> Mapping[GroupKind, ReferenceReader]:
    """What objects of the providers name, beside Services, by kind."""
    return _references_by_kind(_packages())


def reader_of(obj: Object) -> RouteReader | None:
    """The reader of the provider whose route the object is; None where it is no route."""
    return readers_by_kind().get(object_key(obj)[:2])


def reader_of_entry(request: Request) -> RouteReader | None:
    """The reader of the provider at whose entry the request arrives; None for a Service's own clients."""
    return _by_entry(_packages()).get(request.entry.partition(" ")[0])


def _packages() -> tuple[str, ...]:
    """Where readers are; of two for one kind that of a provider, which comes later, counts."""
    return (*READ_PACKAGES, *PACKAGES)


@lru_cache(maxsize=16)
def _readers(packages: tuple[str, ...]) -> tuple[RouteReader, ...]:
    readers = (cast(RouteReader, import_module(f"{package}.reader").READER) for package in packages)
    return tuple(sorted(readers, key=lambda reader: not reader.KINDS))


@lru_cache(maxsize=16)
def _by_kind(packages: tuple[str, ...]) -> Mapping[GroupKind, RouteReader]:
    return {kind: reader for reader in _readers(packages) for kind in reader.KINDS}


@lru_cache(maxsize=16)
def _by_entry(packages: tuple[str, ...]) -> Mapping[str, RouteReader]:
    return {reader.ENTRY: reader for reader in reversed(_readers(packages))}


@lru_cache(maxsize=16)
def _by_gate(packages: tuple[str, ...]) -> Mapping[GroupKind, RouteReader]:
    return {kind: reader for reader in _readers(packages) for kind in reader.GATE_KINDS}


@lru_cache(maxsize=16)
def _conversions(packages: tuple[str, ...]) -> Mapping[tuple[str, str], SpecConversion]:
    return {written: convert for reader in _readers(packages) for written, convert in reader.CONVERSIONS.items()}


@lru_cache(maxsize=16)
def _references_by_kind(packages: tuple[str, ...]) -> Mapping[GroupKind, ReferenceReader]:
    return {kind: read for reader in _readers(packages) for kind, read in reader.REFERENCES.items()}
