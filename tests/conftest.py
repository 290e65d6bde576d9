"""Tests keep nothing for later runs, unless they are about that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preloaded import preloaded_shipway

os.environ["SHIPWAY_CACHE"] = ""


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for PATH with a `shipway` that starts at once, for tests of what shells do with it."""
    with preloaded_shipway(tmp_path_factory.mktemp("preloaded")) as folder:
        yield folder
