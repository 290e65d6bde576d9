"""A call of Git that is killed or fails: the next tick goes on, and nothing is decided from it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pilot.conftest import Pilot
from tests.pilot.test_moves import FAILING
from tests.publish.failing_git import FAILURES, CountedGit

KILLER = """
import os, sys
calls, stop = 0, int(sys.argv[1])
from compiler.git.git import Git
real = Git.run
def run(self, verb, *words, **more):
    global calls
    calls += 1
    if calls == stop:
        os.kill(os.getpid(), 9)
    return real(self, verb, *words, **more)
Git.run = run
from compiler.cli.main import main
status = main(sys.argv[2:])
print("calls", calls, file=sys.stderr)
sys.exit(status)
"""


def killed_tick(pilot: Pilot, call: int) -> tuple[int, str]:
    """A tick in a process of its own that is killed before its call of Git number `call`."""
    words = [sys.executable, "-c", KILLER, str(call), "pilot", "prod", "--format", "json", "-C", str(pilot.root)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": "."})
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("failing", [False, True], ids=["advance", "abort"])
def test_a_tick_killed_at_any_call_of_git_is_finished_by_the_next(pilot: Pilot, failing: bool, tmp_path: Path) -> None:
    """kill -9 before each call in turn: one more tick or two make exactly one move, and never two."""
    pilot.publish()
    if failing:
        pilot.figures.values.update(FAILING)
    kept = tmp_path / "kept"
    subprocess.run(["cp", "-a", str(pilot.root), str(pilot.bare), "-t", str(ensure(kept))], check=True)
    call, killed = 1, 0
    while True:
        for name in ("specs", "deploy.git"):
            subprocess.run(["rm", "-rf", str(tmp_path / name)], check=True)
            subprocess.run(["cp", "-a", str(kept / name), str(tmp_path / name)], check=True)
        status, err = killed_tick(pilot, call)
        if status != -signal.SIGKILL:
            assert "calls" in err, err
            break
        killed += 1
        for _ in range(2):
            pilot.run("pilot", "prod")
            if len(pilot.commits()) == 2:
                break
        assert len(pilot.commits()) == 2, (call, pilot.run("pilot", "prod"))
        assert ("aborted: true" in pilot.spec()) == failing
        call += 3
    assert killed > 10


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_a_call_of_git_that_fails_is_no_reason_to_move(pilot: Pilot, counted: CountedGit, failure: str) -> None:
    """Healthy figures, one call fails: the release is not aborted, moves once at most, and the next ticks go on.

    Each way to fail takes every twelfth call, beginning with another one: a tick makes many.
    """
    pilot.publish()
    kept, number = pilot.root.parent / "kept", 4 * list(FAILURES.values()).index(failure) - 11
    subprocess.run(["cp", "-a", str(pilot.root), str(pilot.bare), "-t", str(ensure(kept))], check=True)
    while True:
        number += 12
        for folder in (pilot.root, pilot.bare):
            subprocess.run(["rm", "-rf", str(folder)], check=True)
            subprocess.run(["cp", "-a", str(kept / folder.name), str(folder)], check=True)
        counted.fail_at(number, failure)
        status, out, err = pilot.run("pilot", "prod", "--format", "json")
        calls = counted.calls
        counted.fail_at(0, ":")
        assert "aborted: true" not in pilot.spec(), (number, err)
        assert len(pilot.commits()) <= 2, (number, out)
        assert status == 0 or "error[" in err or '"refused": "' in out, (number, status, out, err)
        if number > calls:
            assert len(pilot.commits()) == 2
            return
        for _ in range(2 if len(pilot.commits()) < 2 else 0):
            pilot.run("pilot", "prod")
        assert len(pilot.commits()) == 2 and "aborted: true" not in pilot.spec(), number


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("words", [("why-moved", "COMMIT"), ("status", "prod", "--wait", "--timeout", "1s")])
def test_a_call_of_git_that_fails_shows_nothing_else(
    pilot: Pilot, counted: CountedGit, failure: str, words: tuple[str, ...]
) -> None:
    pilot.publish()
    commit = pilot.tick()["commit"]
    pilot.synced()
    words = tuple(commit[:12] if word == "COMMIT" else word for word in words)
    counted.fail_at(0, ":")
    status, whole, err = pilot.run(*words)
    assert status == 0, err
    for number in range(1, counted.calls + 1):
        counted.fail_at(number, failure)
        status, out, err = pilot.run(*words)
        counted.fail_at(0, ":")
        assert (status, out) == (0, whole) or (status == 1 and "error[" in err), (number, status, out, err)


def ensure(folder: Path) -> Path:
    folder.mkdir()
    return folder
