"""What the other Applications of an environment hold while one is synced: nothing orders two of them.

Why rows of whole states are enough: one route answers a request, so what matters of the others is whether a route of
theirs takes it, and a unit whose own sync leaves a request without a route is refused by itself. So of each other
unit the states before and after its own sync show all that there is in between.

Sources: Argo CD, `docs/operator-manual/sync-waves` (waves order within one Application) and
`controller/appcontroller.go` `finalizeApplicationDeletion` (without a finalizer the objects of an Application stay).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.request import RouteMatch
from compiler.model.unit import CompiledUnit
from compiler.model.unit_facts import UnitFacts
from compiler.plan.route_overlap import RouteIndex, route_matches, sets_overlap
from compiler.plan.starting_points import starting_points
from compiler.plan.states import PublishedFiles, parsed_objects, readable_objects, unit_files
from compiler.plan.unit_facts import matches_of_unit
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment
from compiler.tree.unconfirmed import UnconfirmedHistory

MAX_ROWS: Final = 32
"""More combinations of states than these are not explored: the releases must then come in several commits."""


@dataclass(frozen=True)
class RoutedUnit:
    """An Application, and what it may hold while another one is synced: what it comes to first, then the published
    state, then earlier ones that nobody has confirmed. Of `states` only those that route otherwise are distinguished.
    """

    name: str
    states: tuple[Sequence[Object], ...]
    matches: tuple[frozenset[RouteMatch], ...]
    """what the routes of each state match"""
    published: Sequence[Object] = ()
    earlier: tuple[Sequence[Object], ...] = ()

    @cached_property
    def every(self) -> frozenset[RouteMatch]:
        """What any state matches."""
        return frozenset().union(*self.matches)

    @cached_property
    def changing(self) -> frozenset[RouteMatch]:
        """What one state matches and another does not."""
        return self.every - frozenset.intersection(*self.matches) if self.matches else frozenset()

    def is_newest(self, state: Sequence[Object]) -> bool:
        """Whether the state is the published one, or the one that comes: not one that nobody has confirmed."""
        return state is self.states[0] or route_matches(state) == route_matches(self.published)


def routed_unit(
    name: str, coming: Sequence[Object], published: Sequence[Object], earlier: Iterable[Sequence[Object]] = ()
) -> RoutedUnit:
    """The unit with those of its states that differ in what they match, the first of equal ones."""
    earlier = tuple(earlier)
    distinct: dict[frozenset[RouteMatch], Sequence[Object]] = {}
    for state in (coming, published, *earlier):
        distinct.setdefault(route_matches(state), state)
    return RoutedUnit(name, tuple(distinct.values()), tuple(distinct), published, earlier)


def resting_unit(facts: Mapping[str, UnitFacts], unit: CompiledUnit) -> RoutedUnit:
    """A unit in one state, as its specs have it: where its facts are known, no object is made for them."""
    objects: Sequence[Object] = unit.objects_when_read
    return RoutedUnit(unit.name, (objects,), (matches_of_unit(facts, unit),), objects)


@dataclass(frozen=True)
class RoutedEnvironment:
    """All Applications that route anything, by name; empty where no route of any comes or goes."""

    units: Mapping[str, RoutedUnit]

    @cached_property
    def _by_any(self) -> RouteIndex:
        return RouteIndex({name: unit.every for name, unit in self.units.items()})

    @cached_property
    def _by_changing(self) -> RouteIndex:
        return RouteIndex({name: unit.changing for name, unit in self.units.items() if unit.changing})

    def beside(self, name: str) -> list[RoutedUnit]:
        """The others that must be judged with the unit: a route that comes or goes may take what another one takes."""
        own = self.units.get(name)
        if own is None:
            return []
        others = self._by_any.overlapping(own.changing) | self._by_changing.overlapping(own.every)
        return [self.units[other] for other in sorted(others - {name})]

    def sharing(self, own: RoutedUnit) -> list[RoutedUnit]:
        """The others that take requests which one state of `own` takes and another does not, while they stand still."""
        if not own.changing:
            return []
        return [self.units[other] for other in sorted(self._by_any.overlapping(own.changing) - {own.name})]


def routed_environment(built: BuiltEnvironment, base: PublishedTree, history: UnconfirmedHistory) -> RoutedEnvironment:
    """The Applications of `built` with the states that each may be in, and those that leave."""
    changed = [unit for unit in built.units if differs(built, base, unit)]
    moving = [
        *(changed_unit(unit, base, history) for unit in changed),
        *removed_units(built.compiled, base.manifests, removed_folders(built, base)),
    ]
    if not any(unit.changing for unit in moving):
        return RoutedEnvironment({})
    names = {unit.name for unit in moving}
    staying = (staying_unit(unit, built, base, history) for unit in built.units if unit.name not in names)
    return RoutedEnvironment({unit.name: unit for unit in (*moving, *staying) if unit.every})


def settled_environment(built: BuiltEnvironment) -> RoutedEnvironment:
    """The Applications as `built` leaves them, once all are synced."""
    return RoutedEnvironment({u.name: resting_unit(built.unit_facts, u) for u in built.units})


def contested_folders(built: BuiltEnvironment, base: PublishedTree, history: UnconfirmedHistory) -> list[str]:
    """The folders of all units that are judged beside a changed one: their earlier states matter too."""
    environment = routed_environment(built, base, history)
    changed = {unit.name for unit in built.units if differs(built, base, unit)}
    beside = {other.name for name in changed for other in environment.beside(name)}
    folders = {folder for unit in built.units if unit.name in beside for folder in unit.folders}
    return sorted(folders | (beside & set(removed_folders(built, base))))


def differs(built: BuiltEnvironment, base: PublishedTree, unit: CompiledUnit) -> bool:
    """Whether the unit's manifests differ from the published ones."""
    return any(base.manifests.get(folder) != built.manifests.get(folder) for folder in unit.folders)


