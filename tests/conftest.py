"""Tests keep nothing for later runs, unless they are about that; Git's configuration of this machine plays no part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.preloaded import preloaded_shipway

GIT_CONFIGURATION = Path(__file__).with_name("gitconfig")

os.environ["SHIPWAY_CACHE"] = ""
os.environ |= {"GIT_CONFIG_GLOBAL": str(GIT_CONFIGURATION), "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for PATH with a `shipway` that starts at once, for tests of what shells do with it."""
    with preloaded_shipway(tmp_path_factory.mktemp("preloaded")) as folder:
        yield folder
