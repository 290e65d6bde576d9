"""A command that takes long shows on a terminal that it is at work, and nowhere else."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

CODE = """
import sys, time
from compiler.cli.terminal import elapsed_time_shown
with elapsed_time_shown():
    time.sleep(float(sys.argv[1]))
    print("done", file=sys.stderr)
"""


def on_terminal(seconds: float) -> str:
    """What a terminal gets of work that takes so long."""
    parent, child = pty.openpty()
    with os.fdopen(parent, "rb", buffering=0) as screen:
        subprocess.run([sys.executable, "-c", CODE, str(seconds)], stderr=child, check=True)
        os.close(child)
        return screen.read(1000).decode()


def test_it_is_shown_from_half_a_second_on() -> None:
    assert on_terminal(1).endswith("s …\rdone\r\n\x1b[K")
    assert on_terminal(0) == "done\r\n"


def test_what_is_no_terminal_gets_nothing() -> None:
    ended = subprocess.run([sys.executable, "-c", CODE, "0.8"], capture_output=True, text=True, check=True)
    assert ended.stderr == "done\n"
