"""The readers of all providers, and of what is read only: the READER in the module `reader` of each package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import cast

from compiler.model.manifest import Object
from compiler.model.objects import object_key
from compiler.model.request import Request
from compiler.traffic import PACKAGES, READ_PACKAGES
from compiler.traffic.reader import GroupKind, ReferenceReader, RouteReader, SpecConversion


@cache
def route_readers() -> tuple[RouteReader, ...]:
    """The readers of all providers; those of plain Services, which stand behind every route, come last.

    Of two readers of one kind that of a provider, which comes later, counts.
    """
    packages = (*READ_PACKAGES, *PACKAGES)
    readers = (cast(RouteReader, import_module(f"{package}.reader").READER) for package in packages)
    return tuple(sorted(readers, key=lambda reader: not reader.KINDS))


@cache
def readers_by_kind() -> Mapping[GroupKind, RouteReader]:
    """The reader of each kind that routes."""
    return {kind: reader for reader in route_readers() for kind in reader.KINDS}


@cache
def gate_readers() -> Mapping[GroupKind, RouteReader]:
    """The reader of each kind that decides whether routes count."""
    return {kind: reader for reader in route_readers() for kind in reader.GATE_KINDS}


@cache
def legacy_conversions() -> Mapping[tuple[str, str], SpecConversion]:
    """What makes a present spec of an older one, by `apiVersion` and kind."""
    return {written: convert for reader in route_readers() for written, convert in reader.CONVERSIONS.items()}


@cache
def provider_references() -> Mapping[GroupKind, ReferenceReader]:
    """What objects of the providers name, beside Services, by kind."""
    return {kind: read for reader in route_readers() for kind, read in reader.REFERENCES.items()}


@cache
def _readers_by_entry() -> Mapping[str, RouteReader]:
    return {reader.ENTRY: reader for reader in reversed(route_readers())}


def reader_of(obj: Object) -> RouteReader | None:
    """The reader of the provider whose route the object is; None where it is no route."""
    return readers_by_kind().get(object_key(obj)[:2])


def reader_of_entry(request: Request) -> RouteReader | None:
    """The reader of the provider at whose entry the request arrives; None for a Service's own clients."""
    return _readers_by_entry().get(request.entry.partition(" ")[0])
