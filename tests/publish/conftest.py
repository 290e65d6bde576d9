"""A repository of specs with a bare origin, and the commands run on it as a user would."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from compiler.cli.main import main
from compiler.git.demo_repositories import commit_all, new_repositories
from tests.pipeline.specs import environment, release
from tests.publish.failing_git import CountedGit, counted_git

BLUE = 'blueGreen: {active: blue, blue: {version: "1.0.0"}}'


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Workspace:
    """`specs` is the work tree, `bare` what Argo CD would read."""

    specs: Path
    bare: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Answer:
        self.capture.readouterr()
        status = main([*words, "-C", str(self.specs)])
        output = self.capture.readouterr()
        return Answer(status, output.out, output.err)

    def write(self, name: str, text: str, env: str = "prod") -> None:
        path = self.specs / "environments" / env / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str, env: str = "prod") -> None:
        path = self.specs / "environments" / env / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def commit(self, message: str = "change") -> str:
        return commit_all(self.specs, message)

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", "-C", str(self.bare), *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def heads(self) -> str:
        return self.git("log", "--format=%s", "shipway/prod")


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """prod with one blue/green release, not published yet."""
    specs, bare = tmp_path / "specs", tmp_path / "gitops.git"
    new_repositories(specs, bare)
    made = Workspace(specs, bare, capsys)
    made.write("environment", environment("gatewayApi"))
    made.write("api", release(BLUE, more="replicas: 4\n  expose: {host: api.example.com, path: /api}"))
    made.commit("specs")
    return made


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CountedGit:
    return counted_git(tmp_path, monkeypatch)
