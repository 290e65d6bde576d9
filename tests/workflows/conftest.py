from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.cli.workflow_files import workflow_files
from tests.forge.fake_forge import TOKEN, Forge, forging
from tests.git.http_forge import serving
from tests.workflows.runner import ROOT, Finished, Runner


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@dataclass
class Repository:
    """`acme/deploy` on a forge: a bare repository over HTTP, its interface, and a developer's clone of it."""

    bare: Path
    clone: Path
    url: str
    forge: Forge
    runner: Runner
    branch: str = "main"

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.clone / "environments" / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    def push(self, message: str) -> str:
        git(self.clone, "commit", "-qam", message)
        git(self.clone, "push", "-q", str(self.bare), f"HEAD:refs/heads/{self.branch}")
        return git(self.clone, "rev-parse", "HEAD")

    def start(self, branch: str) -> None:
        self.branch = branch
        git(self.clone, "checkout", "-qb", branch)

    def merge(self) -> None:
        git(self.clone, "checkout", "-q", "main")
        git(self.clone, "merge", "-q", "--no-ff", "-m", "Merge", self.branch)
        self.branch = "main"
        git(self.clone, "push", "-q", str(self.bare), "HEAD:refs/heads/main")

    def published(self, environment: str) -> str:
        return git(self.bare, "rev-parse", f"refs/heads/shipway/{environment}")

    def runs(self, workflow: str, event: dict[str, Any] | None = None) -> Finished:
        return self.runner.run(self.clone / ".github/workflows" / workflow, event or {})

    def checks_out(self, ref: str, into: Path) -> None:
        """As actions/checkout without kept credentials: the address stays, the token does not."""
        git(into, "init", "-q", "-b", "work")
        git(into, "fetch", "-q", str(self.bare), ref or self.branch)
        git(into, "checkout", "-q", "FETCH_HEAD")
        git(into, "remote", "add", "origin", self.url)


@pytest.fixture
def repository(tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    wanted = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    monkeypatch.setattr("tests.git.http_forge._EXPECTED", f"Basic {wanted}")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
    bare, clone = tmp_path / "acme/deploy.git", tmp_path / "clone"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    for name, value in (("http.receivepack", "true"), ("uploadpack.allowFilter", "true")):
        git(bare, "config", name, value)
    for name in ("bases", "dev", "prod", "staging"):
        shutil.copytree(ROOT / "environments" / name, clone / "environments" / name)
    for path, text in workflow_files().items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_text(text)
    git(clone, "init", "-q", "-b", "main")
    git(clone, "add", ".")
    with serving(tmp_path) as (host, _), forging() as forge:
        url = f"http://{host}/acme/deploy.git"
        runner = Runner(tmp_path / "runner", programs, f"http://{host}", forge.url, TOKEN)
        made = Repository(bare, clone, url, forge, runner)
        runner.clone = made.checks_out
        made.push("Specs")
        yield made
