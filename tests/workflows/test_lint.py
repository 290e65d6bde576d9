"""actionlint, zizmor and shellcheck find nothing in the workflows, the action and CI's scripts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from compiler.cli.workflow_files import workflow_files
from tests.workflows.runner import ROOT

ACTION = "acme/shipway@3d3c42e5aac5ba805825da76410c181273ba90b1"
OWN = sorted((ROOT / ".github/workflows").glob("*.yml"))


def tool(name: str) -> str:
    """The program's path; without it the test is skipped, except in CI, which brings it."""
    beside = Path(sys.executable).with_name(name)
    result = str(beside) if beside.is_file() else shutil.which(name) or shutil.which(ROOT / ".ci/bin" / name)
    if result is None:
        assert not os.environ.get("CI"), f"CI has to bring {name}"
        pytest.skip(f"{name} is not installed")
    return result


def reported_by(*command: str | Path, stdin: str | None = None) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, input=stdin)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture
def users(tmp_path: Path) -> list[Path]:
    """What `shipway init` writes, with an action that is pinned."""
    paths = []
    for name, text in workflow_files(ACTION).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        paths.append(path)
    return paths


def test_actionlint_finds_nothing(users: list[Path]) -> None:
    assert reported_by(tool("actionlint"), "-no-color", *OWN, *users) == ""


def test_zizmor_finds_nothing(users: list[Path]) -> None:
    checked: tuple[str | Path, ...] = ("--offline", "--no-progress", "--color=never", ROOT / "action.yml", *OWN, *users)
    assert reported_by(tool("zizmor"), *checked) == ""


def test_shellcheck_finds_nothing_in_the_scripts() -> None:
    assert reported_by(tool("shellcheck"), ROOT / ".ci/run", ROOT / ".ci/lock") == ""


def test_shellcheck_finds_nothing_in_the_steps_of_the_action() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    scripts = {step["name"]: step["run"] for step in steps if "run" in step}
    assert len(scripts) >= 5
    for name, script in scripts.items():
        assert reported_by(tool("shellcheck"), "--shell=bash", "-", stdin=script) == "", name
