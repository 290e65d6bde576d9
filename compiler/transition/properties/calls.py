"""contract and available, between pods: whom a pod calls must be there, and must speak its version.

What a pod speaks: the contracts that the Services it calls had when its template was at rest; within one
`shipway.dev/group`, its own contract only. Only pods that have work to do count: those behind an entry, behind a
Service of their own that no route names, or behind none at all, and those that these call in turn.

Source: the transition model; the group rule of the design (the pods of one color call only each other).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from compiler.model.objects import Key, equality_selector_matches
from compiler.model.request import Request
from compiler.transition.facts.pods import ANY_PORT, Template
from compiler.transition.facts.workload import PodState
from compiler.transition.properties.call_graph import CallComponent, ServiceCall, call_components, template_calls
from compiler.transition.routing import service
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach, request_class_too_large
from compiler.transition.search.cuts import distinct_cuts
from compiler.transition.search.guarantee import Guarantee, converged_contracts, guarantee_for
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.router import Router
from compiler.transition.search.traffic_state import TrafficState
from compiler.transition.sync.change import END, START, Change, Cut

CallingPod = tuple[Key, Template, PodState]
RoutedServices = Mapping[tuple[str, str, str], Iterable[Key]]


@dataclass(frozen=True, slots=True, eq=False)
class CallContext:
    """A component of classes and callers, what each class is owed, and the Services to which routes lead, by label."""

    router: Router
    reference: Router
    component: CallComponent
    classes: tuple[Guarantee, ...]
    fronts: RoutedServices

    @property
    def change(self) -> Change:
        return self.router.change


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Calls that find nobody, or somebody of a contract that the caller does not speak."""
    router, reference = judged.router, judged.reference
    found = list(call_components(router, judged.requests))
    fronts = _routed_services(router) if found else {}
    for component in found:
        classes = tuple(guarantee_for(reference, request) for request in component.requests)
        yield from _component_breaches(CallContext(router, reference, component, classes, fronts), judged.last)


def _routed_services(router: Router) -> RoutedServices:
    """The Services that some route names, by namespace and the first label that they select, in each form."""
    found: dict[tuple[str, str, str], dict[Key, None]] = {}
    snapshots = (router.change.live, router.change.target)
    for snapshot in snapshots:
        for key, facts in snapshot.services.items():
            label = next(iter(facts.selector.items()), None)
            if label and any(key in router.index.routed[each] for each in snapshots):
                found.setdefault((key.namespace, *label), {})[key] = None
    return found


def _component_breaches(context: CallContext, last: int) -> Iterator[PropertyBreach]:
    seen: set[tuple[str, Key, Key]] = set()
    for cut in distinct_cuts(context.change, context.component.keys, last):
        if cut is END:
            yield request_class_too_large(_call_request(ServiceCall(context.component.keys[0], 0), 0))
            return
        for breach in _call_breaches(context, cut):
            name = (breach.code, breach.objects[0], breach.objects[-1])
            if name not in seen:
                seen.add(name)
                yield breach


def _call_breaches(context: CallContext, cut: Cut) -> Iterator[PropertyBreach]:
    exposed = {(key, template): (key, template, state) for key, template, state in _active_pods(context, cut)}
    pending = list(exposed.values())
    while pending:
        caller = pending.pop()
        for call in template_calls(context.router, caller[0], caller[1]):
            yield from _unanswered_calls(context, caller, call, cut)
            for callee in _callees(context, call, cut):
                if callee[:2] not in exposed:
                    exposed[callee[:2]] = callee
                    pending.append(callee)
                yield from _contract_mismatches(context, caller, callee, call, cut)


def _contract_mismatches(
    context: CallContext, caller: CallingPod, callee: CallingPod, call: ServiceCall, cut: Cut
) -> Iterator[PropertyBreach]:
    (key, template, state), (other, met, moment) = caller, callee
    spoken = _compatible_contracts(context, key, template, call, met)
    if spoken and met.contract not in spoken and (key != other or state is moment):
        yield PropertyBreach(
            "worlds-crossed",
            "contract",
            f"pods of {key} (contract {template.contract}) call {call.service} and meet {other}"
            f" of contract {met.contract}, which they do not speak",
            (key, other, call.service),
            "give each color its own Service, let callers name that of their color, switch only the entry",
            cut=cut,
            request=_call_request(call, 0),
            pod_states={key: state, other: moment},
        )


def _unanswered_calls(
    context: CallContext, caller: CallingPod, call: ServiceCall, cut: Cut
) -> Iterator[PropertyBreach]:
    key, template, state = caller
    if key not in context.change.target.workloads and not _entry_unchanged(context, key):
        return
    pod_states = _states_without_answer(context, caller, call, cut)
    if pod_states is not None and _converged_callee_contracts(context, key, template, call):
        yield PropertyBreach(
            "callee-gone",
            "available",
            f"pods of {key} that serve call {call.service}, where nobody may be ready, or let them in, then",
            (key, call.service),
            f"keep {call.service}, its pods and what lets callers in until no pod that calls it serves",
            cut=cut,
            request=_call_request(call, 0),
            pod_states={key: state, **pod_states},
        )


