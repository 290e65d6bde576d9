"""The request classes that a change concerns, each at every point of the sync that it can tell apart.

Why this is exhaustive: writes are ordered up to the order within a group, and of a group every combination is visited
that a property can tell apart (`search.relevance`). Between two gates workloads move independently of each other, so
the reachable states at a point are the product of each workload's own; a property of the product then holds exactly
when it holds for the worst member of each factor (`TrafficState.worst`), or for pairs (`contract`). Points that differ
only in writes that the class cannot see are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compiler.model.objects import Key, leads_to_pods
from compiler.traffic.readers import gate_readers, readers_by_kind
from compiler.transition.search.guarantee import Guarantee, guarantee_for, has_no_direct_clients, relevant_loads
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.relevance import Relevance, class_cuts, relevance_of, relevant_objects
from compiler.transition.search.router import RoutingResult
from compiler.transition.search.traffic_state import TrafficState
from compiler.transition.sync.change import START, Change, Cut, SyncPosition
from compiler.transition.sync.replicas import Load


@dataclass(frozen=True, slots=True, eq=False)
class ServedClass:
    """A class with its guarantee, its loads, and its traffic at each point, unless these are too many."""

    judged: JudgedChange
    guarantee: Guarantee
    loads: tuple[Load, ...]
    points: tuple[TrafficState, ...]
    too_large: bool

    @property
    def change(self) -> Change:
        """What is written."""
        return self.judged.change

    @property
    def states(self) -> int:
        """How many states the pods that answer the class may be in, over all points."""
        return sum(math.prod(point.sizes()) for point in self.points)

    @property
    def unserved_before(self) -> bool:
        """Whether a rule took the class before the commit, to backends without pods."""
        item = self.guarantee
        return bool(item.before.positive) and not item.protected and item.after.answer is not None


def served_classes(judged: JudgedChange) -> Iterator[ServedClass]:
    """The classes that this change can affect."""
    for request in judged.requests:
        if has_no_direct_clients(judged.reference, request):
            continue
        relevance = relevance_of(judged.router, request)
        keys = relevant_objects(judged.router, relevance)
        if not any(key in judged.change.ops or judged.change.moving(key) for key in keys):
            continue
        item = guarantee_for(judged.reference, request)
        if item.request.moves:
            relevance = relevance_of(judged.router, item.request)
            keys = relevant_objects(judged.router, relevance)
        if item.before.answer is not None or item.after.answer is not None:
            yield _served_class(judged, item, relevance, keys)


def _served_class(judged: JudgedChange, item: Guarantee, relevance: Relevance, keys: Sequence[Key]) -> ServedClass:
    groups = class_cuts(judged.router, item.request, relevance, judged.last).values()
    cuts = [cut for result in groups if result is not None for cut in result]
    loads = relevant_loads(judged.change, item)
    if None in groups:
        return ServedClass(judged, item, loads, (), too_large=True)
    points = _points(judged, item, keys, cuts, grows="grown" in loads)
    return ServedClass(judged, item, loads, tuple(points), too_large=False)


def _points(
    judged: JudgedChange, item: Guarantee, keys: Sequence[Key], cuts: Iterable[Cut], *, grows: bool
) -> Iterator[TrafficState]:
    router, change = judged.router, judged.change
    started = item.before if router is judged.reference else router.serve(item.request, START)
    busy = frozenset((*item.before.loaded_workloads, *started.loaded_workloads))
    movers = tuple(key for key in keys if _moves_traffic(change, key))
    served = tuple((cut, router.serve(item.request, cut)) for cut in cuts)
    first = frozenset(started.loaded_workloads)
    idle = _idle_before(first, served) if grows else {}
    for cut, serving in served:
        yield TrafficState(router, item, cut, serving, busy - idle.get(cut.place, _NOBODY), movers, served)


_NOBODY: frozenset[Key] = frozenset()


def _idle_before(
    first: frozenset[Key], served: Iterable[tuple[Cut, RoutingResult]]
) -> dict[SyncPosition, frozenset[Key]]:
    """By group of writes, those of the `first` workloads that may have been without requests before it.

    Their HPAs have let pods go then. Those that an unfinished sync has just left without requests have not.
    """
    idle: dict[SyncPosition, frozenset[Key]] = {}
    before, now, place = _NOBODY, _NOBODY, START.place
    for cut, serving in served:
        if cut.place != place:
            before, place = before | now, cut.place
        unloaded = first.difference(serving.loaded_workloads)
        now |= unloaded
        if cut.gone:  # what is deleted here comes back in this very group
            before |= unloaded
        idle[place] = before
    return idle


def _moves_traffic(change: Change, key: Key) -> bool:
    return key in change.ops and (leads_to_pods(key) or key[:2] in readers_by_kind() or key[:2] in gate_readers())
