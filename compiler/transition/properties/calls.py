"""contract and available, between pods: whom a pod calls must be there, and must speak its version.

What a pod speaks: the contracts that the Services it calls had when its template was at rest; within one
`shipway.dev/group`, its own contract only. Only pods that have work to do count: those behind an entry, behind a
Service of their own that no route names, or behind none at all, and those that these call in turn.

Source: the transition model; the group rule of the design (each colour is a world of its own).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.model.objects import Key, equality_selector_matches
from compiler.model.request import Request
from compiler.transition.facts.pods import ANY_PORT, Template
from compiler.transition.facts.workload import PodState
from compiler.transition.properties.call_graph import CallComponent, ServiceCall, call_components, template_calls
from compiler.transition.routing import service
from compiler.transition.routing.router import Router
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search import explore
from compiler.transition.search.guarantee import Guarantee, converged_contracts, guarantee_for
from compiler.transition.search.traffic_state import PropertyBreach, TrafficState
from compiler.transition.sync.change import END, START, Change, Cut

CallingPod = tuple[Key, Template, PodState]
RoutedServices = Mapping[tuple[str, str, str], Iterable[Key]]


@dataclass(frozen=True, slots=True, eq=False)
class CallContext:
    """A circle of classes and callers, what each class is owed, and the Services to which routes lead, by label."""

    router: Router
    reference: Router
    circle: CallComponent
    classes: tuple[Guarantee, ...]
    fronts: RoutedServices

    @property
    def change(self) -> Change:
        return self.router.change


def breaches(router: Router, reference: Router, requests: Sequence[Request], last: int) -> Iterator[PropertyBreach]:
    """Calls that find nobody, or somebody of a contract that the caller does not speak, up to pass `last`."""
    found = list(call_components(router, requests))
    fronts = _routed_services(router) if found else {}
    for circle in found:
        classes = tuple(guarantee_for(reference, request) for request in circle.requests)
        yield from _component_breaches(CallContext(router, reference, circle, classes, fronts), last)


def _routed_services(router: Router) -> RoutedServices:
    """The Services that some route names, by namespace and the first label that they select, in each form."""
    found: dict[tuple[str, str, str], dict[Key, None]] = {}
    sides = (router.change.live, router.change.target)
    for side in sides:
        for key, facts in side.services.items():
            label = next(iter(facts.selector.items()), None)
            if label and any(router.directory.routed(each, key) is not None for each in sides):
                found.setdefault((key.namespace, *label), {})[key] = None
    return found


def _component_breaches(world: CallContext, last: int) -> Iterator[PropertyBreach]:
    seen: set[tuple[str, Key, Key]] = set()
    for cut in explore.distinct_cuts(world.change, world.circle.keys, last):
        if cut is END:
            yield explore.request_class_too_large(_call_request(ServiceCall(world.circle.keys[0], 0), 0))
            return
        for breach in _call_breaches(world, cut):
            name = (breach.code, breach.objects[0], breach.objects[-1])
            if name not in seen:
                seen.add(name)
                yield breach


def _call_breaches(world: CallContext, cut: Cut) -> Iterator[PropertyBreach]:
    exposed = {(key, id(template)): (key, template, state) for key, template, state in _active_pods(world, cut)}
    pending = list(exposed.values())
    while pending:
        caller = pending.pop()
        for call in template_calls(world.router, caller[0], caller[1]):
            yield from _unanswered_calls(world, caller, call, cut)
            for callee in _callees(world, call, cut):
                if (callee[0], id(callee[1])) not in exposed:
                    exposed[callee[0], id(callee[1])] = callee
                    pending.append(callee)
                yield from _contract_mismatches(world, caller, callee, call, cut)


def _contract_mismatches(
    world: CallContext, caller: CallingPod, callee: CallingPod, call: ServiceCall, cut: Cut
) -> Iterator[PropertyBreach]:
    (key, template, state), (other, met, moment) = caller, callee
    spoken = _compatible_contracts(world, key, template, call, met)
    if spoken and met.contract not in spoken and (key != other or state is moment):
        yield PropertyBreach(
            "worlds-crossed",
            "contract",
            f"pods of {key} (contract {template.contract}) call {call.service} and meet {other}"
            f" of contract {met.contract}, which they do not speak",
            (key, other, call.service),
            "give each colour its own Service, let callers name that of their colour, switch only the entry",
            cut=cut,
            request=_call_request(call, 0),
            witness={key: state, other: moment},
        )


def _unanswered_calls(world: CallContext, caller: CallingPod, call: ServiceCall, cut: Cut) -> Iterator[PropertyBreach]:
    key, template, state = caller
    if key not in world.change.target.workloads and not _entry_unchanged(world, key):
        return
    witness = _states_without_answer(world, caller, call, cut)
    if witness is not None and _converged_callee_contracts(world, key, template, call):
        yield PropertyBreach(
            "callee-gone",
            "available",
            f"pods of {key} that serve call {call.service}, where nobody may be ready, or let them in, then",
            (key, call.service),
            f"keep {call.service}, its pods and what lets callers in until no pod that calls it serves",
            cut=cut,
            request=_call_request(call, 0),
            witness={key: state, **witness},
        )


def _entry_unchanged(world: CallContext, key: Key) -> bool:
    return any(item.protected and key in item.before.workloads for item in world.classes)


def _called_port(facts: ServiceFacts, call: ServiceCall) -> int | None:
    """The port that a call goes to; None: the Service has none such."""
    ports = service.service_port_numbers(facts)
    return next((port for port in ports if call.port in (ANY_PORT, port)), None)


def _states_without_answer(
    world: CallContext, caller: CallingPod, call: ServiceCall, cut: Cut
) -> dict[Key, PodState] | None:
    """States in which nobody answers a call of the caller; None: there is always somebody."""
    change, side = world.change, world.change.side_of(call.service, cut)
    if side is None:
        return {}
    facts, witness = side.services[call.service], dict[Key, PodState]()
    port = _called_port(facts, call)
    if port is None or not facts.selects_pods or facts.external:
        return {} if port is None else None
    for key in world.router.selected(facts):
        shut = _newly_blocked(world, caller, facts, port, cut)
        empty = [state for state in change.pods(key, cut, "low") if not _callee_answers(facts, port, state, shut)]
        if not empty:
            return None
        witness[key] = empty[0]
    return witness


def _callee_answers(facts: ServiceFacts, port: int, state: PodState, shut: Callable[[Template], bool]) -> bool:
    found = [template for template, count in state.ready if count]
    return any(service.service_reach(facts, port, template) == "serves" and not shut(template) for template in found)


def _newly_blocked(
    world: CallContext, caller: CallingPod, facts: ServiceFacts, port: int, cut: Cut
) -> Callable[[Template], bool]:
    """Which callees a NetworkPolicy keeps the caller from; none, if it kept its kind from all of them before."""
    key, calling, _ = caller
    router, baseline = world.router, world.change.baseline
    old = baseline.workloads.get(key)
    known = [baseline.workloads[pods].template for pods in router.selected(facts) if pods in baseline.workloads]
    if old is None or all(router.walls.parted(key, old.template, facts, port, template, START) for template in known):
        return lambda _: False
    return lambda template: router.walls.parted(key, calling, facts, port, template, cut)


def _active_pods(world: CallContext, cut: Cut) -> Iterator[CallingPod]:
    for item in world.classes:
        scene = TrafficState(world.router, item, cut, world.router.serve(item.request, cut))
        for behind in scene.serving.behind:
            for key in behind.workloads if behind.share > 0 else ():
                for state in scene.states(key, "low"):
                    yield from ((key, t, state) for t, count in state.ready if count and scene.serves(behind, t))
    for key in world.circle.callers:
        if _active_without_route(world, key, world.router.directory.templates[key], cut):
            for state in world.change.pods(key, cut, "low"):
                yield from ((key, t, state) for t, count in state.ready if count)


def _active_without_route(world: CallContext, key: Key, templates: Iterable[Template], cut: Cut) -> bool:
    """Whether pods have work though no route leads to them: none names a Service of theirs, or they have none."""
    if any(template.group for template in templates):
        return False
    for template in templates:
        for label in template.labels.items():
            for found in world.fronts.get((key.namespace, *label), ()):
                side = world.change.side_of(found, cut)
                if side is not None and equality_selector_matches(side.services[found].selector, template.labels):
                    return False
    return True


def _callees(world: CallContext, call: ServiceCall, cut: Cut) -> Iterator[CallingPod]:
    change = world.change
    side = change.side_of(call.service, cut)
    if side is None:
        return
    facts = side.services[call.service]
    port = _called_port(facts, call)
    for key in world.router.selected(facts) if port is not None else ():
        for state in change.pods(key, cut, "low"):
            found = [t for t, count in state.ready if count and service.service_reach(facts, port or 0, t) == "serves"]
            yield from ((key, template, state) for template in found)


def _call_request(call: ServiceCall, port: int) -> Request:
    key = call.service
    return Request(f"service {key.namespace}/{key.name}", f"{key.name}:{port}", "")


def _compatible_contracts(
    world: CallContext, caller: Key, template: Template, call: ServiceCall, met: Template
) -> frozenset[str]:
    """The contracts of a Service that pods of this template speak; empty: not known."""
    if template.group and template.group == met.group:
        return frozenset({template.contract})
    return _converged_callee_contracts(world, caller, template, call)


def _converged_callee_contracts(
    world: CallContext, caller: Key, template: Template, call: ServiceCall
) -> frozenset[str]:
    """The contracts behind a Service when the caller's template was, or will be, at rest."""
    reference = world.reference.change
    old = reference.baseline.workloads.get(caller)
    side = reference.baseline if old is not None and old.template is template else reference.target
    facts = side.services.get(call.service)
    port = _called_port(facts, call) if facts else None
    if port is None:
        return frozenset()
    request = _call_request(call, port)
    serving = world.reference.serve(request, START if side is reference.baseline else END)
    return converged_contracts(world.reference, request, serving, side)
