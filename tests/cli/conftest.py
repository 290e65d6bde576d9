"""A repository of specs with every strategy, and a bare one that it publishes to; commands run in this process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.shop import Shop, write_specs
from tests.gitops.helpers import git


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    config = tmp_path_factory.mktemp("home") / "gitconfig"
    config.write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    bare, root = tmp_path / "deploy.git", tmp_path / "specs"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    git(tmp_path, "init", "-q", str(root))
    git(root, "remote", "add", "origin", str(bare))
    write_specs(root)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "specs")
    return Shop(root, bare, capsys)
