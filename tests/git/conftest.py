"""Real repositories in temporary folders; Git's own configuration of this machine plays no part."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.git.target import checked_target
from tests.git.helpers import Forge, git, use_own_configuration


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    use_own_configuration(tmp_path_factory.mktemp("home"), monkeypatch)


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    bare = tmp_path / "deploy.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    return Forge(tmp_path, bare, checked_target("prod", str(bare), "main", "prod", tmp_path))
