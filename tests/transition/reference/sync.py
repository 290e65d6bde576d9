"""Argo CD's order of a sync: pass after pass, each with the tasks of one wave, in groups that run in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.transition.reference.manifests import KIND_ORDER, Key, Object, key, prunes_last, wave


class Task(NamedTuple):
    prune: bool
    key: Key


Group = tuple[Task, ...]


@dataclass(frozen=True)
class Order:
    """The tasks of one sync with the wave that each asks for, and which prunes ask to be last."""

    asked: dict[Task, int]
    last: frozenset[Task]

    def waves(self, done: frozenset[Task]) -> dict[Task, int]:
        """The waves as a pass of the sync sees them when `done` is done.

        Each pass computes them anew from what is left: an object that has been pruned is no task any more
        (`getSyncTasks`); the waves of the prunes that remain are mirrored among themselves, and those that ask to be
        last come one wave after all others, counted from 0.
        """
        waves = {task: wave for task, wave in self.asked.items() if not (task.prune and task in done)}
        own = sorted({wave for task, wave in waves.items() if task.prune})
        mirrored = dict(zip(own, reversed(own), strict=True))
        waves = {task: mirrored[wave] if task.prune else wave for task, wave in waves.items()}
        end = max([0, *waves.values()]) + 1
        return {task: end if task in self.last else wave for task, wave in waves.items()}

    def batch(self, done: frozenset[Task]) -> frozenset[Task]:
        """The tasks of the lowest wave that is left."""
        left = {task: wave for task, wave in self.waves(done).items() if task not in done}
        first = min(left.values(), default=0)
        return frozenset(task for task, wave in left.items() if wave == first)

    def gated(self, done: frozenset[Task]) -> bool:
        """Whether the sync has more than one wave, as this pass sees it: only then is health waited for."""
        return len(set(self.waves(done).values())) > 1


def order(before: Sequence[Object], after: Sequence[Object], prune_last: bool) -> Order:
    """A prune has the wave and the options of the live object."""
    kept = {key(obj) for obj in after}
    pruned = [obj for obj in before if key(obj) not in kept]
    asked = {Task(False, key(obj)): wave(obj) for obj in after}
    asked |= {Task(True, key(obj)): wave(obj) for obj in pruned}
    return Order(asked, frozenset(Task(True, key(obj)) for obj in pruned if prune_last or prunes_last(obj)))


def groups(batch: frozenset[Task]) -> list[Group]:
    """Prunes first and together, then kind after kind, each together (`runTasks`)."""
    tasks = sorted(batch, key=lambda task: task.key)
    found = [tuple(task for task in tasks if task.prune)]
    for kind in KIND_ORDER:
        found.append(tuple(task for task in tasks if not task.prune and task.key[0] == kind))
    return [group for group in found if group]
