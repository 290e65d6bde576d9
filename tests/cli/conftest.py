"""A repository of specs with every strategy, and a bare one that it publishes to; commands run in this process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.shop import Shop, write_specs
from tests.git.helpers import git, use_own_configuration


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    use_own_configuration(tmp_path_factory.mktemp("home"), monkeypatch)


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
    git(root, "commit", "-q", "-m", "specs")
    return folder


@pytest.fixture
def shop(tmp_path: Path, new_shop: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    for name in ("deploy.git", "specs"):
        shutil.copytree(new_shop / name, tmp_path / name)
    return Shop(tmp_path / "specs", tmp_path / "deploy.git", capsys)
