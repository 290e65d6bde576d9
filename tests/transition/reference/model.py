"""Every state that one sync can reach, by breadth-first search without any shortcut.

Slow and plain on purpose: single pods, single writes, each controller's step as its source has it
(kubernetes pkg/controller/deployment `rolling.go`, `recreate.go`, `sync.go`; gitops-engine `sync_context.go`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.transition.reference.manifests import Deployment, Key, Object, Service, Template, read
from tests.transition.reference.sync import Task, groups, order

NOTHING: frozenset[Task] = frozenset()
Slots = tuple["ReplicaSet", "ReplicaSet"]


@dataclass(frozen=True)
class ReplicaSet:
    wanted: int = 0
    ready: int = 0
    unready: int = 0

    @property
    def pods(self) -> int:
        return self.ready + self.unready


@dataclass(frozen=True)
class Pods:
    """The ReplicaSets of the FROM and the TO template; `scaled` once the last change of replicas has been acted on."""

    sets: Slots
    scaled: bool = True


@dataclass(frozen=True)
class State:
    live: tuple[str, ...]  # per key: "absent", "from" or "to"
    pods: tuple[Pods, ...]  # per deployment key
    batch: frozenset[Task]  # of the pass that runs
    done: frozenset[Task]
    settled: frozenset[Task]  # once seen Healthy, never asked again
    finished: bool = False


class World:
    """One transition: what both commits hold, the order of the sync, and the moves."""

    def __init__(self, before: Sequence[Object], after: Sequence[Object], prune_last: bool) -> None:
        self.before, self.after = read(before), read(after)
        self.keys = sorted({*self.before, *self.after})
        self.deployments = [key for key in self.keys if key[0] == "Deployment"]
        self.order = order(before, after, prune_last)

    def held(self, state: State, key: Key) -> Any:
        """The live object's form, or None when there is none (a ConfigMap's form is None: ask `exists`)."""
        version = state.live[self.keys.index(key)] if key in self.keys else "absent"
        return {"absent": None, "from": self.before.get(key), "to": self.after.get(key)}[version]

    def exists(self, state: State, key: Key) -> bool:
        return key in self.keys and state.live[self.keys.index(key)] != "absent"

    def templates(self, key: Key) -> tuple[Template | None, Template | None]:
        old, new = self.before.get(key), self.after.get(key)
        return (old.template if old else None), (new.template if new else None)

    def slot(self, key: Key, version: str) -> int:
        """Which ReplicaSet is the current one; equal templates share the first."""
        old, new = self.templates(key)
        return 0 if version == "from" or old == new else 1

    def start(self) -> State:
        live = tuple("from" if key in self.before else "absent" for key in self.keys)
        pods = tuple(self.converged(key) for key in self.deployments)
        return State(live, pods, self.order.batch(NOTHING), NOTHING, NOTHING)

    def converged(self, key: Key) -> Pods:
        found = self.before.get(key)
        size = found.replicas if found else 0
        return Pods((ReplicaSet(size, size, 0), ReplicaSet()))

    # --- moves -------------------------------------------------------------------------------------------------

    def moves(self, state: State) -> Iterator[State]:
        yield from self.sync_moves(state)
        for index, key in enumerate(self.deployments):
            deployment = self.held(state, key)
            if deployment is not None:
                yield from self.workload_moves(state, index, key, deployment)

    def sync_moves(self, state: State) -> Iterator[State]:
        """Runs what is left of the pass; then ends, or waits for health where there are several waves."""
        if state.finished:
            return
        for group in groups(state.batch):
            left = [task for task in group if task not in state.done]
            if left:
                yield from (self.run(state, task) for task in left)
                return
        following = self.order.batch(state.done)
        if not following:
            yield replace(state, finished=True)
        elif not self.order.gated(state.done):
            yield replace(state, batch=following)
        elif self.gate_open(state):
            yield replace(state, batch=following, settled=state.done)

    def run(self, state: State, task: Task) -> State:
        at = self.keys.index(task.key)
        version = "absent" if task.prune else "to"
        live = (*state.live[:at], version, *state.live[at + 1 :])
        pods = state.pods
        if task.key[0] == "Deployment":
            index = self.deployments.index(task.key)
            pods = (*pods[:index], self.written(pods[index], task), *pods[index + 1 :])
        return replace(state, live=live, pods=pods, done=state.done | {task})

    def written(self, pods: Pods, task: Task) -> Pods:
        if task.prune:
            return Pods((ReplicaSet(), ReplicaSet()))
        old, new = self.before.get(task.key), self.after[task.key]
        return replace(pods, scaled=old is not None and old.replicas == new.replicas)

    def gate_open(self, state: State) -> bool:
        running = [task for task in state.done - state.settled if not task.prune]
        return all(self.healthy(state, task.key) for task in running)

    def healthy(self, state: State, key: Key) -> bool:
        if key[0] == "HTTPRoute":
            refs = [ref for _, backends in self.held(state, key).rules for ref in backends]
            return all(self.resolves(state, name, port) for name, port, _ in refs)
        if key[0] != "Deployment":
            return True
        deployment, pods = self.held(state, key), state.pods[self.deployments.index(key)]
        current = self.slot(key, "to")
        mine, other = pods.sets[current], pods.sets[1 - current]
        return pods.scaled and other.pods == 0 and mine.pods == mine.ready == deployment.replicas

    def resolves(self, state: State, name: str, port: int) -> bool:
        service: Service | None = self.held(state, ("Service", name))
        return service is not None and port in [number for number, _ in service.ports]

    def workload_moves(self, state: State, index: int, key: Key, deployment: Deployment) -> Iterator[State]:
        current = self.slot(key, state.live[self.keys.index(key)])
        for pods in self.controller(state.pods[index], deployment, current):
            yield replace(state, pods=(*state.pods[:index], pods, *state.pods[index + 1 :]))
        for at, sets in enumerate(state.pods[index].sets):
            for changed in self.replica_set(state, key, at, sets):
                pods = with_set(state.pods[index], at, changed)
                yield replace(state, pods=(*state.pods[:index], pods, *state.pods[index + 1 :]))

    def controller(self, pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
        """The Deployment controller's next write, if any: scale first, then roll (`syncDeployment`)."""
        mine, other = pods.sets[current], pods.sets[1 - current]
        if not pods.scaled:
            active = 1 - current if other.wanted and not mine.wanted else current
            scaled = with_set(pods, active, replace(pods.sets[active], wanted=deployment.replicas))
            yield replace(scaled, scaled=True)
        elif deployment.recreate:
            yield from recreate(pods, deployment, current)
        else:
            yield from roll(pods, deployment, current)

    def replica_set(self, state: State, key: Key, at: int, found: ReplicaSet) -> Iterator[ReplicaSet]:
        """The ReplicaSet controller creates or deletes one pod (unready first); a pod may become ready."""
        if found.pods < found.wanted:
            yield replace(found, unready=found.unready + 1)
        elif found.pods > found.wanted and found.unready:
            yield replace(found, unready=found.unready - 1)
        elif found.pods > found.wanted:
            yield replace(found, ready=found.ready - 1)
        template = self.templates(key)[at]
        if found.unready and template and self.startable(state, template):
            yield replace(found, ready=found.ready + 1, unready=found.unready - 1)

    def startable(self, state: State, template: Template) -> bool:
        return all(self.exists(state, ("ConfigMap", name)) for name in template.configs)


