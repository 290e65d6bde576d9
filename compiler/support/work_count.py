"""How much of a work is done, for whoever shows it while it lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableSequence, Sequence
from contextlib import contextmanager
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

DONE: Final = "done"


class WorkCount:
    """How many of `total` items are done; `noun` says what was done with them (`files read`).

    Each process counts in a place of its own in memory that all share, so that none waits for another.
    """

    def __init__(self, noun: str, total: int, done: MutableSequence[int]) -> None:
        self.noun, self.total, self._done = noun, total, done

    @property
    def done(self) -> int:
        return sum(self._done)

    def counted(self, work: Callable[[T], R], items: Sequence[T], process: int) -> list[R]:
        """`[work(item) for item in items]`, each counted when it is done."""
        results = []
        for item in items:
            results.append(work(item))
            self._done[process] += 1
        return results


_under_way: list[WorkCount] = []
"""The works that this process is in, the innermost one last."""


def work_under_way() -> WorkCount | None:
    """What this process is doing now; None where it is not known."""
    return _under_way[-1] if _under_way else None


@contextmanager
def work_shown(count: WorkCount) -> Iterator[None]:
    """What this process is doing until the block ends."""
    _under_way.append(count)
    try:
        yield
    finally:
        _under_way.remove(count)
