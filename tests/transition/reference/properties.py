"""What must hold in each state, computed from scratch in each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from tests.transition.reference.manifests import Deployment, Key, Template
from tests.transition.reference.model import ABSENT, State, World, explore
from tests.transition.reference.sync import Task

Backend = tuple[str, int, int]


class Behind(NamedTuple):
    key: Key
    template: Template
    ready: int


def judge(world: World, limit: int = 60_000) -> set[str] | None:
    """The properties that some reachable state breaks; None when the transition is too large to explore."""
    graph = explore(world, limit)
    if graph is None:
        return None
    broken: set[str] = set()
    classes = served_classes(world)
    for state in (state for state in graph if state.target == world.last):
        for path in classes:
            broken |= class_faults(world, state, path)
        if config_fault(world, state):
            broken.add("config")
    if not always_finishes(world, graph):
        broken.add("finishes")
    return broken


def served_classes(world: World) -> list[str]:
    """The paths that the first commit serves and the last still routes."""
    start = world.converged()
    routed = {
        path for key, found in world.forms[world.last].items() if key[0] == "HTTPRoute" for path, _ in found.rules
    }
    return sorted(path for path in routed if backends_of(world, start, path) and available(world, start, path))


def backends_of(world: World, state: State, path: str) -> tuple[Backend, ...]:
    """The backends with a positive weight of the live rule for the path."""
    for key in world.keys:
        if key[0] == "HTTPRoute" and world.exists(state, key):
            for found, backends in world.held(state, key).rules:
                if found == path:
                    return tuple(backend for backend in backends if backend[2] > 0)
    return ()


def behind(world: World, state: State, backend: Backend) -> list[Behind]:
    """The ReplicaSets that the backend's Service selects, on a port that their pods have."""
    name, port, _ = backend
    service = world.held(state, ("Service", name))
    if service is None:
        return []
    targets = [target for number, target in service.ports if number == port]
    found = []
    for key, pods in zip(world.deployments, state.pods, strict=True):
        for template, replicas in zip(world.templates(key), pods.sets, strict=True):
            if template and selected(template, service.selector, targets):
                found.append(Behind(key, template, replicas.ready))
    return found


def selected(template: Template, selector: tuple[tuple[str, str], ...], targets: list[str | int]) -> bool:
    ports = {*(name for name, _ in template.ports), *(number for _, number in template.ports)}
    return set(selector) <= set(template.labels) and any(target in ports for target in targets)


def available(world: World, state: State, path: str) -> bool:
    backends = backends_of(world, state, path)
    return bool(backends) and all(sum(item.ready for item in behind(world, state, b)) > 0 for b in backends)


def class_faults(world: World, state: State, path: str) -> set[str]:
    faults = set()
    if not available(world, state, path):
        faults.add("available")
    backends = backends_of(world, state, path)
    contracts = {item.template.contract for b in backends for item in behind(world, state, b) if item.ready}
    if len(contracts) > 1:
        faults.add("contract")
    if strength(world, state, path) < floor(world, path):
        faults.add("capacity")
    return faults


def strength(world: World, state: State, path: str) -> Fraction:
    """How many pods' worth of the class the weakest backend could carry: ready pods over its share."""
    ready = {b: sum(item.ready for item in behind(world, state, b)) for b in backends_of(world, state, path)}
    return weakest(ready)


def weakest(pods: dict[Backend, int]) -> Fraction:
    total = sum(weight for _, _, weight in pods)
    return min((Fraction(count * total, backend[2]) for backend, count in pods.items()), default=Fraction(0))


def floor(world: World, path: str) -> Fraction:
    """min(first, last commit) of what is desired, each less what the rolling strategies permit to be missing."""
    return min(permitted(world, path, 0), permitted(world, path, world.last))


def permitted(world: World, path: str, version: int) -> Fraction:
    forms = world.forms[version]
    live = tuple(version if key in forms else ABSENT for key in world.keys)
    state = replace(world.converged(), live=live)
    pods = {}
    for backend in backends_of(world, state, path):
        keys = {item.key for item in behind(world, state, backend) if item.key in forms}
        pods[backend] = sum(max(forms[key].replicas - slack(world, key), 0) for key in keys)
    return weakest(pods)


def slack(world: World, key: Key) -> int:
    """The largest maxUnavailable of its forms: the rollout may follow any."""
    every: list[Deployment] = [forms[key] for forms in world.forms if key in forms]
    return max(form.unavailable for form in every)


def config_fault(world: World, state: State) -> bool:
    """A pod of the state could not start again; what the running group is about to delete is past caring."""
    for key, pods in zip(world.deployments, state.pods, strict=True):
        if dying(world, state, key):
            continue
        for template, replicas in zip(world.templates(key), pods.sets, strict=True):
            if replicas.wanted and template and not world.startable(state, template):
                return True
    return False


def dying(world: World, state: State, key: Key) -> bool:
    """Whether the running pass is about to prune it."""
    doomed = Task(True, key)
    return doomed in state.batch and doomed not in state.done


def always_finishes(world: World, graph: dict[State, list[State]]) -> bool:
    """From every state of the last sync some future ends it: the controllers can always be kind, the gates cannot."""
    parents: dict[State, list[State]] = {state: [] for state in graph}
    for state, successors in graph.items():
        for successor in successors:
            parents[successor].append(state)
    good = [state for state in graph if state.finished and state.target == world.last]
    seen = set(good)
    while good:
        for parent in parents[good.pop()]:
            if parent not in seen:
                seen.add(parent)
                good.append(parent)
    return all(state in seen for state in graph if state.target == world.last)
