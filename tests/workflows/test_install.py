"""The action's installing step, and the GitLab example's lines, as they stand."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.forge.fake_gitlab import merge_request_forge
from tests.workflows.conftest import Repository, git
from tests.workflows.runner import ROOT

pytestmark = pytest.mark.e2e

BIN = Path(sys.executable).parent


def bash(script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    plain = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    pip = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**plain, **pip, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_action_installs_its_own_commit_from_its_lock_file(tmp_path: Path) -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    (script,) = (step["run"] for step in steps if step.get("name", "").startswith("Install Shipway"))
    done = bash(script, tmp_path, {"RUNNER_TEMP": str(tmp_path), "ACTION": str(ROOT)})
    assert done.returncode == 0, done.stderr
    result = subprocess.run([tmp_path / "shipway/bin/shipway", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("shipway ")


@pytest.mark.parametrize("file", ["action.yml", "compiler/templates/gitlab-ci.yml"])
def test_a_venv_of_the_checkout_is_not_run(file: str, tmp_path: Path) -> None:
    (tmp_path / "venv.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (line,) = (line for line in (ROOT / file).read_text().splitlines() if " -m venv " in line)
    words = line.strip().removeprefix("- ").partition(" #")[0].split()
    subprocess.run([sys.executable, *words[1:-1], "--without-pip", tmp_path / "made"], cwd=tmp_path, check=True)
    assert (tmp_path / "made/bin/python").exists()
    assert not (tmp_path / "ran").exists()


def gitlab(job: str, repository: Repository, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a job's script in a checkout, with the variables as GitLab expands them: `$$` is a dollar sign."""
    pipeline = yaml.safe_load((ROOT / "compiler/templates/gitlab-ci.yml").read_text())
    server = repository.url.rpartition("/acme")[0]
    variables = {
        name: value.replace("$CI_SERVER_URL", server) for name, value in pipeline[".shipway"]["variables"].items()
    }
    variables = {name: value.replace("$$", "$") for name, value in variables.items()}
    script = "\n".join(pipeline[job]["script"]).replace("/tmp/venv/bin/", f"{BIN}/")
    predefined = {"CI_DEFAULT_BRANCH": "main", "SHIPWAY_TOKEN": repository.runner.token}
    return bash(script, folder, {**predefined, **variables, **more})


@pytest.fixture
def checkout(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which GitLab's runner has checked the specs out."""
    monkeypatch.setattr("tests.git.http_forge._EXPECTED", basic("gitlab-ci-token", repository.runner.token))
    folder = tmp_path / "checkout"
    folder.mkdir()
    repository.checks_out("main", folder)
    return folder


def test_the_gitlab_example_plans_and_publishes(repository: Repository, checkout: Path) -> None:
    planned = gitlab("plan", repository, checkout)
    assert planned.returncode == 0, planned.stderr
    assert (checkout / "plan.html").is_file()
    assert (checkout / "plan.xml").read_text().startswith("<?xml")
    assert json.loads((checkout / "gl-code-quality-report.json").read_text()) == []
    assert (checkout / "plans/prod.md").read_text().startswith("<!-- shipway:prod -->")
    published = gitlab("publish", repository, checkout)
    assert published.returncode == 0, published.stderr
    assert git(repository.bare, "ls-tree", "--name-only", "shipway/prod") != ""


def test_the_gitlab_example_comments_on_its_merge_request(repository: Repository, checkout: Path) -> None:
    with merge_request_forge() as (forge, variables):
        planned = gitlab("plan", repository, checkout, **variables)
        assert planned.returncode == 0, planned.stderr
        again = gitlab("plan", repository, checkout, **variables)
        assert again.returncode == 0, again.stderr
        first = [note["body"].partition("\n")[0] for note in forge.notes]
    assert first == sorted(set(first))
    assert "<!-- shipway:prod -->" in first


def test_the_gitlab_example_reports_what_is_wrong_and_fails(repository: Repository, checkout: Path) -> None:
    spec = checkout / "environments/prod/recommender.yaml"
    spec.write_text(spec.read_text().replace("replicas: ", "replicas: x"))
    assert gitlab("plan", repository, checkout).returncode == 1
    (data, *_) = json.loads((checkout / "gl-code-quality-report.json").read_text())
    assert data["location"]["path"] == "environments/prod/recommender.yaml"
    assert data["severity"] == "blocker"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
