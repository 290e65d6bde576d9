"""`.pre-commit-hooks.yaml` in a repository that uses it, with pre-commit itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from compiler.cli.commands import COMMANDS
from tests.git.helpers import git

ROOT = Path(__file__).parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def test_the_hook_runs_a_command_that_there_is() -> None:
    program, command, *_ = HOOK["entry"].split()
    assert program == "shipway"
    assert command in COMMANDS


@pytest.mark.slow
def test_a_spec_that_does_not_compile_is_not_committed(tmp_path: Path) -> None:
    published = tmp_path / "shipway"
    git(tmp_path, "clone", "-q", "--no-local", "--depth", "1", str(ROOT), str(published))
    specs = tmp_path / "specs"
    subprocess.run([Path(sys.executable).with_name("shipway"), "init", "-q", "--ci", "none", specs], check=True)
    hooks = {
        "repos": [{"repo": str(published), "rev": git(published, "rev-parse", "HEAD"), "hooks": [{"id": HOOK["id"]}]}]
    }
    (specs / ".pre-commit-config.yaml").write_text(yaml.safe_dump(hooks))
    git(specs, "init", "-q")
    git(specs, "add", ".")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"]

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=specs, env=environment, capture_output=True, text=True, check=False)

    done = run()
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout + done.stderr
    spec = specs / "environments/prod/hello.yaml"
    spec.write_text(spec.read_text().replace("replicas: 3", "replicas: three"))
    done = run()
    assert done.returncode == 1
    assert "error[spec-wrong-type]" in done.stdout
    assert "environments/prod/hello.yaml" in done.stdout
