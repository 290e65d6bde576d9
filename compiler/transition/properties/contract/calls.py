"""contract and available, between pods: whom a pod calls must be there, and must speak its version.

What a pod speaks: the contracts that the Services it calls had when its template was at rest; within one
`shipway.dev/group`, its own contract only. Only pods that have work to do count: those behind an entry, behind a
Service of their own that no route names, or behind none at all, and those that these call in turn.

Source: the transition model; the group rule of the design (the pods of one color call only each other).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import PodState, is_workload
from compiler.transition.properties.contract.call_graph import CallGraph, ServiceCall
from compiler.transition.properties.contract.call_points import (
    UNWRITTEN,
    CallContext,
    CallingPod,
    CallPoint,
    Pins,
    RoutedServices,
    call_context,
    called_port,
    empty_states,
)
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach, request_class_too_large
from compiler.transition.search.cuts import combinations_of_forms, cut_with, write_groups
from compiler.transition.search.guarantee import converged_contracts, guarantee_for
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.object_index import write_has_effect
from compiler.transition.search.router import Router
from compiler.transition.sync.change import END, START, Cut
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "contract"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """Calls that find nobody, or somebody of a contract that the caller does not speak."""
    router, reference, graph = judged.router, judged.reference, CallGraph(judged.router)
    components = [component for component in graph.components(judged.requests) if component.keys]
    fronts = _fronts_by_label(router) if components else {}
    for component in components:
        classes = tuple(guarantee_for(reference, request) for request in component.requests)
        context = call_context(router, reference, graph, component, classes, fronts, judged.last)
        yield from _component_breaches(context, judged.last)


def _fronts_by_label(router: Router) -> RoutedServices:
    """The Services that some route names, by namespace and the first label that they select, in each form."""
    fronts: dict[tuple[str, str, str], dict[Key, None]] = {}
    snapshots = (router.change.live, router.change.target)
    for snapshot in snapshots:
        for key, facts in snapshot.services.items():
            label = next(iter(facts.selector.items()), None)
            if label and any(key in router.index.routed[each] for each in (*snapshots, router.change.baseline)):
                fronts.setdefault((key.namespace, *label), {})[key] = None
    return fronts


def _component_breaches(context: CallContext, last: int) -> Iterator[PropertyBreach]:
    change = context.change
    keys = context.component.keys
    visible = [key for key in keys if is_workload(key) or (key in change.ops and write_has_effect(change, key))]
    seen: set[tuple[str, Key, Key]] = set()
    for group in write_groups(change, visible, last):
        for breach in _point_breaches(CallPoint(context, group)):
            name = (breach.code, breach.objects[0], breach.objects[-1]) if breach.objects else (breach.code, *NOBODY)
            if name not in seen:
                seen.add(name)
                yield breach


NOBODY = (Key("", "", "", ""), Key("", "", "", ""))


def _point_breaches(point: CallPoint) -> Iterator[PropertyBreach]:
    for caller in point.exposed(frozenset()).values():
        for call in point.context.graph.template_calls(caller[0], caller[1]):
            for form, snapshot in point.forms(call.service):
                pins = frozenset() if form == UNWRITTEN else frozenset({(call.service, form)})
                if not point.always_answered(call, snapshot, pins):
                    yield from _unanswered_calls(point, caller, call, snapshot, pins)
                for callee in point.callees(call, snapshot):
                    yield from _contract_mismatches(point, caller, callee, call, pins)


def _contract_mismatches(
    point: CallPoint, caller: CallingPod, callee: CallingPod, call: ServiceCall, pins: Pins
) -> Iterator[PropertyBreach]:
    (key, template, state), (other, met, moment) = caller, callee
    spoken = _compatible_contracts(point.context, key, template, call, met)
    if not spoken or met.contract in spoken or not (key != other or state is moment):
        return
    if point.is_reached(caller, pins):
        yield PropertyBreach(
            "worlds-crossed",
            PROPERTY,
            f"pods of {key} (contract {template.contract}) call {call.service} and reach {other}, whose contract "
            f"{met.contract} they do not speak",
            (key, other, call.service),
            "give each color its own Service, let each caller name the Service of its color, and switch only the entry",
            cut=cut_with(point.group, pins),
            request=_call_request(call, 0),
            pod_states={key: state, other: moment},
        )


def _unanswered_calls(
    point: CallPoint, caller: CallingPod, call: ServiceCall, snapshot: Snapshot | None, pins: Pins
) -> Iterator[PropertyBreach]:
    context, (key, template, state) = point.context, caller
    if context.change.snapshot_of(key, END) is None and not _entry_unchanged(context, key):
        return
    if not _converged_callee_contracts(context, key, template, call):
        return
    if call not in context.graph.lasting_calls(key, template) and _contracts_behind(context.reference, call, False):
        return  # its init containers wait until somebody answers
    if _is_new_call_of_a_worker(context, key, call):
        return
    choices = combinations_of_forms(context.change, _moving_policies(point, key, call, snapshot))
    if choices is None:
        yield request_class_too_large(_call_request(call, 0))
    for policies in choices or ():
        cut = cut_with(point.group, (*pins, *policies))
        pod_states = _states_without_answer(point, caller, call, snapshot, cut)
        if pod_states is not None and point.is_required(caller, frozenset((*pins, *policies))):
            yield PropertyBreach(
                "callee-gone",
                "available",
                f"serving pods of {key} call {call.service}, which may have no ready pod at that moment, or may "
                "not admit them",
                (key, call.service),
                f"keep {call.service}, its pods, and the NetworkPolicy rules that admit its callers until no "
                "caller serves requests",
                cut=cut,
                request=_call_request(call, 0),
                pod_states={key: state, **pod_states},
            )
            return


def _is_new_call_of_a_worker(context: CallContext, key: Key, call: ServiceCall) -> bool:
    """Whether nobody was answered by it yet: the Service comes with this commit, and no Service leads to the caller.

    Nobody waits for such pods while those whom they come to call are not ready yet.
    """
    change, router = context.change, context.router
    sides = (change.baseline, change.live, change.target)
    if any(call.service in side.services for side in sides[:2]):
        return False
    return not any(key in router.selected(facts) for side in sides for facts in side.services.values())


def _moving_policies(point: CallPoint, caller: Key, call: ServiceCall, snapshot: Snapshot | None) -> list[Key]:
    """The NetworkPolicies of the group that decide whether the caller reaches the Service's pods."""
    router = point.context.router
    selected = router.selected(snapshot.services[call.service]) if snapshot else ()
    policies = (policy for key in (caller, *selected) for policy in router.index.policies.get(key, ()))
    return [policy for policy in dict.fromkeys(policies) if policy in point.group.others]


