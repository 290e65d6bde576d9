"""Work on many items at once: one forked process a core, each with all that this one holds; the results are equal.

And its division among machines.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from mmap import mmap
from typing import BinaryIO, Final, TypeVar, cast

from compiler.support.work_count import DONE, WorkCount, work_shown

T = TypeVar("T")
R = TypeVar("R")

MIN_PARALLEL_ITEMS: Final = 200
"""Items from which on forking pays: a fork and the way back cost some 5 ms, as much as fewer items save."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` (from 1) of `count`. What a shard holds depends on names alone, never on what else there is."""

    number: int
    count: int

    def holds(self, name: str) -> bool:
        """Whether the environment's own objects (`ENV`), or the release or group (`ENV/NAME`), are in this part."""
        return self.count == 1 or int.from_bytes(sha256(name.encode()).digest()[:8]) % self.count == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


WHOLE: Final = Shard(1, 1)


def new_count(noun: str, total: int, processes: int) -> WorkCount:
    """A count at zero, which processes forked from this one raise too."""
    if processes == 1:
        return WorkCount(noun, total, [0])
    return WorkCount(noun, total, cast("MutableSequence[int]", memoryview(mmap(-1, processes * 8)).cast("q")))


def parallel_map(work: Callable[[T], R], items: Sequence[T], noun: str = DONE) -> list[R]:
    """`[work(item) for item in items]`, divided among the cores; results must be picklable.

    On two cores `build` of 1,000 services takes two thirds of the time that it takes on one. What a worker could not
    do (an exception, its death) is done again here, so that errors are the same as with one process.
    """
    first, *others = split_evenly(items, worker_count(len(items)))
    count = new_count(noun, len(items), len(others) + 1)
    with work_shown(count), fork_workers(work, others, count) as answers:
        return count.counted(work, first, 0) + worker_results(work, others, answers)


@contextmanager
def start_parallel(
    work: Callable[[T], R], items: Sequence[T], ahead: int, noun: str = DONE
) -> Iterator[Callable[[], list[R]]]:
    """`parallel_map`, begun on the other cores while this process goes on.

    Gives a function for the results. It does what is left for this process: its share of all but the first `ahead`
    items of each other core, which are done by then. On one core that is everything.
    """
    others = worker_count(len(items)) - 1
    left = max(0, len(items) - ahead * others) // (others + 1) if others else len(items)
    parts = split_evenly(items[: len(items) - left], others) if others else []
    own = items[len(items) - left :]
    count = new_count(noun, len(items), others + 1)
    with fork_workers(work, parts, count) as answers:
        yield lambda: collect_results(work, own, parts, answers, count)


def collect_results(
    work: Callable[[T], R],
    own: Sequence[T],
    parts: Sequence[Sequence[T]],
    answers: Sequence[BinaryIO],
    count: WorkCount,
) -> list[R]:
    with work_shown(count):
        results = count.counted(work, own, 0)
        return worker_results(work, parts, answers) + results


def worker_results(work: Callable[[T], R], parts: Sequence[Sequence[T]], answers: Sequence[BinaryIO]) -> list[R]:
    """What the processes answer; what one of them could not do is done here."""
    results: list[R] = []
    for part, answer in zip(parts, answers, strict=True):
        content = answer.read()
        # from a process that this one forked
        results += pickle.loads(content) if content else [work(item) for item in part]  # noqa: S301
    return results


def split_evenly(items: Sequence[T], count: int) -> list[Sequence[T]]:
    """The items in order in `count` parts, the last ones a little smaller."""
    size = -(-len(items) // count) or 1
    return [items[start : start + size] for start in range(0, len(items) or 1, size)]


def worker_count(items: int) -> int:
    """How many processes share so many items: one where forking is no gain, or unsafe beside other threads."""
    if items < MIN_PARALLEL_ITEMS or not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def fork_workers(work: Callable[[T], R], parts: Sequence[Sequence[T]], count: WorkCount) -> Iterator[list[BinaryIO]]:
    """A process for each part, and where each answers; none is left behind, whatever happens meanwhile."""
    answers: list[BinaryIO] = []
    processes: list[int] = []
    try:
        for number, part in enumerate(parts, 1):
            reading, writing = os.pipe()
            process = os.fork()
            if process == 0:
                run_worker(partial(count.counted, work, part, number), writing)
            os.close(writing)
            processes.append(process)
            answers.append(os.fdopen(reading, "rb"))
        yield answers
    finally:
        for answer in answers:
            answer.close()
        for process in processes:
            os.kill(process, signal.SIGKILL)  # it has answered, or nobody waits for its answer any more
            os.waitpid(process, 0)


def run_worker(work: Callable[[], list[R]], writing: int) -> None:
    """A worker's whole life: it answers, or fails without an answer, and skips what a process does at its exit."""
    try:
        content = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        with os.fdopen(writing, "wb") as answer:
            answer.write(content)
    finally:
        os._exit(0)
