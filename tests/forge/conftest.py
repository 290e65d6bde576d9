from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compiler.cli.main import main
from tests.forge.fake_forge import TOKEN, Forge, forging

HEAD = "a" * 40


@dataclass(frozen=True)
class Job:
    """A job on `workflow_run`: its forge, its unpacked artifact, and the command as the workflow runs it."""

    forge: Forge
    plans: Path
    event: Path

    def plan(self, environment: str, text: str) -> None:
        (self.plans / f"{environment}.md").write_text(f"<!-- shipway:{environment} -->\n{text}\n")

    def happens(self, change: Callable[[dict[str, Any]], object]) -> None:
        data = json.loads(self.event.read_text())
        change(data)
        self.event.write_text(json.dumps(data))

    def comment(self, *more: str) -> int:
        return main(["comment", str(self.plans), *more])


def workflow_run() -> dict[str, Any]:
    return {
        "action": "completed",
        "workflow_run": {
            "head_branch": "canary",
            "head_sha": HEAD,
            "conclusion": "success",
            "html_url": "https://forge.example/acme/deploy/actions/runs/7",
            "head_repository": {"owner": {"login": "ada"}},
            "pull_requests": [],
        },
        "repository": {"full_name": "acme/deploy"},
    }


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Job]:
    plans, event = tmp_path / "plans", tmp_path / "event.json"
    plans.mkdir()
    event.write_text(json.dumps(workflow_run()))
    with forging() as forge:
        forge.open_pull(5, "ada:canary", HEAD)
        monkeypatch.delenv("GITLAB_CI", raising=False)
        monkeypatch.setenv("GITHUB_API_URL", forge.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
        monkeypatch.setattr("compiler.forge.api.time.sleep", lambda _: None)
        yield Job(forge, plans, event)
