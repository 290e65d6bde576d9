"""A repository of specs with every strategy, and a bare one that it publishes to; commands run in this process."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.shop import Shop, write_specs
from tests.git.helpers import git

CONFIG = "[user]\n\tname = Ada\n\temail = ada@example.com\n[init]\n\tdefaultBranch = main\n"


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    config = tmp_path_factory.mktemp("home") / "gitconfig"
    config.write_text(CONFIG)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(scope="session")
def new_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both repositories, made once and copied for each test: `git` five times a test takes longer than many tests."""
    folder = tmp_path_factory.mktemp("shop")
    bare, root = folder / "deploy.git", folder / "specs"
    git(folder, "init", "-q", "--bare", "-b", "main", str(bare))
    git(folder, "init", "-q", "-b", "main", str(root))
    git(root, "remote", "add", "origin", "../deploy.git")
    write_specs(root)
    git(root, "add", "-A")
    git(root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m", "specs")
    return folder


@pytest.fixture
def shop(tmp_path: Path, new_shop: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    for name in ("deploy.git", "specs"):
        shutil.copytree(new_shop / name, tmp_path / name)
    return Shop(tmp_path / "specs", tmp_path / "deploy.git", capsys)
