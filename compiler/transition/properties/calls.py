"""contract and available, between pods: whom a pod calls must be there, and must speak its version.

What a pod speaks: the contracts that the Services it calls had when its template was at rest; within one
`shipway.dev/group`, its own contract only. Only pods that have work to do count: those behind an entry, behind a
Service of their own that no route names, or behind none at all, and those that these call in turn.

Source: the transition model; the group rule of the design (each colour is a world of its own).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.transition import explore
from compiler.transition.change import END, START, Change, Cut
from compiler.transition.objects import Key, selects
from compiler.transition.owed import Owed, converged_contracts, owed
from compiler.transition.pods import ANY_PORT, Template
from compiler.transition.properties.circles import Call, Circle, calls_by, circles
from compiler.transition.routing import service
from compiler.transition.routing.request import Request
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.scene import Breach, Scene
from compiler.transition.serving import Router
from compiler.transition.workload import PodState

Pod = tuple[Key, Template, PodState]
Fronts = Mapping[tuple[str, str, str], Iterable[Key]]


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A circle of classes and callers, what each class is owed, and the Services to which routes lead, by label."""

    router: Router
    reference: Router
    circle: Circle
    classes: tuple[Owed, ...]
    fronts: Fronts

    @property
    def change(self) -> Change:
        return self.router.change


def breaches(router: Router, reference: Router, requests: Sequence[Request], last: int) -> Iterator[Breach]:
    """Calls that find nobody, or somebody of a contract that the caller does not speak, up to pass `last`."""
    found = list(circles(router, requests))
    fronts = _fronts(router) if found else {}
    for circle in found:
        classes = tuple(owed(reference, request) for request in circle.requests)
        yield from _around(World(router, reference, circle, classes, fronts), last)


def _fronts(router: Router) -> Fronts:
    """The Services that some route names, by namespace and the first label that they select, in each form."""
    found: dict[tuple[str, str, str], dict[Key, None]] = {}
    sides = (router.change.live, router.change.target)
    for side in sides:
        for key, facts in side.services.items():
            label = next(iter(facts.selector.items()), None)
            if label and any(router.directory.routed(each, key) is not None for each in sides):
                found.setdefault((key.namespace, *label), {})[key] = None
    return found


def _around(world: World, last: int) -> Iterator[Breach]:
    seen: set[tuple[str, Key, Key]] = set()
    for cut in explore.points(world.change, world.circle.keys, last):
        if cut is END:
            yield explore.too_large(_request(Call(world.circle.keys[0], 0), 0))
            return
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
        for call in calls_by(world.router, caller[0], caller[1]):
            yield from _lost(world, caller, call, cut)
            for callee in _behind(world, call, cut):
                if (callee[0], id(callee[1])) not in exposed:
                    exposed[callee[0], id(callee[1])] = callee
                    pending.append(callee)
                yield from _crossing(world, caller, callee, call, cut)


def _crossing(world: World, caller: Pod, callee: Pod, call: Call, cut: Cut) -> Iterator[Breach]:
    (key, template, state), (other, met, moment) = caller, callee
    spoken = _spoken(world, key, template, call, met)
    if spoken and met.contract not in spoken and (key != other or state is moment):
        yield Breach(
            "worlds-crossed",
            "contract",
            f"pods of {key} (contract {template.contract}) call {call.service} and meet {other}"
            f" of contract {met.contract}, which they do not speak",
            (key, other, call.service),
            "give each colour its own Service, let callers name that of their colour, switch only the entry",
            cut=cut,
            request=_request(call, 0),
            witness={key: state, other: moment},
        )


def _lost(world: World, caller: Pod, call: Call, cut: Cut) -> Iterator[Breach]:
    key, template, state = caller
    if key not in world.change.target.workloads and not _entry_stays(world, key):
        return
    witness = _nobody(world, caller, call, cut)
    if witness is not None and _at_rest(world, key, template, call):
        yield Breach(
            "callee-gone",
            "available",
            f"pods of {key} that serve call {call.service}, where nobody may be ready, or let them in, then",
            (key, call.service),
            f"keep {call.service}, its pods and what lets callers in until no pod that calls it serves",
            cut=cut,
            request=_request(call, 0),
            witness={key: state, **witness},
        )


def _entry_stays(world: World, key: Key) -> bool:
    return any(item.protected and key in item.before.workloads for item in world.classes)


