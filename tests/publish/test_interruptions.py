"""A publish that is ended by a signal: CI cancels with SIGTERM, a closed terminal with SIGHUP."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.publish.conftest import Workspace

SHIPWAY = (sys.executable, "-c", "from compiler.cli.main import run; run()")


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, *(pytest.param(each, marks=pytest.mark.slow) for each in (signal.SIGHUP, signal.SIGINT))]
)
def test_nothing_is_left_behind_and_the_push_ends_too(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    hook, reached, scratch = workspace.bare / "hooks/pre-receive", tmp_path / "reached", tmp_path / "scratch"
    scratch.mkdir()
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {reached}\nsleep 3\n", encoding="utf-8")
    hook.chmod(0o755)
    monkeypatch.setenv("TMPDIR", str(scratch))
    command = [*SHIPWAY, "publish", "-C", str(workspace.specs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for(reached)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "interrupted\n")
    assert list(scratch.iterdir()) == [], "the copy's settings hold the repository's address, and so its token"
    time.sleep(3.5)
    assert workspace.git("for-each-ref", "refs/heads/shipway") == ""


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.slow), signal.SIGINT])
def test_no_lock_stays_in_a_repository_on_this_machine(
    workspace: Workspace, tmp_path: Path, number: signal.Signals
) -> None:
    """`reference-transaction` runs while Git holds the branch's lock (githooks(5))."""
    hook, reached = workspace.bare / "hooks/reference-transaction", tmp_path / "reached"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\n[ "$1" = prepared ] && touch {reached} && sleep 3\nexit 0\n', encoding="utf-8")
    hook.chmod(0o755)
    with subprocess.Popen([*SHIPWAY, "publish", "-C", str(workspace.specs)], stderr=subprocess.PIPE) as process:
        wait_for(reached)
        assert list((workspace.bare / "refs").rglob("*.lock"))
        process.send_signal(number)
        process.communicate(timeout=30)
    hook.unlink()
    assert list((workspace.bare / "refs").rglob("*.lock")) == []
    assert workspace.run("publish").status == 0


def test_who_starts_it_so_that_a_closed_terminal_does_not_end_it_is_obeyed(tmp_path: Path) -> None:
    code = (
        "import signal; from compiler.cli.main import run; import compiler.cli.main as m; "
        "m.main = lambda argv: print(signal.getsignal(signal.SIGHUP).name) or 0; run()"
    )
    ended = subprocess.run(
        ["nohup", sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert ended.stdout == "SIG_IGN\n"