def removed_folders(built: BuiltEnvironment, base: PublishedTree) -> tuple[str, ...]:
    """The published folders that this commit removes."""
    return tuple(sorted(base.folders - built.folders))


def changed_unit(unit: CompiledUnit, base: PublishedTree, history: UnconfirmedHistory) -> RoutedUnit:
    """A unit that this commit changes: as it comes, as published, and as it was before, not there at all included."""
    published = readable_objects(unit_files(base.manifests, unit.folders))
    return routed_unit(unit.name, unit.objects, published, earlier_states_of(unit, published, history))


def staying_unit(
    unit: CompiledUnit, built: BuiltEnvironment, base: PublishedTree, history: UnconfirmedHistory
) -> RoutedUnit:
    """A unit that this commit leaves as it is: as published, and as it was before where that is not confirmed.

    Of another shard's unit the specs may say something else already.
    """
    own = built.shard.holds(unit.shown)
    if own and not history.folders >= set(unit.folders):
        return resting_unit(built.unit_facts, unit)
    published = unit.objects if own else readable_objects(unit_files(base.manifests, unit.folders))
    return routed_unit(unit.name, published, published, earlier_states_of(unit, published, history))


def earlier_states_of(
    unit: CompiledUnit, published: Sequence[Object], history: UnconfirmedHistory
) -> Iterator[Sequence[Object]]:
    """The states before the published one that the unit's Application may still hold."""
    if published and history.folders >= set(unit.folders):
        earlier = starting_points(unit.folders, published, history)
        yield from (objects for _, objects in earlier.readable)
        yield from [()] if earlier.absent else []


def removed_units(
    compiled: CompiledEnvironment, manifests: Mapping[str, PublishedFiles], removed: Iterable[str]
) -> list[RoutedUnit]:
    """The releases that leave: without `argocd.cascade` their objects stay in the cluster as they are."""
    stay = not compiled.documents.environment.model.spec.argocd.cascade
    published = {name: parsed_objects(unit_files(manifests, [name])) for name in removed}
    return [routed_unit(name, objects if stay else (), objects) for name, objects in published.items() if objects]


def rows_of(others: Sequence[RoutedUnit]) -> list[tuple[Sequence[Object], ...]] | None:
    """Combinations of the others' states, a state for each of them; None: they are too many to explore.

    Units that take no request in common need not be combined with each other: no request can tell.
    """
    choices: dict[str, list[dict[str, int]]] = {}
    for group in _groups(others):
        if math.prod(len(unit.states) for unit in group) > MAX_ROWS:
            return None
        sizes = [range(len(unit.states)) for unit in group]
        rows = [dict(zip((unit.name for unit in group), row, strict=True)) for row in itertools.product(*sizes)]
        choices |= dict.fromkeys((unit.name for unit in group), rows)
    count = max(map(len, choices.values()), default=1)
    return [
        tuple(unit.states[choices[unit.name][row % len(choices[unit.name])][unit.name]] for unit in others)
        for row in range(count)
    ]


def _groups(others: Sequence[RoutedUnit]) -> list[list[RoutedUnit]]:
    """The units in groups of which no two share a request that changes hands."""
    groups: list[list[RoutedUnit]] = []
    for unit in others:
        near = [group for group in groups if unit.changing and any(_contend(unit, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([unit, *itertools.chain.from_iterable(near)])
    return groups


def _contend(one: RoutedUnit, other: RoutedUnit) -> bool:
    return sets_overlap(one.changing, other.changing)