def _port(facts: ServiceFacts, call: Call) -> int | None:
    """The port that a call goes to; None: the Service has none such."""
    ports = service.numbers(facts)
    return next((port for port in ports if call.port in (ANY_PORT, port)), None)


def _nobody(world: World, caller: Pod, call: Call, cut: Cut) -> dict[Key, PodState] | None:
    """States in which nobody answers a call of the caller; None: there is always somebody."""
    change, side = world.change, world.change.side_of(call.service, cut)
    if side is None:
        return {}
    facts, witness = side.services[call.service], dict[Key, PodState]()
    port = _port(facts, call)
    if port is None or not facts.selects_pods or facts.external:
        return {} if port is None else None
    for key in world.router.selected(facts):
        shut = _newly_shut(world, caller, facts, port, cut)
        empty = [state for state in change.pods(key, cut, "low") if not _answers(facts, port, state, shut)]
        if not empty:
            return None
        witness[key] = empty[0]
    return witness


def _answers(facts: ServiceFacts, port: int, state: PodState, shut: Callable[[Template], bool]) -> bool:
    found = [template for template, count in state.ready if count]
    return any(service.reach(facts, port, template) == "serves" and not shut(template) for template in found)


def _newly_shut(world: World, caller: Pod, facts: ServiceFacts, port: int, cut: Cut) -> Callable[[Template], bool]:
    """Which callees a NetworkPolicy keeps the caller from; none, if it kept its kind from all of them before."""
    key, calling, _ = caller
    router, baseline = world.router, world.change.baseline
    old = baseline.workloads.get(key)
    known = [baseline.workloads[pods].template for pods in router.selected(facts) if pods in baseline.workloads]
    if old is None or all(router.walls.parted(key, old.template, facts, port, template, START) for template in known):
        return lambda _: False
    return lambda template: router.walls.parted(key, calling, facts, port, template, cut)


def _exposed(world: World, cut: Cut) -> Iterator[Pod]:
    for item in world.classes:
        scene = Scene(world.router, item, cut, world.router.serve(item.request, cut))
        for behind in scene.serving.behind:
            for key in behind.workloads if behind.share > 0 else ():
                for state in scene.states(key, "low"):
                    yield from ((key, t, state) for t, count in state.ready if count and scene.serves(behind, t))
    for key in world.circle.callers:
        if _works_alone(world, key, world.router.directory.templates[key], cut):
            for state in world.change.pods(key, cut, "low"):
                yield from ((key, t, state) for t, count in state.ready if count)


def _works_alone(world: World, key: Key, templates: Iterable[Template], cut: Cut) -> bool:
    """Whether pods have work though no route leads to them: none names a Service of theirs, or they have none."""
    if any(template.group for template in templates):
        return False
    for template in templates:
        for label in template.labels.items():
            for found in world.fronts.get((key.namespace, *label), ()):
                side = world.change.side_of(found, cut)
                if side is not None and selects(side.services[found].selector, template.labels):
                    return False
    return True


def _behind(world: World, call: Call, cut: Cut) -> Iterator[Pod]:
    change = world.change
    side = change.side_of(call.service, cut)
    if side is None:
        return
    facts = side.services[call.service]
    port = _port(facts, call)
    for key in world.router.selected(facts) if port is not None else ():
        for state in change.pods(key, cut, "low"):
            found = [t for t, count in state.ready if count and service.reach(facts, port or 0, t) == "serves"]
            yield from ((key, template, state) for template in found)


def _request(call: Call, port: int) -> Request:
    key = call.service
    return Request(f"service {key.namespace}/{key.name}", f"{key.name}:{port}", "")


def _spoken(world: World, caller: Key, template: Template, call: Call, met: Template) -> frozenset[str]:
    """The contracts of a Service that pods of this template speak; empty: not known."""
    if template.group and template.group == met.group:
        return frozenset({template.contract})
    return _at_rest(world, caller, template, call)


def _at_rest(world: World, caller: Key, template: Template, call: Call) -> frozenset[str]:
    """The contracts behind a Service when the caller's template was, or will be, at rest."""
    reference = world.reference.change
    old = reference.baseline.workloads.get(caller)
    side = reference.baseline if old is not None and old.template is template else reference.target
    facts = side.services.get(call.service)
    port = _port(facts, call) if facts else None
    if port is None:
        return frozenset()
    request = _request(call, port)
    serving = world.reference.serve(request, START if side is reference.baseline else END)
    return converged_contracts(world.reference, request, serving, side)
