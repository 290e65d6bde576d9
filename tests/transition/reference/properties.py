"""What must hold in each state; the pods of a state decide it where the same objects are live."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from tests.transition.reference.controllers import Pods
from tests.transition.reference.manifests import Deployment, Key, Template
from tests.transition.reference.model import Live, State, Sync, World, explore
from tests.transition.reference.sync import Task

Backend = tuple[str, int, int]
EveryPods = tuple[Pods, ...]


class Behind(NamedTuple):
    """A ReplicaSet behind a backend: which Deployment's, which of its sets."""

    deployment: int
    at: int
    template: Template

    def ready(self, pods: EveryPods) -> int:
        return pods[self.deployment].sets[self.at].ready


def judge(world: World, limit: int = 60_000) -> set[str] | None:
    """The properties that some reachable state breaks; None when the transition is too large to explore."""
    graph = explore(world, limit)
    if graph is None:
        return None
    judged = Judge(world)
    broken: set[str] = set()
    for live, pods in {(sync.live, state.pods) for state in graph if (sync := judged.sync(state)).target == world.last}:
        broken |= judged.class_faults(live, pods)
    if any(judged.config_fault(state) for state in graph):
        broken.add("config")
    if not always_finishes(world, graph):
        broken.add("finishes")
    return broken


class Judge:
    """The properties of one world; what depends on the live objects alone is worked out once for them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.backends_of = cache(self._backends_of)
        self.behind = cache(self._behind)
        self.floor = cache(self._floor)
        self.classes = self.served_classes()

    def sync(self, state: State) -> Sync:
        return self.world.syncs[state.sync]

    def served_classes(self) -> list[str]:
        """The paths that the first commit serves and the last still routes."""
        world = self.world
        first, last = world.live_at(0), world.live_at(world.last)
        pods = tuple(world.full(found) for found in world.deployments)
        routed = {path for _, found in world.of_kind(last, "HTTPRoute") for path, _ in found.rules}
        return sorted(path for path in routed if self.backends_of(first, path) and self.available(first, pods, path))

    def _backends_of(self, live: Live, path: str) -> tuple[Backend, ...]:
        """The backends with a positive weight of the live rule for the path."""
        for _, route in self.world.of_kind(live, "HTTPRoute"):
            for found, backends in route.rules:
                if found == path:
                    return tuple(backend for backend in backends if backend[2] > 0)
        return ()

    def _behind(self, live: Live, backend: Backend) -> list[Behind]:
        """The ReplicaSets that the backend's Service selects, on a port that their pods have."""
        name, port, _ = backend
        service = self.world.held(live, ("Service", name))
        if service is None:
            return []
        targets = [target for number, target in service.ports if number == port]
        return [
            Behind(index, at, template)
            for index, templates in enumerate(self.world.templates)
            for at, template in enumerate(templates)
            if template and selected(template, service.selector, targets)
        ]

    def ready(self, live: Live, pods: EveryPods, backend: Backend) -> int:
        return sum(item.ready(pods) for item in self.behind(live, backend))

    def available(self, live: Live, pods: EveryPods, path: str) -> bool:
        backends = self.backends_of(live, path)
        return bool(backends) and all(self.ready(live, pods, backend) > 0 for backend in backends)

    def class_faults(self, live: Live, pods: EveryPods) -> set[str]:
        return {name for path in self.classes for name, broken in FAULTS.items() if broken(self, live, pods, path)}

    def mixes_contracts(self, live: Live, pods: EveryPods, path: str) -> bool:
        every = (item for backend in self.backends_of(live, path) for item in self.behind(live, backend))
        return len({item.template.contract for item in every if item.ready(pods)}) > 1

    def strength(self, live: Live, pods: EveryPods, path: str) -> Fraction:
        """How many pods' worth of the class the weakest backend could carry: ready pods over its share."""
        return weakest({backend: self.ready(live, pods, backend) for backend in self.backends_of(live, path)})

    def _floor(self, path: str) -> Fraction:
        """min(first, last commit) of what is desired, each less what the rolling strategies permit to be missing."""
        return min(self.permitted(path, 0), self.permitted(path, self.world.last))

    def permitted(self, path: str, version: int) -> Fraction:
        forms, live, pods = self.world.forms[version], self.world.live_at(version), {}
        for backend in self.backends_of(live, path):
            keys = {self.world.deployments[item.deployment] for item in self.behind(live, backend)}
            pods[backend] = sum(max(forms[key].replicas - self.slack(key), 0) for key in keys if key in forms)
        return weakest(pods)

    def slack(self, key: Key) -> int:
        """The largest maxUnavailable of its forms: the rollout may follow any."""
        every: list[Deployment] = [forms[key] for forms in self.world.forms if key in forms]
        return max(form.unavailable for form in every)

    def config_fault(self, state: State) -> bool:
        """A pod of the state could not start again; what the running group is about to delete is past caring."""
        sync = self.sync(state)
        if sync.target != self.world.last:
            return False
        for index, pods in enumerate(state.pods):
            startable = self.world.startable(sync.live, index)
            if all(startable) or dying(sync, self.world.deployments[index]):
                continue
            templates = self.world.templates[index]
            if any(each.wanted and templates[at] and not startable[at] for at, each in enumerate(pods.sets)):
                return True
        return False


FAULTS: dict[str, Callable[[Judge, Live, EveryPods, str], bool]] = {
    "available": lambda judge, live, pods, path: not judge.available(live, pods, path),
    "contract": lambda judge, live, pods, path: judge.mixes_contracts(live, pods, path),
    "capacity": lambda judge, live, pods, path: judge.strength(live, pods, path) < judge.floor(path),
}


def selected(template: Template, selector: tuple[tuple[str, str], ...], targets: list[str | int]) -> bool:
    ports = {*(name for name, _ in template.ports), *(number for _, number in template.ports)}
    return set(selector) <= set(template.labels) and any(target in ports for target in targets)


def weakest(pods: dict[Backend, int]) -> Fraction:
    total = sum(weight for _, _, weight in pods)
    return min((Fraction(count * total, backend[2]) for backend, count in pods.items()), default=Fraction(0))


def dying(sync: Sync, key: Key) -> bool:
    """Whether the running pass is about to prune it."""
    doomed = Task(True, key)
    return doomed in sync.batch and doomed not in sync.done


def always_finishes(world: World, graph: dict[State, list[State]]) -> bool:
    """From every state of the last sync some future ends it: the controllers can always be kind, the gates cannot."""
    parents: dict[State, list[State]] = {state: [] for state in graph}
    for state, successors in graph.items():
        for successor in successors:
            parents[successor].append(state)
    good = [
        state for state in graph if world.syncs[state.sync].finished and world.syncs[state.sync].target == world.last
    ]
    seen = set(good)
    while good:
        for parent in parents[good.pop()]:
            if parent not in seen:
                seen.add(parent)
                good.append(parent)
    return all(state in seen for state in graph if world.syncs[state.sync].target == world.last)
