"""A canary under way, published, with Argo CD and Prometheus beside it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from compiler.cli.main import main
from compiler.pilot.tick import ABORT_PAUSES
from tests.git.helpers import git, use_own_configuration
from tests.pilot.cluster import Argo, Figures, Served, serving
from tests.publish.failing_git import CountedGit, counted_git

DIGEST = "sha256:" + "a" * 64
ERRORS = "{name: errors, preset: errorRate, max: 0.01}"


@dataclass
class Pilot:
    """A repository of specs with a bare origin, and the servers that the pilot asks."""

    root: Path
    bare: Path
    argo: Argo
    figures: Figures
    argo_server: Served
    prometheus: Served
    capture: pytest.CaptureFixture[str]
    gitops: Path | None = None
    """where it is published, if not beside the specs"""
    texts: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        status = main([*words, "-C", str(self.root)])
        output = self.capture.readouterr()
        return status, output.out, output.err

    def tick(self, *words: str) -> dict[str, Any]:
        """One look; its report by JSON, the only release's row among it."""
        status, out, err = self.run("pilot", "prod", "--format", "json", *words)
        assert out, err
        report: dict[str, Any] = json.loads(out)
        return {"status": status, "err": err, "confirmed": report["confirmed"], **report["releases"][0]}

    def environment(self, pilot: str = "full", more: str = "") -> None:
        self.write(
            "environment",
            f"""apiVersion: shipway.dev/v1
kind: Environment
metadata: {{name: prod}}
spec:
  namespace: ml-prod
  kubernetes: "1.34"
  traffic: {{gatewayApi: {{gateway: public, namespace: infra}}}}
  policy: {{pilot: {pilot}}}
  observe:
    prometheus: {{url: "{self.prometheus.url}"}}
    argocd: {{url: "{self.argo_server.url}", tokenFile: "{self.root.parent}/token"}}
    metrics: istio
{more}""",
        )

    def canary(self, checks: str = ERRORS, at: int = 5, more: str = "", steps: str = "[5, 50]") -> None:
        self.write(
            "api",
            f"""apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: api}}
spec:
  container: {{image: ghcr.io/acme/api, preset: bentoml}}
  replicas: 4
  expose: {{path: /}}
  strategy:
    canary:
      stable: {{version: "1.0.0"}}
      canary: {{version: "1.1.0", change: minor}}
      at: {at}
      steps: {steps}
      analysis: {{every: 10s, window: 1m, minRequests: 20{more}, checks: [{checks}]}}
""",
        )

    def write(self, name: str, text: str) -> None:
        path = self.root / "environments" / "prod" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str = "change") -> None:
        git(self.root, "add", "-A")
        git(self.root, "commit", "-q", "-m", message)
        git(self.root, "push", "-q", "origin", "HEAD:main")

    def publish(self, ago: float = 3600) -> str:
        """Commits and publishes, `ago` seconds before now, and lets Argo CD have synced it then."""
        self.commit()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GIT_AUTHOR_DATE", f"@{int(time.time() - ago)} +0000")
            status, _, err = self.run("publish", "prod")
        assert status == 0, err
        return self.synced(ago)

    def synced(self, seconds_ago: float = 3600) -> str:
        head = git(self.gitops or self.bare, "rev-parse", "shipway/prod").strip()
        self.argo.revision, self.argo.finished = head, time.time() - seconds_ago
        return head

    def age_published(self, seconds: float) -> None:
        """Writes the newest publish again as one of so long ago, as if the time had passed, and lets it be synced."""
        tree, parents, body = (
            git(self.bare, "log", "-1", f"--format={form}", "shipway/prod") for form in ("%T", "%P", "%B")
        )
        old = git(self.bare, "rev-parse", "shipway/prod")
        environment = {**os.environ, "GIT_AUTHOR_DATE": f"@{int(time.time() - seconds)} +0000"}
        words = [word for parent in parents.split() for word in ("-p", parent)]
        new = subprocess.run(
            ["git", "-C", str(self.bare), "commit-tree", *words, "-F", "-", tree],
            input=body, capture_output=True, text=True, check=True, env=environment,
        ).stdout.strip()  # fmt: skip
        git(self.bare, "update-ref", "refs/heads/shipway/prod", new, old)
        self.synced(seconds)

    def commits(self) -> list[str]:
        return git(self.bare, "log", "--format=%s", "shipway/prod").strip().splitlines()

    def body(self, rev: str = "shipway/prod") -> str:
        return git(self.bare, "log", "-1", "--format=%B", rev)

    def spec(self) -> str:
        return git(self.bare, "show", "main:environments/prod/api.yaml")


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    use_own_configuration(tmp_path_factory.mktemp("home"), monkeypatch)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """An abort's publish is tried as often as ever, without the pauses between."""
    monkeypatch.setattr("compiler.pilot.tick.ABORT_PAUSES", (0.0,) * len(ABORT_PAUSES))


@pytest.fixture
def pilot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Pilot]:
    root, bare = tmp_path / "specs", tmp_path / "deploy.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "remote", "add", "origin", "../deploy.git")
    token = tmp_path / "token"
    token.write_text("s3cret-token\n")
    token.chmod(0o600)
    argo = Argo(str(bare), ["prod-root", "prod-environment", "prod-api"])
    figures = Figures({'code=~"5.."': 0, "istio_requests_total": 400})
    with serving(argo.route) as argo_server, serving(figures.route) as prometheus:
        made = Pilot(root, bare, argo, figures, argo_server, prometheus, capsys)
        made.environment()
        made.canary()
        yield made


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CountedGit:
    return counted_git(tmp_path, monkeypatch)
