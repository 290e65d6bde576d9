"""contract, across classes: the classes of one host that move from one contract to another move in one instant.

They are a client and its API: a page of one contract must not call an API pod of the other.

Source: the transition model ("two switches can never be one instant").
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from compiler.transition import explore
from compiler.transition.change import END, Cut
from compiler.transition.objects import Key
from compiler.transition.owed import Owed, converged_contracts, owed
from compiler.transition.properties import calls, contract
from compiler.transition.properties.calls import World
from compiler.transition.routing.request import Request
from compiler.transition.scene import Breach, Scene
from compiler.transition.serving import Router

PROPERTY = "contract"


def breaches(router: Router, reference: Router, requests: Sequence[Request], last: int) -> Iterator[Breach]:
    """Crossings between versions, at any of the points up to pass `last` that the classes together can tell apart."""
    templates = [template for found in router.directory.templates.values() for template in found]
    several = len({template.contract for template in templates}) > 1
    calling = any(template.calls for template in templates)
    if not several and not calling:
        return
    keys = dict.fromkeys(key for request in requests for key in explore.relevant(router, request))
    cuts = [cut for cut in explore.points(router.change, [*keys, *_loose(router, keys)], last) if cut is not END]
    entries = [request for request in requests if not request.entry.startswith("service ")]
    world = World(router, reference, tuple(owed(reference, request) for request in entries))
    if several:
        yield from _first(_split(world, cut) for cut in cuts)
    if calling:
        yield from calls.breaches(world, cuts)


def _loose(router: Router, keys: Iterable[Key]) -> list[Key]:
    """Changing workloads that no class sees: they may call others all the same."""
    known = set(keys)
    return [key for key in router.directory.templates if key in router.change.ops and key not in known]


def _first(found: Iterable[Iterable[Breach]]) -> Iterator[Breach]:
    seen: set[tuple[Key, ...]] = set()
    for breach in itertools.chain.from_iterable(found):
        if breach.objects not in seen:
            seen.add(breach.objects)
            yield breach


def _split(world: World, cut: Cut) -> Iterator[Breach]:
    """Classes of one host of which one answers with the new contract, one still with the old."""
    hosts: dict[tuple[str, str], list[Owed]] = {}
    for item in world.classes:
        hosts.setdefault((item.request.entry, item.request.host), []).append(item)
    for items in hosts.values():
        before = frozenset().union(*(item.contracts for item in items))
        after = frozenset().union(*(_after(world, item) for item in items))
        if len(items) > 1 and len(before) == 1 and len(after) == 1 and before != after:
            yield from _divided(world, items, cut)


def _after(world: World, item: Owed) -> frozenset[str]:
    return converged_contracts(world.reference, item.request, item.after, world.reference.change.target)


def _divided(world: World, items: Sequence[Owed], cut: Cut) -> Iterator[Breach]:
    scenes = [Scene(world.router, item, cut, world.router.serve(item.request, cut)) for item in items]
    seen = [(scene, found) for scene in scenes for found in contract.answering(scene)]
    for (one, (first, key, state)), (two, (second, other, moment)) in itertools.combinations(seen, 2):
        together = key != other or state is moment
        if first != second and together and one is not two:
            yield Breach(
                "host-split",
                PROPERTY,
                f"{one.owed.request} is answered by contract {first} while {two.owed.request} is by contract {second}",
                tuple(dict.fromkeys((key, other))),
                "let one write move both: one route that leads to fixed Services",
                cut=cut,
                request=one.owed.request,
                witness={key: state, other: moment},
            )
            return
