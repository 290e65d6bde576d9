"""What must hold in each state; where the same objects are live, only the pods can tell two states apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache

from tests.transition.reference import routing
from tests.transition.reference.calls import Calls
from tests.transition.reference.controllers import Pods
from tests.transition.reference.manifests import Backend, Deployment, Key
from tests.transition.reference.model import Live, State, Sync, World, explore
from tests.transition.reference.routing import Answer
from tests.transition.reference.sync import Task
from tests.transition.reference.traffic import SERVICE, EveryPods, Traffic


def judge(world: World, limit: int = 60_000) -> set[str] | None:
    """The properties that some reachable state breaks; None when the transition is too large to explore."""
    graph = explore(world, limit)
    if graph is None:
        return None
    judged = Judge(world)
    broken = {"available"} if judged.falls_through() else set[str]()
    states = [state for state in graph if world.syncs[state.sync].target == world.last]
    # only ready pods answer: states that differ in others are one
    seen = {
        (sync.live, sync.origin, tuple(map(ready_pods, state.pods))): state for sync, state in synced(world, states)
    }
    for (live, origin, _), state in seen.items():
        broken |= judged.faults(live, state.pods, origin)
    if any(judged.config_fault(state) for state in states):
        broken.add("config")
    if not always_finishes(world, graph) or not always_completes(world, graph):
        broken.add("finishes")
    return broken


def synced(world: World, states: Iterable[State]) -> Iterator[tuple[Sync, State]]:
    return ((world.syncs[state.sync], state) for state in states)


def no_longer_served(world: World) -> set[str]:
    """The classes that were served, that nobody takes any more, and whose backends no rule names."""
    judged = Judge(world)
    return set(judged.served) - set(judged.classes)


class Judge:
    """The properties of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.traffic = Traffic(world)
        self.first, self.last, self.rest = self.traffic.first, self.traffic.last, self.traffic.rest
        self.floor = cache(self._floor)
        self.served = [path for path in self.traffic.paths if self.traffic.available(self.first, self.rest[0], path)]
        self.classes = [path for path in self.served if self.still_meant(path)]
        self.contracts = {path: self.contracts_at_rest(path) for path in self.served}
        self.moves_host = self.host_moves()
        self.calls = Calls(self.traffic, self.classes)

    def still_meant(self, path: str) -> bool:
        """A rule takes it in the end, or one at least of the last commit still names a backend that it had."""
        before = self.traffic.answer(self.first, path)
        if self.traffic.answer(self.last, path) is not None or before is None:
            return True
        left = routing.named(backend for rule in self.traffic.rules(self.world.last) for backend in rule.backends)
        return not path.startswith(SERVICE) and bool(routing.named(before.backends) & left)

    def faults(self, live: Live, pods: EveryPods, origin: Live) -> set[str]:
        """What is broken in a state of a sync that began with `origin`."""
        meant = [path for path in self.classes if not self.taken_up_again(live, path, origin)]
        found = {name for path in meant for name, broken in FAULTS.items() if broken(self, live, pods, path)}
        answers = {path: self.contracts_at(live, pods, path) for path in self.traffic.paths}
        if any(self.crosses_contracts(path, contracts) for path, contracts in answers.items()):
            found.add("contract")
        if self.moves_host and len(self.on_host(answers)) > 1:
            found.add("contract")
        return found | self.calls.faults(live, pods)

    def taken_up_again(self, live: Live, path: str, origin: Live) -> bool:
        """Whether no rule takes the class, nor did when the sync began: a commit in between has given it up."""
        return self.traffic.answer(live, path) is None and self.traffic.answer(origin, path) is None

    def contracts_at(self, live: Live, pods: EveryPods, path: str) -> set[str]:
        backends = self.traffic.answering(live, pods, path)
        every = (item for backend in backends for item in self.traffic.serving(live, pods, path, backend))
        return {item.template.contract for item in every}

    def contracts_at_rest(self, path: str) -> set[str]:
        lives = (self.world.live_at(version) for version in range(self.world.last + 1))
        return {each for live in lives for each in self.contracts_at(live, self.traffic.pods_at_rest(live), path)}

    def crosses_contracts(self, path: str, found: set[str]) -> bool:
        """Two contracts answer at once, or one that answers neither in the beginning nor in the end."""
        return len(found) > 1 or (path in self.contracts and not found <= self.contracts[path])

    def on_host(self, answers: dict[str, set[str]]) -> set[str]:
        """The contracts that answer anything on the one host of the routes."""
        return {each for path, contracts in answers.items() if not path.startswith(SERVICE) for each in contracts}

    def host_moves(self) -> bool:
        """Whether all of the host moves from one contract to another: a client and its API, which must agree."""
        sides = zip((self.first, self.last), self.rest, strict=True)
        paths = self.traffic.paths
        old, new = (self.on_host({path: self.contracts_at(live, pods, path) for path in paths}) for live, pods in sides)
        return len(old) == len(new) == 1 and old != new

    def strength(self, live: Live, pods: EveryPods, path: str) -> Fraction:
        """How many pods' worth of the class the weakest backend could carry: ready pods over its share."""
        sharing = self.traffic.sharing(live, pods, path)
        ready = {backend: self.traffic.ready(live, pods, path, backend) for backend in sharing}
        return weakest(ready, self.traffic.answer(live, path))

    def _floor(self, path: str) -> Fraction:
        """min(first, last commit) of what is desired, each less what the rolling strategies permit to be missing."""
        return min(self.permitted(path, self.first, self.rest[0]), self.permitted(path, self.last, self.rest[1]))

    def permitted(self, path: str, live: Live, rest: EveryPods) -> Fraction:
        pods = {}
        for backend in self.traffic.sharing(live, rest, path):
            serving = self.traffic.serving(live, rest, path, backend)
            keys = {self.world.deployments[item.deployment] for item in serving}
            pods[backend] = sum(max(self.world.held(live, key).replicas - self.slack(key), 0) for key in keys)
        return weakest(pods, self.traffic.answer(live, path))

    def slack(self, key: Key) -> int:
        """The largest maxUnavailable of its forms: the rollout may follow any."""
        every: list[Deployment] = [forms[key] for forms in self.world.forms if key in forms]
        return max(form.unavailable for form in every)

    def falls_through(self) -> bool:
        """Whether a path ends with the rule for a shorter one, whose pods are another application's."""
        for path in self.classes:
            old, new = self.traffic.answer(self.first, path), self.traffic.answer(self.last, path)
            if old and new and len(new.path) < len(old.path) and self.given_up(old, new):
                return True
        return False

    def given_up(self, before: Answer, after: Answer) -> bool:
        """Whether the Services of the old rule have gone, and those of the shorter one served something else."""
        old, new = (routing.named(answer.backends) for answer in (before, after))
        kept = any(("Service", name) in self.world.forms[self.world.last] for name in old)
        there = all(self.world.exists(self.first, ("Service", name)) for name in new)
        apps = [{self.application(name) for name in names} for names in (old, new)]
        return bool(new) and not kept and there and not old & new and apps[0] != apps[1]

    def application(self, name: str) -> str:
        """The `app` of the pods that a Service selects; of one that is in no commit, its name."""
        selectors = (
            dict(forms[("Service", name)].selector) for forms in self.world.forms if ("Service", name) in forms
        )
        return str(next(selectors, {}).get("app", name))

    def config_fault(self, state: State) -> bool:
        """A pod of the state could not start again; what the running group is about to delete is past caring."""
        sync = self.world.syncs[state.sync]
        for index, pods in enumerate(state.pods):
            startable = self.world.startable(sync.live, index)
            if all(startable) or dying(sync, self.world.deployments[index]):
                continue
            templates = self.world.templates[index]
            if any(each.wanted and templates[at] and not startable[at] for at, each in enumerate(pods.sets)):
                return True
        return False


