"""The provider from the outside, tests/traffic/istio/, registered by its line for the tests that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from compiler.traffic import PACKAGES
from tests.course.matrix import PROVIDER_SPECS

ISTIO = "istio: {gateway: public}"


@pytest.fixture
def istio(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(PROVIDER_SPECS, "istio", ISTIO)
    PACKAGES.append("tests.traffic.istio")
    yield
    PACKAGES.remove("tests.traffic.istio")
