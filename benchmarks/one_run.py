"""Runs one command and prints the seconds on the clock and of all cores, its peak memory in KiB, and its exit status.

`python -I -S one_run.py OUTPUT COMMAND…`: a process of its own, since Linux counts the memory of whoever starts a
program as that program's (`fs/exec.c`, `begin_new_exec`), and a benchmark has held whole corpora.
"""

import os
import sys
import time


def run(output: str, command: list[str]) -> str:
    """Its standard output goes to the file `output`."""
    into_file = (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=[into_file])
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    return f"{wall} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}"


if __name__ == "__main__":
    print(run(sys.argv[1], sys.argv[2:]))
