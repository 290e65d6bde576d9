"""Argo CD's order of a sync as a plain list of waves, each a list of groups whose tasks run in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.transition.reference.manifests import KIND_ORDER, Key, Object, key, prunes_last, wave


@dataclass(frozen=True)
class Task:
    prune: bool
    key: Key


Group = tuple[Task, ...]
Wave = tuple[Group, ...]


def plan(before: Sequence[Object], after: Sequence[Object], prune_last: bool) -> tuple[Wave, ...]:
    """The waves of one sync; a prune has the wave of the live object, mirrored among the prunes (getSyncTasks)."""
    kept = {key(obj) for obj in after}
    pruned = [obj for obj in before if key(obj) not in kept]
    waves = {Task(False, key(obj)): wave(obj) for obj in after}
    own = sorted({wave(obj) for obj in pruned})
    mirrored = dict(zip(own, reversed(own), strict=True))
    waves |= {Task(True, key(obj)): mirrored[wave(obj)] for obj in pruned}
    last = max([0, *waves.values()]) + 1
    waves |= {Task(True, key(obj)): last for obj in pruned if prune_last or prunes_last(obj)}
    return tuple(groups(waves, number) for number in sorted(set(waves.values())))


def groups(waves: dict[Task, int], number: int) -> Wave:
    """Prunes first and together, then kind after kind (runTasks)."""
    tasks = sorted((task for task, at in waves.items() if at == number), key=lambda task: task.key)
    found = [tuple(task for task in tasks if task.prune)]
    for kind in KIND_ORDER:
        found.append(tuple(task for task in tasks if not task.prune and task.key[0] == kind))
    return tuple(group for group in found if group)
