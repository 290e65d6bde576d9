"""Argo CD's order of a sync: pass after pass, each with the tasks of one wave, in groups that run in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.transition.reference.metadata import (
    KIND_ORDER,
    PHASES,
    Key,
    Object,
    deletion,
    is_hook,
    key,
    phase,
    sync_options,
    wave,
)

SYNC = PHASES.index("Sync")
Turn = tuple[int, int]
"""A phase, and a wave of it."""


class Task(NamedTuple):
    """`clear`: an old hook is deleted before it is created anew; `renew`: so is what is replaced by force."""

    action: str  # apply, prune, clear or renew
    key: Key


Group = tuple[Task, ...]


@dataclass(frozen=True)
class Order:
    """The tasks of one sync with the turn that each asks for, and which prunes ask to be last."""

    asked: dict[Task, Turn]
    last: frozenset[Task]

    def turns(self, done: frozenset[Task]) -> dict[Task, Turn]:
        """The turns as a pass of the sync sees them when `done` is done.

        Each pass computes them anew from what is left: an object that has been pruned is no task any more
        (`getSyncTasks`); the waves of the prunes that remain are mirrored among themselves, and those that ask to be
        last come one wave after all others of their phase, counted from 0.
        """
        turns = {task: turn for task, turn in self.asked.items() if not (task.action == "prune" and task in done)}
        own = sorted({wave for task, (_, wave) in turns.items() if task.action == "prune"})
        mirrored = dict(zip(own, reversed(own), strict=True))
        turns = {t: (SYNC, mirrored[turn[1]]) if t.action == "prune" else turn for t, turn in turns.items()}
        end = max([0, *(wave for phase, wave in turns.values() if phase == SYNC)]) + 1
        return {task: (SYNC, end) if task in self.last else turn for task, turn in turns.items()}

    def batch(self, done: frozenset[Task]) -> frozenset[Task]:
        """The tasks of the first turn that is left."""
        left = {task: turn for task, turn in self.turns(done).items() if task not in done}
        first = min(left.values(), default=(0, 0))
        return frozenset(task for task, turn in left.items() if turn == first)

    def gated(self, done: frozenset[Task]) -> bool:
        """Whether the sync has more than one turn, as this pass sees it: only then is health waited for."""
        return len(set(self.turns(done).values())) > 1


def order(before: Sequence[Object], after: Sequence[Object], prune_last: bool) -> Order:
    """A prune has the wave and the options of the live object; hooks are not pruned."""
    live, kept = {key(obj) for obj in before}, {key(obj) for obj in after}
    pruned = [obj for obj in before if key(obj) not in kept and not is_hook(obj) and not spared(obj)]
    asked = {Task("apply", key(obj)): (phase(obj), wave(obj)) for obj in after}
    asked |= {Task("prune", key(obj)): (SYNC, wave(obj)) for obj in pruned}
    cleared = [obj for obj in after if deletion(obj) == "BeforeHookCreation" and key(obj) in live]
    asked |= {Task("clear", key(obj)): (phase(obj), wave(obj)) for obj in cleared}
    forced = {key(obj) for obj in (*before, *after) if {"Force=true", "Replace=true"} <= set(sync_options(obj))}
    renewed = [obj for obj in after if key(obj) in forced & live and not is_hook(obj)]
    asked |= {Task("renew", key(obj)): (phase(obj), wave(obj)) for obj in renewed}
    last = (obj for obj in pruned if prune_last or "PruneLast=true" in sync_options(obj))
    return Order(asked, frozenset(Task("prune", key(obj)) for obj in last))


def spared(obj: Object) -> bool:
    return "Prune=false" in sync_options(obj)


def groups(batch: frozenset[Task]) -> list[Group]:
    """Prunes first and together, then the hooks that come anew, then kind after kind, each together (`runTasks`)."""
    tasks = sorted(batch, key=lambda task: task.key)
    actual = [tuple(task for task in tasks if task.action == action) for action in ("prune", "clear")]
    applied = [task for task in tasks if task.action in ("apply", "renew")]
    actual += [tuple(task for task in applied if task.key[0] == kind) for kind in KIND_ORDER]
    actual.append(tuple(task for task in applied if task.key[0] not in KIND_ORDER))
    return [group for group in actual if group]
