"""The door to Git: a test for each of its guarantees."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from compiler.git import program
from compiler.git.git import Git, GitError, network_seconds
from tests.git.helpers import git


@pytest.fixture
def work(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", str(tmp_path / "work"))
    return tmp_path / "work"


def with_alias(work: Path, script: str) -> Git:
    return Git(work, settings=(f"alias.helper=!{script}",))


def test_git_sees_no_variable_that_the_caller_did_not_mean_for_it(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meant = {"GIT_SSH_COMMAND": "ssh -v", "GIT_CONFIG_COUNT": "0", "GIT_AUTHOR_NAME": "Ada", "HOME": "/home/ada"}
    dropped = {"GIT_INDEX_FILE": "/other", "GIT_TRACE_CURL": "1", "GIT_WORK_TREE": "/other", "GIT_DIR": "/other"}
    for name, value in (meant | dropped).items():
        monkeypatch.setenv(name, value)
    lines = with_alias(work, "env").text("helper").splitlines()
    assert {f"{name}={value}" for name, value in meant.items()} <= set(lines)
    assert not any(line.startswith(f"{name}=/other") for line in lines for name in dropped)
    assert "GIT_TRACE_CURL=1" not in lines
    assert os.environ["GIT_INDEX_FILE"] == "/other", "the caller's own variables stay"


def test_the_value_of_a_variable_is_in_no_argument(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "t0ken")
    secretive = Git(work, environment={"SHIPWAY_PASSWORD": "t0ken"}, settings=("alias.helper=!ps -ww -eo args",))
    assert "t0ken" not in secretive.text("helper")
    assert "t0ken" not in repr(secretive)


def test_a_deadline_ends_the_helpers_too(work: Path, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="timed out after"):
        with_alias(work, f"(sleep 60 & echo $! > {tmp_path}/pid; wait)").run("helper", seconds=1)
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/cmdline").is_file() or _is_zombie(tmp_path)


def _is_zombie(tmp_path: Path) -> bool:
    stat = Path(f"/proc/{(tmp_path / 'pid').read_text().strip()}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "Z"


def test_a_helper_is_asked_to_end_before_it_is_killed(work: Path, tmp_path: Path) -> None:
    script = f"trap 'sleep 0.3; touch {tmp_path}/cleaned; exit 1' TERM; sleep 60 & wait"
    with pytest.raises(GitError, match="timed out after"):
        with_alias(work, script).run("helper", seconds=1)
    assert (tmp_path / "cleaned").exists()


def test_a_helper_that_does_not_listen_is_killed(work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "GRACE_SECONDS", 0.2)
    with pytest.raises(GitError, match="timed out after"):
        with_alias(work, f"trap '' TERM; (sleep 1; touch {tmp_path}/late) & wait; sleep 1").run("helper", seconds=0.5)
    time.sleep(1.2)
    assert not (tmp_path / "late").exists()


def test_input_that_git_does_not_read_is_no_crash(work: Path) -> None:
    with pytest.raises(GitError):
        Git(work).run("cat-file", "--no-such-option", stdin=b"x" * 10_000_000)


def test_names_of_objects_may_be_sha256(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256", str(tmp_path / "wide"))
    assert len(Git(tmp_path / "wide").run("hash-object", "-w", "--stdin", stdin=b"x").strip()) == 64


def test_the_deadline_of_a_server_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert network_seconds() == 120
    monkeypatch.setenv("SHIPWAY_GIT_SECONDS", "900")
    assert network_seconds() == 900
    monkeypatch.setenv("SHIPWAY_GIT_SECONDS", "soon")
    with pytest.raises(GitError, match="SHIPWAY_GIT_SECONDS is not a whole number"):
        network_seconds()
