"""The provider from the outside, tests/traffic/istio/, registered by its line for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compiler.traffic import PACKAGES, readers
from compiler.validate import kind_schemas
from tests.course.matrix import PROVIDER_SPECS

ISTIO = "istio: {gateway: public}"


@pytest.fixture
def istio(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(PROVIDER_SPECS, "istio", ISTIO)
    register()
    yield
    unregister()


def register() -> None:
    """Adds the provider's line, as if the process had begun with it."""
    PACKAGES.append("tests.traffic.istio")
    _forget_providers()


def unregister() -> None:
    """Takes the line away again."""
    PACKAGES.remove("tests.traffic.istio")
    _forget_providers()


def _forget_providers() -> None:
    for function in (*vars(readers).values(), *vars(kind_schemas).values()):
        if hasattr(function, "cache_clear"):
            function.cache_clear()
