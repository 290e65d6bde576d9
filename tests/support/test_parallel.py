"""Work on several cores: what ends one process ends all."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compiler.support.parallel import parallel_map

SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what is in the background, tests too, without
from compiler.support import parallel
parallel.worker_count = lambda items: 4
def work(item):
    sys.stdout.write("working\\n")
    sys.stdout.flush()
    time.sleep(60)
parallel.parallel_map(work, range(400))
"""


def children(process: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found by Linux's /proc")
def test_an_interrupt_of_one_process_ends_all_at_once() -> None:
    """A terminal's Ctrl-C reaches all of them; this one reaches the first alone, as `kill -INT` does."""
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(4)] == [b"working\n"] * 4
        workers = children(process.pid)
        assert len(workers) == 3
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        assert time.monotonic() - started < 10
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def test_the_results_are_in_order_whatever_the_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    for count in (1, 2, 3, 7):
        monkeypatch.setattr("compiler.support.parallel.worker_count", lambda items, count=count: count)
        assert parallel_map(str, range(100)) == list(map(str, range(100)))
