"""Every state that a sync, or several in a row, can reach: a breadth-first search without any shortcut.

Slow and plain on purpose: single pods, single writes, each controller's step as its source has it
(kubernetes pkg/controller/deployment `rolling.go`, `recreate.go`, `sync.go`; gitops-engine `sync_context.go`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tests.transition.reference.controllers import Pods, ReplicaSet, controller, replica_set, with_set
from tests.transition.reference.manifests import Deployment, Key, Object, Service, Template, key, read
from tests.transition.reference.sync import Order, Task, groups, order

ABSENT = -1
NOTHING: frozenset[Task] = frozenset()
Live = tuple[int, ...]


@dataclass(frozen=True)
class State:
    live: Live  # per key: the commit whose form the cluster holds, or ABSENT
    pods: tuple[Pods, ...]  # per deployment key
    target: int  # the commit that is being synced
    origin: Live  # what was live when its sync began
    batch: frozenset[Task]  # of the pass that runs
    done: frozenset[Task] = NOTHING
    settled: frozenset[Task] = NOTHING  # once seen Healthy, never asked again
    finished: bool = False


class World:
    """The commits of one course, the order of each sync, and the moves. Two commits are one transition."""

    def __init__(self, commits: Sequence[Sequence[Object]], prune_last: bool) -> None:
        self.raw = [{key(obj): obj for obj in objects} for objects in commits]
        self.forms = [read(objects) for objects in commits]
        self.keys = sorted({found for forms in self.forms for found in forms})
        self.deployments = [found for found in self.keys if found[0] == "Deployment"]
        self.last = len(commits) - 1
        self.prune_last = prune_last
        self.order_of = cache(self.compute_order)

    def compute_order(self, origin: Live, target: int) -> Order:
        live = [self.raw[at][found] for found, at in zip(self.keys, origin, strict=True) if at != ABSENT]
        return order(live, list(self.raw[target].values()), self.prune_last)

    def version(self, state: State, found: Key) -> int:
        return state.live[self.keys.index(found)] if found in self.keys else ABSENT

    def exists(self, state: State, found: Key) -> bool:
        return self.version(state, found) != ABSENT

    def held(self, state: State, found: Key) -> Any:
        """The live object's form, or None when there is none (a ConfigMap's form is None: ask `exists`)."""
        at = self.version(state, found)
        return None if at == ABSENT else self.forms[at][found]

    def templates(self, found: Key) -> list[Template | None]:
        """The template of each commit: ReplicaSet number n belongs to the one of commit n."""
        return [forms[found].template if found in forms else None for forms in self.forms]

    def slot(self, found: Key, version: int) -> int:
        """Which ReplicaSet is the current one: equal templates share the first."""
        every = self.templates(found)
        return every.index(every[version])

    # --- where it starts ---------------------------------------------------------------------------------------

    def starts(self) -> Iterator[State]:
        """The first commit is published and converged; any later one may be the next that is synced."""
        for target in range(1, len(self.raw)):
            yield self.begin(self.converged(), target)

    def converged(self) -> State:
        live = tuple(0 if found in self.forms[0] else ABSENT for found in self.keys)
        pods = tuple(self.full(found) for found in self.deployments)
        return State(live, pods, 0, live, NOTHING, finished=True)

    def full(self, found: Key) -> Pods:
        size = self.forms[0][found].replicas if found in self.forms[0] else 0
        return Pods((ReplicaSet(size, size, 0), *(ReplicaSet() for _ in range(self.last))))

    def begin(self, state: State, target: int) -> State:
        batch = self.order_of(state.live, target).batch(NOTHING)
        return State(state.live, state.pods, target, state.live, batch)

    # --- moves -------------------------------------------------------------------------------------------------

    def moves(self, state: State) -> Iterator[State]:
        yield from self.sync_moves(state)
        for index, found in enumerate(self.deployments):
            deployment = self.held(state, found)
            if deployment is not None:
                for pods in self.workload_moves(state, index, found, deployment):
                    yield replace(state, pods=(*state.pods[:index], pods, *state.pods[index + 1 :]))

    def sync_moves(self, state: State) -> Iterator[State]:
        """Runs what is left of the pass; between two passes it waits, goes on, or makes way for a newer commit."""
        for group in groups(state.batch):
            left = [task for task in group if task not in state.done]
            if left:
                yield from (self.run(state, task) for task in left)
                return
        for newer in range(state.target + 1, len(self.raw)):
            yield self.begin(state, newer)
        if not state.finished:
            yield from self.next_pass(state)

    def next_pass(self, state: State) -> Iterator[State]:
        plan = self.order_of(state.origin, state.target)
        following = plan.batch(state.done)
        if not following:
            yield replace(state, finished=True)
        elif not plan.gated(state.done):
            yield replace(state, batch=following)
        elif self.gate_open(state):
            yield replace(state, batch=following, settled=state.done)

    def run(self, state: State, task: Task) -> State:
        at = self.keys.index(task.key)
        live = (*state.live[:at], ABSENT if task.prune else state.target, *state.live[at + 1 :])
        pods = state.pods
        if task.key[0] == "Deployment":
            index = self.deployments.index(task.key)
            pods = (*pods[:index], self.written(state, pods[index], task), *pods[index + 1 :])
        return replace(state, live=live, pods=pods, done=state.done | {task})

    def written(self, state: State, pods: Pods, task: Task) -> Pods:
        if task.prune:
            return Pods(tuple(ReplicaSet() for _ in pods.sets))
        old, new = self.held(state, task.key), self.forms[state.target][task.key]
        same = old is not None and old.replicas == new.replicas
        return replace(pods, scaled=pods.scaled and same)

    def gate_open(self, state: State) -> bool:
        running = [task for task in state.done - state.settled if not task.prune]
        return all(self.healthy(state, task.key) for task in running)

    def healthy(self, state: State, found: Key) -> bool:
        if found[0] == "HTTPRoute":
            refs = [ref for _, backends in self.held(state, found).rules for ref in backends]
            return all(self.resolves(state, name, port) for name, port, _ in refs)
        if found[0] != "Deployment":
            return True
        deployment, pods = self.held(state, found), state.pods[self.deployments.index(found)]
        current = self.slot(found, self.version(state, found))
        mine, others = pods.sets[current], [each for at, each in enumerate(pods.sets) if at != current]
        others_gone = not any(each.pods for each in others)
        return pods.scaled and others_gone and mine.pods == mine.ready == deployment.replicas

    def resolves(self, state: State, name: str, port: int) -> bool:
        service: Service | None = self.held(state, ("Service", name))
        return service is not None and port in [number for number, _ in service.ports]

    def workload_moves(self, state: State, index: int, found: Key, deployment: Deployment) -> Iterator[Pods]:
        pods = state.pods[index]
        yield from controller(pods, deployment, self.slot(found, self.version(state, found)))
        for at, each in enumerate(pods.sets):
            template = self.templates(found)[at]
            startable = template is not None and self.startable(state, template)
            for changed in replica_set(each, startable):
                yield with_set(pods, at, changed)

    def startable(self, state: State, template: Template) -> bool:
        return all(self.exists(state, ("ConfigMap", name)) for name in template.configs)


def explore(world: World, limit: int) -> dict[State, list[State]] | None:
    """Every reachable state with its successors; None when there are more than `limit`."""
    graph: dict[State, list[State]] = {}
    queue = deque(world.starts())
    while queue:
        state = queue.popleft()
        if state in graph:
            continue
        if len(graph) >= limit:
            return None
        graph[state] = list(world.moves(state))
        queue.extend(graph[state])
    return graph