def with_set(pods: Pods, at: int, changed: ReplicaSet) -> Pods:
    first, second = pods.sets
    return replace(pods, sets=(changed, second) if at == 0 else (first, changed))


def recreate(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    mine, other = pods.sets[current], pods.sets[1 - current]
    if other.wanted:
        yield with_set(pods, 1 - current, replace(other, wanted=0))
    elif not other.pods and mine.wanted < deployment.replicas:
        yield with_set(pods, current, replace(mine, wanted=deployment.replicas))


def roll(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    """`reconcileNewReplicaSet`, and only when it has nothing to do `reconcileOldReplicaSets`."""
    mine, other = pods.sets[current], pods.sets[1 - current]
    room = deployment.replicas + deployment.surge - mine.wanted - other.wanted
    grown = min(mine.wanted + room, deployment.replicas)
    if mine.wanted > deployment.replicas:
        yield with_set(pods, current, replace(mine, wanted=deployment.replicas))
    elif mine.wanted < deployment.replicas and room > 0:
        yield with_set(pods, current, replace(mine, wanted=grown))
    elif other.wanted:
        yield from retire(pods, deployment, current)


def retire(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    mine, other = pods.sets[current], pods.sets[1 - current]
    floor = deployment.replicas - deployment.unavailable
    spare = mine.wanted + other.wanted - floor - (mine.wanted - mine.ready)
    if spare <= 0:
        return
    unhealthy = min(spare, other.wanted - other.ready)
    healthy = min(max(mine.ready + other.ready - floor, 0), other.wanted - unhealthy)
    if unhealthy + healthy:
        yield with_set(pods, 1 - current, replace(other, wanted=other.wanted - unhealthy - healthy))


def explore(world: World, limit: int) -> dict[State, list[State]] | None:
    """Every reachable state with its successors; None when there are more than `limit`."""
    graph: dict[State, list[State]] = {}
    queue = deque([world.start()])
    while queue:
        state = queue.popleft()
        if state in graph:
            continue
        if len(graph) >= limit:
            return None
        graph[state] = list(world.moves(state))
        queue.extend(graph[state])
    return graph
