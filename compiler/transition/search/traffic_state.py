"""One class at one point of the sync, as the properties look at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from compiler.model.objects import Key, integer_or_default
from compiler.model.request import Request
from compiler.transition.controllers import rollout, statefulset
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import PodState
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.guarantee import Guarantee
from compiler.transition.search.relevance import is_visible
from compiler.transition.search.router import ResolvedBackend, Router, RoutingResult
from compiler.transition.sync.change import START, Change, Cut, SyncPosition
from compiler.transition.sync.replicas import Load


@dataclass(slots=True, eq=False)
class TrafficState:
    """A class at a point of the sync: who answers it there, and which states the pods may be in.

    It remembers them, and the worst of them: several properties ask.
    """

    router: Router
    guarantee: Guarantee
    cut: Cut
    serving: RoutingResult
    busy: frozenset[Key] = frozenset()
    movers: tuple[Key, ...] = ()
    """the written objects that may move requests of the class from some pods to others"""
    answers: tuple[tuple[Cut, RoutingResult], ...] = ()
    """who answers the class at each of its points"""
    losses: tuple[PropertyBreach, ...] | None = None
    """what the class lacks here, once `available` has worked it out"""
    _known_states: dict[tuple[Key, Load], tuple[PodState, ...]] = field(init=False, default_factory=dict)
    _known_worst: dict[tuple[ResolvedBackend, Load], tuple[int, dict[Key, PodState]]] = field(
        init=False, default_factory=dict
    )

    @property
    def change(self) -> Change:
        return self.router.change

    @property
    def request(self) -> Request:
        """The representative of the class."""
        return self.guarantee.request

    @property
    def route(self) -> tuple[Key, ...]:
        """The route that takes the class, if it is one: findings name it first."""
        answer = self.serving.answer
        return (answer.route,) if answer is not None and answer.route.kind != "Service" else ()

    def states(self, key: Key, load: Load) -> tuple[PodState, ...]:
        """The states that the pods of a workload may be in here; those without traffic have not grown.

        Their own HPA answers the load that they gain: only what it took away before the gain can be missing.
        """
        known = self._known_states.get((key, load))
        if known is None:
            known = self._known_states[key, load] = self.router.pods.at(key, self.cut, self._load_of(key, load))
        return known

    def _load_of(self, key: Key, load: Load) -> Load:
        if load != "grown" or key in self.busy:
            return load
        scaler = self.change.scaler_place(key)
        return "held" if scaler is not None and scaler > self._place_of_gain() else "low"

    def _place_of_gain(self) -> SyncPosition:
        """Where the last write stands by which pods may come to answer as many requests of the class as they do here.

        No write counts that stands after the last point at which others shared them.
        """
        seen = (key for key in self.movers if is_visible(self.router, self.request, key))
        places = sorted({self.change.ops[key][0] for key in seen})
        earlier = (each for each in self.answers if each[0].place <= self.cut.place)
        last = max(
            (cut.place for cut, serving in earlier if serving.shares != self.serving.shares), default=START.place
        )
        return next((place for place in places if place > last), places[-1] if places else START.place)

    def states_behind(self, item: ResolvedBackend, key: Key, load: Load) -> tuple[PodState, ...]:
        """The states of a workload's pods as the backend's Service sees them."""
        states = self.states(key, load)
        if key.kind != "Rollout":
            return states
        workload = self.change.known_workload(key)
        if workload is not None and rollout.is_blue_green(workload) and key not in self.change.baseline.workloads:
            return states  # a Service is switched once all first pods are ready, and nobody has seen that
        return rollout.states_behind(states, workload, item.ref.service.name)

    def serves(self, item: ResolvedBackend, template: Template) -> bool:
        """Whether ready pods of the template answer through this backend."""
        return self.router.reach(item, template, self.request, self.cut) == "serves"

    def answering(self, item: ResolvedBackend, state: PodState) -> int:
        """How many pods of the state answer through this backend."""
        if item.facts is not None and item.facts.pod and not self._keeps(item, item.facts.pod, state):
            return 0
        return sum(count for template, count in state.ready if self.serves(item, template))

    def _keeps(self, item: ResolvedBackend, pod: str, state: PodState) -> bool:
        """Whether the one pod that a Service selects by name is there in this state.

        It is away at some moment of every change that reaches its ordinal, from the highest down to the partition
        (Kubernetes, pkg/controller/statefulset/stateful_set_control.go, `updateStatefulSet`).
        """
        ordinal = integer_or_default(pod.rpartition("-")[2], 0)
        if state.label in ("old", "new", "scaling"):
            return ordinal < state.total
        target = self.change.target.workloads
        return all(key in target and ordinal < statefulset.update_partition(target[key]) for key in item.workloads)

    def refusing(self, item: ResolvedBackend, state: PodState) -> bool:
        """Whether pods of the state are sent requests that they refuse."""
        return any(
            count and self.router.reach(item, template, self.request, self.cut) == "refuses"
            for template, count in state.ready
        )

    def worst(self, item: ResolvedBackend, load: Load) -> tuple[int, dict[Key, PodState]]:
        """The fewest pods that may answer through this backend, and the states that show it.

        Workloads move independently of each other between two gates, so the worst of each gives the worst of all;
        among equals, the one that lasts for ever if new pods never get ready. Worked out once: four properties ask.
        """
        if (item, load) not in self._known_worst:
            self._known_worst[item, load] = self._worst(item, load)
        return self._known_worst[item, load]

    def _worst(self, item: ResolvedBackend, load: Load) -> tuple[int, dict[Key, PodState]]:
        total, pod_states = 0, {}
        for key in item.workloads:
            state = min(
                self.states_behind(item, key, load), key=lambda state: (self.answering(item, state), not state.unready)
            )
            total += self.answering(item, state)
            pod_states[key] = state
        return total, pod_states

    def may_answer(self, item: ResolvedBackend) -> bool:
        """Whether requests may come to this backend: it has a share, or may get that of a fallback without endpoint."""
        fallbacks = self.serving.fallbacks
        if item.share > 0 or item in fallbacks:
            return item.share > 0
        return any(each.share > 0 and not each.unmanaged and not self.worst(each, "low")[0] for each in fallbacks)

    def fewest_answering(self, item: ResolvedBackend, load: Load) -> tuple[int, dict[Key, PodState]]:
        """The fewest pods that may answer through this backend while any does, and the states that show it."""
        total, pod_states = self.worst(item, load)
        known = {key: self.states_behind(item, key, load) for key in item.workloads if not total}
        states = ((key, each) for key, every in known.items() for each in (*every, *_last_of_many(every)))
        some = [(count, key, state) for key, state in states if (count := self.answering(item, state))]
        if not some:
            return total, pod_states
        least, key, state = min(some, key=lambda one: one[0])
        return least, {**pod_states, key: state}

    def sizes(self) -> Iterable[int]:
        """How many states each workload behind the class may be in."""
        for key in {key: None for item in self.serving.backends for key in item.workloads}:
            yield len(self.states(key, "low"))


def _last_of_many(states: Iterable[PodState]) -> Iterator[PodState]:
    """Those in which all pods of a template but one have given way to pods of another, where they go one by one.

    Where more may be missing, all are told to end at once: they are all there beside the first pod of the other.
    """
    every = list(states)
    for state in every:
        for template, count in state.ready if state.label == "mixed" else ():
            whole = max(number for each in every for other, number in each.ready if other is template)
            rest = tuple(pair for pair in state.ready if pair[0] is not template)
            if 1 < count < whole and rest:
                yield PodState(state.label, ((template, 1), (rest[0][0], rest[0][1] + count - 1), *rest[1:]))
