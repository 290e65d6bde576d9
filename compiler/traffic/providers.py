"""The providers by the names that they have in specs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from compiler.spec.base import Model
from compiler.traffic import PACKAGES
from compiler.traffic.base import Provider


def provider_of(package: str) -> Provider:
    """The provider that a package of `PACKAGES` holds."""
    return cast(Provider, import_module(f"{package}.provider"))


PROVIDERS: dict[str, Provider] = {provider.NAME: provider for provider in map(provider_of, PACKAGES)}


def provider_models() -> Mapping[str, type[Model]]:
    """The model of each provider's part of the spec, by the provider's name."""
    return {name: provider.SPEC for name, provider in PROVIDERS.items()}