FAULTS: dict[str, Callable[[Judge, Live, EveryPods, str], bool]] = {
    "available": lambda judge, live, pods, path: not judge.traffic.available(live, pods, path),
    "capacity": lambda judge, live, pods, path: judge.strength(live, pods, path) < judge.floor(path),
}


def ready_pods(pods: Pods) -> tuple[int, ...]:
    return tuple(each.ready for each in pods.sets)


def weakest(pods: dict[Backend, int], answer: Answer | None) -> Fraction:
    """The fewest pods over their share, of all that the rule gives: also of what an empty canary leaves."""
    total = sum(backend.weight for backend in answer.backends) if answer else 0
    return min((Fraction(count * total, backend.weight) for backend, count in pods.items()), default=Fraction(0))


def dying(sync: Sync, key: Key) -> bool:
    """Whether the running pass is about to prune it."""
    doomed = Task("prune", key)
    return doomed in sync.batch and doomed not in sync.done


def always_finishes(world: World, graph: dict[State, list[State]]) -> bool:
    """From every state of the last sync some future ends it: the controllers can always be kind, the gates cannot."""
    return always_reaches(world, graph, lambda state: world.syncs[state.sync].finished)


def always_completes(world: World, graph: dict[State, list[State]]) -> bool:
    """Under a quota, from every state some future has all pods that are asked for."""
    if not any(key[0] == "ResourceQuota" for key in world.keys):
        return True
    return always_reaches(world, graph, lambda state: at_rest(world, state))


def at_rest(world: World, state: State) -> bool:
    live = world.syncs[state.sync].live
    standing = (index for index, key in enumerate(world.deployments) if world.exists(live, key))
    return all(world.healthy(state.sync, index, state.pods[index]) for index in standing)


def always_reaches(world: World, graph: dict[State, list[State]], wanted: Callable[[State], bool]) -> bool:
    """Whether from every state of the last sync some future leads to a wanted one."""
    parents: dict[State, list[State]] = {state: [] for state in graph}
    for state, successors in graph.items():
        for successor in successors:
            parents[successor].append(state)
    last = [state for state in graph if world.syncs[state.sync].target == world.last]
    good = [state for state in last if wanted(state)]
    seen = set(good)
    while good:
        for parent in parents[good.pop()]:
            if parent not in seen:
                seen.add(parent)
                good.append(parent)
    return all(state in seen for state in last)
