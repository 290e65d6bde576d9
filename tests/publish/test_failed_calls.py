"""A call to Git that fails is never an answer: each one of a command's calls is killed, or fails, in turn."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.publish.conftest import Answer, Workspace

FAILURES = {"killed": "kill -9 $$", "status 1": "exit 1", "status 128": "echo fatal: broken >&2; exit 128"}
BRANCH, CONFIRMED = "refs/heads/shipway/prod", "refs/shipway/confirmed/prod"


@dataclass(frozen=True)
class CountedGit:
    """A `git` on PATH that counts its calls, and fails at one of them."""

    folder: Path

    def fail_at(self, number: int, failure: str) -> None:
        (self.folder / "count").write_text("0")
        script = f"""#!/bin/sh
n=$(($(cat {self.folder}/count) + 1)); echo $n > {self.folder}/count
if [ $n = {number} ]; then {failure}; fi
exec {shutil.which("git", path=os.environ["PATH"].partition(":")[2])} "$@"
"""
        (self.folder / "git").write_text(script)
        (self.folder / "git").chmod(0o755)

    @property
    def calls(self) -> int:
        return int((self.folder / "count").read_text())


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CountedGit:
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    made = CountedGit(programs)
    made.fail_at(0, ":")
    return made


@pytest.fixture
def signed(workspace: Workspace, tmp_path: Path) -> Workspace:
    """One publish made, a change committed, commits signed."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    settings = {"commit.gpgsign": "true", "gpg.format": "ssh", "user.signingkey": str(tmp_path / "key.pub")}
    for name, value in settings.items():
        subprocess.run(["git", "-C", str(workspace.specs), "config", name, value], check=True)
    assert workspace.run("publish").status == 0
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    return workspace


def state(workspace: Workspace) -> str:
    """All that a commit holds, but its time and what depends on it; and what is confirmed."""
    refs = workspace.git("for-each-ref", "--format=%(refname)")
    tip = workspace.git("cat-file", "commit", BRANCH)
    lines = [line for line in tip.splitlines() if not line.startswith(("committer", "author", " "))]
    confirmed = workspace.git("for-each-ref", "--format=%(objectname)", CONFIRMED)
    return "\n".join([refs, *lines, confirmed])


def outcomes(
    workspace: Workspace, counted: CountedGit, words: tuple[str, ...], failure: str, view: Callable[[Answer], object]
) -> Iterator[tuple[int, Answer, bool, bool]]:
    """For each call that failed: its number, the answer, whether the state is the old one, and the new one."""
    tip, old = workspace.git("rev-parse", BRANCH), state(workspace)
    counted.fail_at(0, ":")
    expected, new = view(workspace.run(*words)), state(workspace)
    for number in range(1, counted.calls + 1):
        workspace.git("update-ref", BRANCH, tip)
        workspace.git("update-ref", "-d", CONFIRMED)
        counted.fail_at(number, failure)
        answer = workspace.run(*words)
        counted.fail_at(0, ":")
        now = state(workspace)
        yield number, answer, now == old, now == new and (answer.status != 0 or view(answer) == expected)


def assert_old_new_or_refused(
    workspace: Workspace,
    counted: CountedGit,
    words: tuple[str, ...],
    failure: str,
    view: Callable[[Answer], object] = lambda answer: answer.status,
) -> None:
    wrong = [
        (number, answer)
        for number, answer, old, new in outcomes(workspace, counted, words, failure, view)
        if not (new if answer.status == 0 else (old or new) and "error" in answer.err + answer.out)
    ]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("words", [("publish",), ("confirm", "prod", "shipway/prod")])
def test_a_failed_call_leaves_the_old_state_or_the_new_one(
    signed: Workspace, counted: CountedGit, words: tuple[str, ...], failure: str
) -> None:
    assert_old_new_or_refused(signed, counted, words, failure)


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("words", [("plan", "--format", "md"), ("bootstrap", "prod"), ("history", "prod")])
def test_a_failed_call_shows_nothing_else(
    signed: Workspace, counted: CountedGit, words: tuple[str, ...], failure: str
) -> None:
    assert_old_new_or_refused(signed, counted, words, failure, lambda answer: answer.out)
