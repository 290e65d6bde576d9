"""The providers by the names that they have in specs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import cast

from compiler.spec.base import Model
from compiler.traffic import PACKAGES
from compiler.traffic.base import Provider


def providers() -> Mapping[str, Provider]:
    """The module `provider` of each package of `PACKAGES`, by the provider's name."""
    return _providers(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _providers(packages: tuple[str, ...]) -> Mapping[str, Provider]:
    modules = (cast(Provider, import_module(f"{package}.provider")) for package in packages)
    return {module.NAME: module for module in modules}


def provider_models() -> Mapping[str, type[Model]]:
    """The model of each provider's part of the spec, by the provider's name."""
    return {name: provider.SPEC for name, provider in providers().items()}
