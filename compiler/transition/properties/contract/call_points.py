"""Who may call whom at some point of one group of writes, whose objects each may have their old or new form.

Whom a call meets depends on the form of the Service alone, not on the caller: so a chain of calls that passes a Service
twice has a shorter one that passes it once, and each Service of a shortest chain may have whatever form it needs. Pods
that are reached over any forms are therefore reached at some point; a property that speaks of one more Service, or of
policies, asks again with their forms pinned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial

from compiler.model.objects import Key, equality_selector_matches, is_service
from compiler.transition.controllers import rollout
from compiler.transition.facts.pods import ANY_PORT, Template
from compiler.transition.facts.workload import PodState
from compiler.transition.properties.contract.call_graph import CallComponent, CallGraph, ServiceCall
from compiler.transition.routing import service
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.cuts import WriteGroup, cut_with, possible_forms
from compiler.transition.search.guarantee import Guarantee
from compiler.transition.search.relevance import class_cuts, relevance_of
from compiler.transition.search.router import Router
from compiler.transition.search.traffic_state import TrafficState
from compiler.transition.sync.change import Change, Cut, SyncPosition
from compiler.transition.sync.snapshot import Snapshot

CallingPod = tuple[Key, Template, PodState]
RoutedServices = Mapping[tuple[str, str, str], Iterable[Key]]
Pins = frozenset[tuple[Key, str]]
"""Objects of the group whose form is given."""
ExposedPods = Mapping[tuple[Key, Template], CallingPod]
Entry = Sequence[tuple[Cut, Sequence[CallingPod]]]
"""The points that a class can tell apart, each with the pods that serve it there."""
UNWRITTEN = ""
"""The form of an object that the group does not write."""


@dataclass(slots=True, eq=False)
class CallContext:
    """A component of classes and callers, with what each class must be given, and by label the Services of routes.

    It remembers the contracts behind each Service that is called.
    """

    router: Router
    reference: Router
    graph: CallGraph
    component: CallComponent
    classes: tuple[Guarantee, ...]
    class_cuts: tuple[Mapping[SyncPosition, list[Cut] | None], ...]
    fronts: RoutedServices
    known_contracts: dict[tuple[ServiceCall, bool], frozenset[str]] = field(init=False, default_factory=dict)

    @property
    def change(self) -> Change:
        """What is written."""
        return self.router.change

    @property
    def required_classes(self) -> tuple[int, ...]:
        """The classes that must be answered all the way, by their numbers."""
        return tuple(number for number, item in enumerate(self.classes) if item.protected)

    @property
    def required_callers(self) -> tuple[Key, ...]:
        """The callers that had work before the commit."""
        return tuple(key for key in self.component.callers if key in self.graph.known_before)


def call_context(
    router: Router, reference: Router, graph: CallGraph, component: CallComponent, classes: tuple[Guarantee, ...],
    fronts: RoutedServices, last: int,
) -> CallContext:  # fmt: skip
    """The context of a component, up to pass `last`."""
    cuts = tuple(class_cuts(router, item.request, relevance_of(router, item.request), last) for item in classes)
    return CallContext(router, reference, graph, component, classes, cuts, fronts)


class CallPoint:
    """One group of writes, at any point of it; remembers who is exposed with which forms pinned."""

    def __init__(self, context: CallContext, group: WriteGroup) -> None:
        self.context = context
        self.group = group
        self.cut = Cut(group.place, frozenset(group.workloads))
        self.exposed = cache(self._exposed)
        self.required = cache(self._required)
        self.callees = cache(self._callees)
        self.empty_states = cache(partial(empty_states, context.router))
        self.always_answered = cache(self._always_answered)
        self._moving = frozenset(group.others)
        self._entries = [list(self._entry(number)) for number in range(len(context.classes))]

    def forms(self, key: Key, pins: Pins = frozenset()) -> list[tuple[str, Snapshot | None]]:
        """The forms that an object may have at this point, each with the snapshot that holds it (None: it is away)."""
        change = self.context.change
        if key not in self._moving:
            return [(UNWRITTEN, change.snapshot_of(key, self.cut))]
        given = dict(pins).get(key)
        snapshots = {"old": change.live, "new": change.target}
        forms = ((form, snapshots.get(form)) for form in possible_forms(change, key) if given in (None, form))
        return [(form, snapshot if snapshot and key in snapshot.objects else None) for form, snapshot in forms]

    def is_reached(self, pod: CallingPod, pins: Pins) -> bool:
        """Whether the pod has work to do at a point with these forms, and not before the group is written already."""
        if pod[:2] not in self.exposed(self._deciding(pins)):
            return False
        return self._has_begun(pins) or pod[:2] not in self._before.exposed(frozenset())

    def is_required(self, pod: CallingPod, pins: Pins) -> bool:
        """Whether it is reached so by requests that were answered before the commit, and must be all the time.

        Requests that the commit gives up may have reached it before the group is written: that says nothing of others.
        """
        if pod[:2] not in self.required(self._deciding(pins)):
            return False
        return self._has_begun(pins) or pod[:2] not in self._before.required(frozenset())

    def _has_begun(self, pins: Pins) -> bool:
        return bool(self.group.workloads) or any(form != "old" for _, form in pins)

    def _deciding(self, pins: Pins) -> Pins:
        """The pins that can decide who is reached: Services, and the policies that some class can see."""
        return frozenset(pin for pin in pins if is_service(pin[0]) or pin[0] in self._seen)

    @cached_property
    def _seen(self) -> frozenset[Key]:
        return frozenset(key for entry in self._entries for cut, _ in entry for key in cut.partly)

    @cached_property
    def _before(self) -> CallPoint:
        return CallPoint(self.context, self.group._replace(others=()))

    def pods(self, key: Key) -> tuple[PodState, ...]:
        """The states in which the pods of a workload may be."""
        return self.context.router.pods.at(key, self.cut, "low")

    def _callees(self, call: ServiceCall, snapshot: Snapshot | None) -> tuple[CallingPod, ...]:
        return tuple(self._pods_behind(call, snapshot))

    def _always_answered(self, call: ServiceCall, snapshot: Snapshot | None, pins: Pins) -> bool:
        """Whether some pod answers whoever calls: each caller of a group calls all others, so this is asked once."""
        if snapshot is None or self.context.router.policies.names:
            return False
        facts = snapshot.services[call.service]
        port = called_port(facts, call)
        if port is None or not facts.selects_pods or facts.external:
            return port is not None
        return self.empty_states(facts, port, cut_with(self.group, pins)) is None

    def _pods_behind(self, call: ServiceCall, snapshot: Snapshot | None) -> Iterator[CallingPod]:
        """The ready pods that a call may meet where the Service has the form of `snapshot`."""
        facts = snapshot.services[call.service] if snapshot else None
        port = called_port(facts, call) if facts else None
        if facts is None or port is None:
            return
        for key in self.context.router.selected(facts):
            workload = self.context.change.known_workload(key)
            for state in rollout.states_behind(self.pods(key), workload, facts.key.name):
                ready = [t for t, count in state.ready if count]
                yield from ((key, t, state) for t in ready if service.service_reach(facts, port, t) == "serves")

    def _exposed(self, pins: Pins) -> ExposedPods:
        """The pods that have work to do at some point at which the pinned objects have their forms."""
        context = self.context
        return self._with_callees(self._active_pods(pins, range(len(context.classes)), context.component.callers), pins)

    def _required(self, pins: Pins) -> ExposedPods:
        """Those of them whose work does not come with this commit."""
        context = self.context
        return self._with_callees(self._active_pods(pins, context.required_classes, context.required_callers), pins)

    def _with_callees(self, pods: Iterable[CallingPod], pins: Pins) -> ExposedPods:
        exposed = {pod[:2]: pod for pod in pods}
        pending = list(exposed.values())
        while pending:
            key, template, _ = pending.pop()
            for call in self.context.graph.template_calls(key, template):
                for _, snapshot in self.forms(call.service, pins):
                    for callee in self.callees(call, snapshot):
                        if callee[:2] not in exposed:
                            exposed[callee[:2]] = callee
                            pending.append(callee)
        return exposed

    def _active_pods(self, pins: Pins, classes: Iterable[int], callers: Iterable[Key]) -> Iterator[CallingPod]:
        """The pods with work by themselves: those that serve these classes, and those of these callers."""
        for entry in (self._entries[number] for number in classes):
            seen = self._seen_pins(entry, pins)
            for cut, pods in entry:
                if _agrees(cut, seen):
                    yield from pods
        for key in callers:
            if self._active_without_route(key, pins):
                for state in self.pods(key):
                    yield from ((key, t, state) for t, count in state.ready if count)

    def _seen_pins(self, entry: Entry, pins: Pins) -> Pins:
        """The pins that a class's points can tell apart: at most one, for a covering array holds each with any other.

        Of more the one Service counts, which errs to the side of more pods that are reached.
        """
        seen = frozenset(pin for pin in pins if any(pin[0] in cut.partly for cut, _ in entry))
        return seen if len(seen) < 2 else frozenset(pin for pin in seen if is_service(pin[0]))

    def _entry(self, number: int) -> Iterator[tuple[Cut, list[CallingPod]]]:
        """Each point that a class can tell apart, with the pods that serve the class there."""
        cuts = self.context.class_cuts[number].get(self.group.place)
        item, router = self.context.classes[number], self.context.router
        for cut in dict.fromkeys((self.cut, *((cuts or ()) if self._moving else ()))):
            traffic = TrafficState(router, item, cut, router.serve(item.request, cut))
            pods: list[CallingPod] = []
            for backend in traffic.serving.backends:
                for key in backend.workloads if traffic.may_answer(backend) else ():
                    for state in traffic.states_behind(backend, key, "low"):
                        pods += [(key, t, state) for t, count in state.ready if count and traffic.serves(backend, t)]
            yield cut, pods

    def _active_without_route(self, key: Key, pins: Pins) -> bool:
        """Whether pods have work though no route leads to them: none names a Service of theirs, or they have none."""
        templates = self.context.router.index.templates[key]
        if any(template.group for template in templates):
            return False
        labels = ((key.namespace, *label) for template in templates for label in template.labels.items())
        fronts = dict.fromkeys(front for label in labels for front in self.context.fronts.get(label, ()))
        return all(
            any(not _selects_any(snapshot, front, templates) for _, snapshot in self.forms(front, pins))
            for front in fronts
        )


def _shuts_nobody(_: Template) -> bool:
    """Where no NetworkPolicy is, nobody is shut to anybody."""
    return False


def empty_states(
    router: Router, facts: ServiceFacts, port: int, cut: Cut, shut: Callable[[Template], bool] = _shuts_nobody
) -> dict[Key, PodState] | None:
    """States in which no pod behind the Service answers; None: one always does. `shut`: which pods are kept away."""
    pod_states: dict[Key, PodState] = {}
    for key in router.selected(facts):
        states = router.pods.at(key, cut, "low")
        empty = next((state for state in states if not _answers(facts, port, state, shut)), None)
        if empty is None:
            return None
        pod_states[key] = empty
    return pod_states


def _answers(facts: ServiceFacts, port: int, state: PodState, shut: Callable[[Template], bool]) -> bool:
    ready = (template for template, count in state.ready if count)
    return any(service.service_reach(facts, port, template) == "serves" and not shut(template) for template in ready)


def _agrees(cut: Cut, pins: Pins) -> bool:
    """Whether each pinned object has its form at this point."""
    return all(form == ("gone" if key in cut.gone else "new" if key in cut.partly else "old") for key, form in pins)


def _selects_any(snapshot: Snapshot | None, front: Key, templates: Iterable[Template]) -> bool:
    if snapshot is None:
        return False
    selector = snapshot.services[front].selector
    return any(equality_selector_matches(selector, template.labels) for template in templates)


def called_port(facts: ServiceFacts, call: ServiceCall) -> int | None:
    """The port that a call goes to; None: the Service has none such."""
    ports = service.service_port_numbers(facts)
    return next((port for port in ports if call.port in (ANY_PORT, port)), None)
