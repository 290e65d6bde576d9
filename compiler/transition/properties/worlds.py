"""contract, across classes: a client version never meets an API version that it does not speak.

What a pod speaks: the contracts that the Services it calls had when its template was at rest; within one
`shipway.dev/group`, its own contract only. And the classes of one host that move from one contract to another in one
commit are a client and its API: both must move in one instant.

Source: the transition model; the group rule of the design (each colour is a world of its own).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from compiler.transition import explore
from compiler.transition.change import END, START, Change, Cut
from compiler.transition.objects import Key
from compiler.transition.owed import Owed, converged_contracts, names_service, owed, routed
from compiler.transition.pods import Template, called_hosts
from compiler.transition.properties import contract
from compiler.transition.routing import service
from compiler.transition.routing.request import Request
from compiler.transition.scene import Breach, Scene
from compiler.transition.serving import Router
from compiler.transition.workload import PodState

PROPERTY = "contract"
Pod = tuple[Key, Template, PodState]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything that the crossings of one change are judged by."""

    router: Router
    reference: Router
    classes: tuple[Owed, ...]

    @property
    def change(self) -> Change:
        return self.router.change


def breaches(router: Router, reference: Router, requests: Sequence[Request]) -> Iterator[Breach]:
    """Crossings between versions, at any of the points that the classes together can tell apart."""
    if not _several_contracts(router):
        return
    keys = dict.fromkeys(key for request in requests for key in explore.relevant(router, request))
    cuts = list(explore.points(router.change, [*keys, *_loose(router, keys)]))
    entries = [request for request in requests if not request.entry.startswith("service ")]
    classes = tuple(owed(reference, request) for request in entries)
    world = World(router, reference, classes)
    yield from _first(_split(world, cut) for cut in cuts)
    if any(called_hosts(template) for template in _templates(router)):
        yield from _first(_crossed(world, cut) for cut in cuts)


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


def _templates(router: Router) -> Iterator[Template]:
    for key in router.directory.templates:
        yield from router.directory.templates[key]


def _several_contracts(router: Router) -> bool:
    return len({template.contract for template in _templates(router)}) > 1


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
    return converged_contracts(world.reference, item.request, item.after, world.change.target)


def _divided(world: World, items: Sequence[Owed], cut: Cut) -> Iterator[Breach]:
    scenes = [_scene(world, item, cut) for item in items]
    seen = [(scene, found) for scene in scenes for found in contract.answering(scene)]
    for (one, (first, key, state)), (two, (second, other, moment)) in itertools.combinations(seen, 2):
        together = key != other or state is moment
        if first != second and together and one is not two:
            yield Breach(
                "host-split", PROPERTY,
                f"{one.owed.request} is answered by contract {first} while {two.owed.request} is by contract {second}",
                tuple(dict.fromkeys((key, other))), "let one write move both: one route that leads to fixed Services",
                cut=cut, request=one.owed.request, witness={key: state, other: moment},
            )  # fmt: skip
            return


def _scene(world: World, item: Owed, cut: Cut) -> Scene:
    return Scene(world.router, item, cut, world.router.serve(item.request, cut))


def _crossed(world: World, cut: Cut) -> Iterator[Breach]:
    """Calls, from pods that have work to do, to pods of a contract that they do not speak."""
    exposed = {(key, id(template)): (key, template, state) for key, template, state in _exposed(world, cut)}
    pending = list(exposed.values())
    while pending:
        caller, template, state = pending.pop()
        for called in _calls(world, caller, template):
            for callee, met, moment in _behind(world, called, cut):
                if (callee, id(met)) not in exposed:
                    exposed[callee, id(met)] = (callee, met, moment)
                    pending.append((callee, met, moment))
                spoken = _spoken(world, caller, template, called, met)
                if spoken and met.contract not in spoken and (caller != callee or state is moment):
                    yield _crossing((caller, template, state), (callee, met, moment), called, cut)


def _crossing(caller: Pod, callee: Pod, called: Key, cut: Cut) -> Breach:
    key, template, state = caller
    other, met, moment = callee
    return Breach(
        "worlds-crossed", PROPERTY,
        f"pods of {key} (contract {template.contract}) call {called} and meet {other} of contract {met.contract}, which they do not speak",
        (key, other, called), "give each colour a Service of its own, let callers name that of their colour, and switch the entry only",
        cut=cut, request=Request(f"service {called.namespace}/{called.name}", f"{called.name}:0", ""),
        witness={key: state, other: moment},
    )  # fmt: skip


def _exposed(world: World, cut: Cut) -> Iterator[Pod]:
    """Pods that have work to do: behind an entry, behind a Service that no route names, or behind none at all."""
    for item in world.classes:
        scene = _scene(world, item, cut)
        for behind in scene.serving.behind:
            for key in behind.workloads if behind.share > 0 else ():
                for state in scene.states(key, "low"):
                    yield from ((key, t, state) for t, count in state.ready if count and scene.serves(behind, t))
    for key, templates in world.router.directory.templates.items():
        if _works_alone(world, key, templates, cut):
            for state in world.change.pods(key, cut, "low"):
                yield from ((key, t, state) for t, count in state.ready if count)


def _works_alone(world: World, key: Key, templates: Iterable[Template], cut: Cut) -> bool:
    change, names = world.change, []
    for found in {**change.live.services, **change.target.services}:
        side = change.side_of(found, cut)
        if side is not None and found.namespace == key.namespace:
            facts = side.services[found]
            if any(facts.selector and all(t.labels.get(k) == v for k, v in facts.selector.items()) for t in templates):
                names.append(found)
    sides = (change.live, change.target)
    grouped = any(template.group for template in templates)
    return not grouped and all(routed(side, name) is None for name in names for side in sides)


def _calls(world: World, caller: Key, template: Template) -> list[Key]:
    hosts = called_hosts(template)
    services = {**world.change.live.services, **world.change.target.services} if hosts else {}
    return [
        key
        for key in services
        if any(names_service(host, key) and (key.namespace == caller.namespace or "." in host) for host in hosts)
    ]


def _behind(world: World, called: Key, cut: Cut) -> Iterator[Pod]:
    change = world.change
    side = change.side_of(called, cut)
    if side is None:
        return
    facts = side.services[called]
    for port in service.numbers(facts)[:1]:
        for key in world.router.selected(facts):
            for state in change.pods(key, cut, "low"):
                found = [t for t, count in state.ready if count and service.reach(facts, port, t) == "serves"]
                yield from ((key, template, state) for template in found)


def _spoken(world: World, caller: Key, template: Template, called: Key, met: Template) -> frozenset[str]:
    """The contracts of a Service that pods of this template speak; empty: not known."""
    if template.group and template.group == met.group:
        return frozenset({template.contract})
    reference = world.reference.change
    old = reference.baseline.workloads.get(caller)
    at_rest = reference.baseline if old is not None and old.template is template else reference.target
    facts = at_rest.services.get(called)
    port = next(iter(service.numbers(facts)), None) if facts else None
    if port is None:
        return frozenset()
    request = Request(f"service {called.namespace}/{called.name}", f"{called.name}:{port}", "")
    cut = START if at_rest is reference.baseline else END
    return converged_contracts(world.reference, request, world.reference.serve(request, cut), at_rest)