def _entry_unchanged(context: CallContext, key: Key) -> bool:
    return any(item.protected and key in item.before.workloads for item in context.classes)


def _called_port(facts: ServiceFacts, call: ServiceCall) -> int | None:
    """The port that a call goes to; None: the Service has none such."""
    ports = service.service_port_numbers(facts)
    return next((port for port in ports if call.port in (ANY_PORT, port)), None)


def _states_without_answer(
    context: CallContext, caller: CallingPod, call: ServiceCall, cut: Cut
) -> dict[Key, PodState] | None:
    """States in which nobody answers a call of the caller; None: there is always somebody."""
    snapshot = context.change.snapshot_of(call.service, cut)
    if snapshot is None:
        return {}
    facts, pod_states = snapshot.services[call.service], dict[Key, PodState]()
    port = _called_port(facts, call)
    if port is None or not facts.selects_pods or facts.external:
        return {} if port is None else None
    for key in context.router.selected(facts):
        shut = _newly_blocked(context, caller, facts, port, cut)
        empty = [
            state for state in context.router.pods.at(key, cut, "low") if not _callee_answers(facts, port, state, shut)
        ]
        if not empty:
            return None
        pod_states[key] = empty[0]
    return pod_states


def _callee_answers(facts: ServiceFacts, port: int, state: PodState, shut: Callable[[Template], bool]) -> bool:
    found = [template for template, count in state.ready if count]
    return any(service.service_reach(facts, port, template) == "serves" and not shut(template) for template in found)


def _newly_blocked(
    context: CallContext, caller: CallingPod, facts: ServiceFacts, port: int, cut: Cut
) -> Callable[[Template], bool]:
    """Which callees a NetworkPolicy keeps the caller from; none, if it kept its kind from all of them before."""
    key, calling, _ = caller
    router, baseline = context.router, context.change.baseline
    old = baseline.workloads.get(key)
    known = [baseline.workloads[pods].template for pods in router.selected(facts) if pods in baseline.workloads]
    if old is None or all(
        router.policies.parted(key, old.template, facts, port, template, START) for template in known
    ):
        return lambda _: False
    return lambda template: router.policies.parted(key, calling, facts, port, template, cut)


def _active_pods(context: CallContext, cut: Cut) -> Iterator[CallingPod]:
    for item in context.classes:
        traffic = TrafficState(context.router, item, cut, context.router.serve(item.request, cut))
        for backend in traffic.serving.backends:
            for key in backend.workloads if backend.share > 0 else ():
                for state in traffic.states(key, "low"):
                    yield from ((key, t, state) for t, count in state.ready if count and traffic.serves(backend, t))
    for key in context.component.callers:
        if _active_without_route(context, key, context.router.index.templates[key], cut):
            for state in context.router.pods.at(key, cut, "low"):
                yield from ((key, t, state) for t, count in state.ready if count)


def _active_without_route(context: CallContext, key: Key, templates: Iterable[Template], cut: Cut) -> bool:
    """Whether pods have work though no route leads to them: none names a Service of theirs, or they have none."""
    if any(template.group for template in templates):
        return False
    for template in templates:
        for label in template.labels.items():
            for found in context.fronts.get((key.namespace, *label), ()):
                snapshot = context.change.snapshot_of(found, cut)
                if snapshot is not None and equality_selector_matches(
                    snapshot.services[found].selector, template.labels
                ):
                    return False
    return True


def _callees(context: CallContext, call: ServiceCall, cut: Cut) -> Iterator[CallingPod]:
    change = context.change
    snapshot = change.snapshot_of(call.service, cut)
    if snapshot is None:
        return
    facts = snapshot.services[call.service]
    port = _called_port(facts, call)
    for key in context.router.selected(facts) if port is not None else ():
        for state in context.router.pods.at(key, cut, "low"):
            found = [t for t, count in state.ready if count and service.service_reach(facts, port or 0, t) == "serves"]
            yield from ((key, template, state) for template in found)


def _call_request(call: ServiceCall, port: int) -> Request:
    key = call.service
    return Request(f"service {key.namespace}/{key.name}", f"{key.name}:{port}", "")


def _compatible_contracts(
    context: CallContext, caller: Key, template: Template, call: ServiceCall, met: Template
) -> frozenset[str]:
    """The contracts of a Service that pods of this template speak; empty: not known."""
    if template.group and template.group == met.group:
        return frozenset({template.contract})
    return _converged_callee_contracts(context, caller, template, call)


def _converged_callee_contracts(
    context: CallContext, caller: Key, template: Template, call: ServiceCall
) -> frozenset[str]:
    """The contracts behind a Service when the caller's template was, or will be, at rest."""
    reference = context.reference.change
    old = reference.baseline.workloads.get(caller)
    snapshot = reference.baseline if old is not None and old.template is template else reference.target
    facts = snapshot.services.get(call.service)
    port = _called_port(facts, call) if facts else None
    if port is None:
        return frozenset()
    request = _call_request(call, port)
    serving = context.reference.serve(request, START if snapshot is reference.baseline else END)
    return converged_contracts(context.reference, request, serving, snapshot)
