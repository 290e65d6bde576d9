"""The points of a sync that differ for a set of objects."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from compiler.model.objects import Key
from compiler.transition.facts.workload import is_workload
from compiler.transition.search.breach import MAX_CONCURRENT_WRITES
from compiler.transition.sync.change import END, Change, Cut, SyncPosition


def distinct_cuts(change: Change, keys: Iterable[Key], last: int) -> Iterator[Cut]:
    """The points that differ for these objects, up to pass `last`: after each subset of each group of writes.

    Workloads need no subsets: the states of one that is being written include those before the write, so writing all
    of a group covers writing any. A group too large otherwise gives END, once: the class is then not explored.
    """
    places: dict[SyncPosition, tuple[list[Key], list[Key]]] = {}
    for key in keys:
        if key in change.ops and change.ops[key][0][0] <= last:
            found = places.setdefault(change.ops[key][0], ([], []))
            found[is_workload(key)].append(key)
    for place in sorted(places):
        others, workloads = places[place]
        if len(others) > MAX_CONCURRENT_WRITES:
            yield END
            return
        for size in range(0 if workloads else 1, len(others) + 1):
            for subset in itertools.combinations(others, size):
                yield from _cuts_while_recreated(change, place, frozenset((*workloads, *subset)), subset)


def _cuts_while_recreated(
    change: Change, place: SyncPosition, partly: frozenset[Key], subset: Iterable[Key]
) -> Iterator[Cut]:
    """The point at which `partly` are written, and those before it where some are not created anew yet."""
    anew = [key for key in subset if change.recreated(key)]
    for size in range(len(anew) + 1):
        for gone in itertools.combinations(anew, size):
            yield Cut(place, partly, frozenset(gone))
