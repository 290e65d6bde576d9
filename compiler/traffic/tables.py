"""How providers classify the fields of their kinds, for the verifier: the modules `fields` and `annotations`.

Both are optional: without a table any change of a provider's object leaves a transition unproven.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from compiler.model.classification import Classification, KindTable
from compiler.traffic import PACKAGES, READ_PACKAGES


def routing_tables() -> tuple[KindTable, ...]:
    """The kinds that requests pass through: controllers read their labels and annotations. Without metadata."""
    return _tables((*PACKAGES, *READ_PACKAGES), "ROUTING_TABLES")


def plain_tables() -> tuple[KindTable, ...]:
    """The other kinds. Without metadata."""
    return _tables((*PACKAGES, *READ_PACKAGES), "PLAIN_TABLES")


def provider_annotations() -> Mapping[str, Mapping[str, Classification]]:
    """The annotations that steer requests, by the package of the provider that reads them."""
    return _annotations(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _tables(packages: tuple[str, ...], name: str) -> tuple[KindTable, ...]:
    modules = (import_module(f"{package}.fields") for package in packages if find_spec(f"{package}.fields"))
    return tuple(table for module in modules for table in getattr(module, name, ()))


@lru_cache(maxsize=16)
def _annotations(packages: tuple[str, ...]) -> Mapping[str, Mapping[str, Classification]]:
    names = (f"{package}.annotations" for package in packages)
    return {name.split(".")[-2]: import_module(name).ANNOTATIONS for name in names if find_spec(name)}
