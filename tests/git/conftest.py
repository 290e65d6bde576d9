"""Real repositories in temporary folders; Git's own configuration of this machine plays no part."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from compiler.git.target import checked_target
from tests.git.helpers import Forge, git


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    config = tmp_path_factory.mktemp("home") / "gitconfig"
    config.write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    bare = tmp_path / "deploy.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    return Forge(tmp_path, bare, checked_target("prod", str(bare), "main", "prod", tmp_path))