def _entry_unchanged(context: CallContext, key: Key) -> bool:
    return any(item.protected and key in item.before.workloads for item in context.classes)


def _states_without_answer(
    point: CallPoint, caller: CallingPod, call: ServiceCall, snapshot: Snapshot | None, cut: Cut
) -> dict[Key, PodState] | None:
    """States in which nobody answers a call of the caller; None: there is always somebody."""
    if snapshot is None:
        return {}
    facts = snapshot.services[call.service]
    port = called_port(facts, call)
    if port is None or not facts.selects_pods or facts.external:
        return {} if port is None else None
    if not point.context.router.policies.names:
        return point.empty_states(facts, port, cut)
    return empty_states(point.context.router, facts, port, cut, _newly_blocked(point.context, caller, facts, port, cut))


def _newly_blocked(
    context: CallContext, caller: CallingPod, facts: ServiceFacts, port: int, cut: Cut
) -> Callable[[Template], bool]:
    """Which callees a NetworkPolicy keeps the caller from; none, if it kept its kind from all of them before."""
    key, calling, _ = caller
    router, baseline = context.router, context.change.baseline
    old = baseline.workloads.get(key)
    known = [baseline.workloads[pods].template for pods in router.selected(facts) if pods in baseline.workloads]
    parted = router.policies.parted
    if old is None or all(parted(key, old.template, facts, port, template, START) for template in known):
        return lambda _: False
    return lambda template: parted(key, calling, facts, port, template, cut)


def _call_request(call: ServiceCall, port: int) -> Request:
    key = call.service
    return Request.to_service(key, f"{key.name}:{port}")


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
    old = context.reference.change.baseline.workloads.get(caller)
    asked = (call, old is not None and old.template is template)
    if asked not in context.known_contracts:
        context.known_contracts[asked] = _contracts_behind(context.reference, *asked)
    return context.known_contracts[asked]


def _contracts_behind(reference: Router, call: ServiceCall, before: bool) -> frozenset[str]:
    """The contracts behind a Service at rest, before the commit or after it."""
    snapshot = reference.change.baseline if before else reference.change.target
    facts = snapshot.services.get(call.service)
    port = called_port(facts, call) if facts else None
    if port is None:
        return frozenset()
    request = _call_request(call, port)
    return converged_contracts(reference, request, reference.serve(request, START if before else END), snapshot)
