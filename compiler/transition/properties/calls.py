"""contract and available, between pods: whom a pod calls must be there, and must speak its version.

What a pod speaks: the contracts that the Services it calls had when its template was at rest; within one
`shipway.dev/group`, its own contract only. Only pods that have work to do count: those behind an entry, behind a
Service of their own that no route names, or behind none at all, and those that these call in turn.

Source: the transition model; the group rule of the design (each colour is a world of its own).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compiler.transition.change import END, START, Change, Cut
from compiler.transition.objects import Key, selects
from compiler.transition.owed import Owed, converged_contracts, names_service
from compiler.transition.pods import Template
from compiler.transition.routing import service
from compiler.transition.routing.request import Request
from compiler.transition.scene import Breach, Scene
from compiler.transition.serving import Router
from compiler.transition.workload import PodState

Pod = tuple[Key, Template, PodState]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything that calls are judged by."""

    router: Router
    reference: Router
    classes: tuple[Owed, ...]

    @property
    def change(self) -> Change:
        return self.router.change


def breaches(world: World, cuts: Iterable[Cut]) -> Iterator[Breach]:
    """Calls that find nobody, or somebody of a contract that the caller does not speak."""
    seen: set[tuple[str, Key, Key]] = set()
    for cut in cuts:
        for breach in _at(world, cut):
            name = (breach.code, breach.objects[0], breach.objects[-1])
            if name not in seen:
                seen.add(name)
                yield breach


def _at(world: World, cut: Cut) -> Iterator[Breach]:
    exposed = {(key, id(template)): (key, template, state) for key, template, state in _exposed(world, cut)}
    pending = list(exposed.values())
    while pending:
        caller = pending.pop()
        for called in _calls(world, caller[0], caller[1]):
            behind = list(_behind(world, called, cut))
            yield from _lost(world, caller, called, cut)
            for callee in behind:
                if (callee[0], id(callee[1])) not in exposed:
                    exposed[callee[0], id(callee[1])] = callee
                    pending.append(callee)
                yield from _crossing(world, caller, callee, called, cut)


def _crossing(world: World, caller: Pod, callee: Pod, called: Key, cut: Cut) -> Iterator[Breach]:
    (key, template, state), (other, met, moment) = caller, callee
    spoken = _spoken(world, key, template, called, met)
    if spoken and met.contract not in spoken and (key != other or state is moment):
        yield Breach(
            "worlds-crossed",
            "contract",
            f"pods of {key} (contract {template.contract}) call {called} and meet {other}"
            f" of contract {met.contract}, which they do not speak",
            (key, other, called),
            "give each colour its own Service, let callers name that of their colour, switch only the entry",
            cut=cut,
            request=_request(called, 0),
            witness={key: state, other: moment},
        )


def _lost(world: World, caller: Pod, called: Key, cut: Cut) -> Iterator[Breach]:
    key, template, state = caller
    if key not in world.change.target.workloads and not _entry_stays(world, key):
        return
    witness = _nobody(world, called, cut)
    if witness is not None and _had_pods(world, key, template, called):
        yield Breach(
            "callee-gone",
            "available",
            f"pods of {key} that serve call {called}, which may have no ready pod then",
            (key, called),
            f"keep {called} and its pods until no pod that calls it serves",
            cut=cut,
            request=_request(called, 0),
            witness={key: state, **witness},
        )


def _entry_stays(world: World, key: Key) -> bool:
    return any(item.protected and key in item.before.workloads for item in world.classes)


def _nobody(world: World, called: Key, cut: Cut) -> dict[Key, PodState] | None:
    """States in which the Service has no ready pod; None: there is always one."""
    change, side = world.change, world.change.side_of(called, cut)
    if side is None:
        return {}
    facts, witness = side.services[called], {}
    if not facts.selector or facts.external:
        return None
    for port in service.numbers(facts)[:1]:
        for key in world.router.selected(facts):
            empty = [
                s
                for s in change.pods(key, cut, "low")
                if not any(service.reach(facts, port, t) == "serves" for t, n in s.ready if n)
            ]
            if not empty:
                return None
            witness[key] = empty[0]
    return witness


def _had_pods(world: World, caller: Key, template: Template, called: Key) -> bool:
    return bool(_at_rest(world, caller, template, called))


def _exposed(world: World, cut: Cut) -> Iterator[Pod]:
    for item in world.classes:
        scene = Scene(world.router, item, cut, world.router.serve(item.request, cut))
        for behind in scene.serving.behind:
            for key in behind.workloads if behind.share > 0 else ():
                for state in scene.states(key, "low"):
                    yield from ((key, t, state) for t, count in state.ready if count and scene.serves(behind, t))
    for key, templates in world.router.directory.templates.items():
        if any(template.calls for template in templates) and _works_alone(world, key, templates, cut):
            for state in world.change.pods(key, cut, "low"):
                yield from ((key, t, state) for t, count in state.ready if count)


def _works_alone(world: World, key: Key, templates: Iterable[Template], cut: Cut) -> bool:
    change, names = world.change, []
    for found in {**change.live.services, **change.target.services}:
        side = change.side_of(found, cut)
        selector = side.services[found].selector if side is not None else {}
        if found.namespace == key.namespace and any(selects(selector, template.labels) for template in templates):
            names.append(found)
    grouped = any(template.group for template in templates)
    return not grouped and all(
        world.router.directory.routed(side, name) is None for name in names for side in (change.live, change.target)
    )


def _calls(world: World, caller: Key, template: Template) -> list[Key]:
    hosts = template.calls
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


def _request(called: Key, port: int) -> Request:
    return Request(f"service {called.namespace}/{called.name}", f"{called.name}:{port}", "")


def _spoken(world: World, caller: Key, template: Template, called: Key, met: Template) -> frozenset[str]:
    """The contracts of a Service that pods of this template speak; empty: not known."""
    if template.group and template.group == met.group:
        return frozenset({template.contract})
    return _at_rest(world, caller, template, called)


def _at_rest(world: World, caller: Key, template: Template, called: Key) -> frozenset[str]:
    """The contracts behind a Service when the caller's template was, or will be, at rest."""
    reference = world.reference.change
    old = reference.baseline.workloads.get(caller)
    side = reference.baseline if old is not None and old.template is template else reference.target
    facts = side.services.get(called)
    port = next(iter(service.numbers(facts)), None) if facts else None
    if port is None:
        return frozenset()
    serving = world.reference.serve(_request(called, port), START if side is reference.baseline else END)
    return converged_contracts(world.reference, _request(called, port), serving, side)
