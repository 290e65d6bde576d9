"""A command that takes long shows on a terminal how far it is, and nowhere else; Ctrl-C ends all its processes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.specs import environment, release

CODE = """
import sys, time
from compiler.cli.terminal import progress_shown
with progress_shown(quiet=False):
    time.sleep(float(sys.argv[1]))
    print("done", file=sys.stderr)
"""
MANY, VERY_MANY = 3000, 12_000
COUNTED = re.compile(rb"([\d,]+) of ([\d,]+) (files read|releases checked), \d+ s")
SHIPWAY = Path(sys.executable).with_name("shipway")


def on_terminal(seconds: float) -> str:
    """What a terminal gets of work that takes so long."""
    parent, child = pty.openpty()
    with os.fdopen(parent, "rb", buffering=0) as screen:
        subprocess.run([sys.executable, "-c", CODE, str(seconds)], stderr=child, check=True)
        os.close(child)
        return screen.read(1000).decode()


def test_it_is_shown_from_half_a_second_on() -> None:
    assert on_terminal(1).endswith("s …\x1b[K\rdone\r\n\x1b[K")
    assert on_terminal(0) == "done\r\n"


def test_what_is_no_terminal_gets_nothing() -> None:
    ended = subprocess.run([sys.executable, "-c", CODE, "0.8"], capture_output=True, text=True, check=True)
    assert ended.stderr == "done\n"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Specs that take more than a second to check."""
    return written_specs(tmp_path, MANY)


def written_specs(root: Path, count: int) -> Path:
    folder = root / "environments" / "prod"
    folder.mkdir(parents=True)
    (folder / "environment.yaml").write_text(environment("service"))
    text = release('rolling: {version: "1"}', name="api")
    for number in range(count):
        (folder / f"r{number}.yaml").write_text(text.replace("name: api", f"name: r{number}", 1))
    return root


class Terminal:
    """A command in a terminal of its own, which it controls: Ctrl-C reaches each of its processes, as for a person."""

    def __init__(self, *words: str) -> None:
        self.process, self.screen = pty.fork()
        if self.process == 0:  # the child; what a shell starts in the background, tests too, ignores SIGINT
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execve(SHIPWAY, ["shipway", *words], {**os.environ, "SHIPWAY_CACHE": "", "TERM": "xterm"})  # noqa: S606 - no shell is wanted
        self.shown = b""

    def read_until(self, enough: Callable[[bytes], object]) -> None:
        """Reads on until `enough` is true of what was shown, or the command ends; fails after a minute."""
        end = time.monotonic() + 60
        while not enough(self.shown):
            assert time.monotonic() < end, self.shown
            if select.select([self.screen], [], [], 1)[0]:
                try:
                    self.shown += os.read(self.screen, 65536)
                except OSError:  # Linux: the other end is closed
                    return

    def status(self) -> int:
        self.read_until(lambda _shown: False)
        os.close(self.screen)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


def thousands(written: bytes) -> int:
    return int(written.replace(b",", b""))


def processes_of_session(session: int) -> list[int]:
    collected = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(each.name)) == session:
                collected.append(int(each.name))
        except ProcessLookupError:
            continue
    return collected


@pytest.mark.slow  # so many specs that a fast machine needs its time for them
def test_a_terminal_sees_how_many_are_done_of_how_many(tmp_path: Path) -> None:
    # a fast machine checks 3,000 before half a second is over
    terminal = Terminal("check", "-C", str(written_specs(tmp_path, VERY_MANY)))
    assert terminal.status() == 0
    figures = [(thousands(match[1]), thousands(match[2])) for match in COUNTED.finditer(terminal.shown)]
    assert figures
    assert all(done <= total for done, total in figures)
    assert {total for _, total in figures} <= {VERY_MANY, VERY_MANY + 1}  # environment.yaml is a file that is read too
    assert b"1 environment, 12000 releases" in terminal.shown


def test_quiet_shows_no_progress(many: Path) -> None:
    terminal = Terminal("check", "-q", "-C", str(many))
    assert terminal.status() == 0
    assert terminal.shown == b""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are found by Linux's /proc")
def test_control_c_ends_all_processes_at_once(tmp_path: Path) -> None:
    terminal = Terminal("check", "-C", str(written_specs(tmp_path, VERY_MANY)))
    terminal.read_until(COUNTED.search)
    assert COUNTED.search(terminal.shown), terminal.shown
    pressed = time.monotonic()
    os.write(terminal.screen, b"\x03")
    assert terminal.status() == 130
    assert time.monotonic() - pressed < 2
    assert processes_of_session(terminal.process) == []
    assert terminal.shown.endswith(b"interrupted\r\n")
