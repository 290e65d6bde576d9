"""Every state that a sync, or several in a row, can reach: a search without any shortcut of the engine's.

Plain on purpose: single pods, single writes, each controller's step as its source has it (kubernetes
pkg/controller/deployment `rolling.go`, `recreate.go`, `sync.go`; gitops-engine `sync_context.go`). What is asked again
and again (the next steps of a sync, of one Deployment's pods) is worked out once: 40 states cost 12 ms without, 1 with.
States hold numbers of syncs and of pods, for they are compared and looked up all the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from tests.transition.reference.controllers import ANY, Pods, ReplicaSet, controller, replica_set, with_set
from tests.transition.reference.counts import applied_count, count_at_rest, scaled_count
from tests.transition.reference.manifests import Service, read
from tests.transition.reference.metadata import Key, Object, deletion, is_hook, key
from tests.transition.reference.routing import hangs
from tests.transition.reference.sync import Order, Task, groups, order, spared
from tests.transition.reference.workloads import HPA, WORKLOADS, Deployment, Template

ABSENT = -1
NOTHING: frozenset[Task] = frozenset()
Live = tuple[int, ...]
"""Per key: the commit whose form the cluster holds, or ABSENT."""


class Sync(NamedTuple):
    """How far a sync is, whatever the pods do."""

    live: Live
    target: int  # the commit that is being synced
    origin: Live  # what was live when its sync began
    batch: frozenset[Task]  # of the pass that runs
    done: frozenset[Task] = NOTHING
    settled: frozenset[Task] = NOTHING  # once seen Healthy, never asked again
    finished: bool = False


class State(NamedTuple):
    sync: int  # its number in `World.syncs`
    pods: tuple[int, ...]  # per deployment key, the number in `World.known_pods`


class Step(NamedTuple):
    """The next thing that a sync does: where it leads, what it waits for, and which Deployment it writes."""

    sync: int
    healthy: frozenset[int] = frozenset()
    written: int = ABSENT
    task: Task | None = None


class Setting(NamedTuple):
    """Of one Deployment, which version is live, which set is current, and the count that its HPA wants."""

    version: int
    current: int
    wanted: int | None


class World:
    """The commits of one course, the order of each sync, and the moves. Two commits are one transition.

    `busy`: whether a workload has a load under which its HPA wants as many pods as it may have (none has, at first).
    """

    def __init__(self, commits: Sequence[Sequence[Object]], prune_last: bool) -> None:
        self.raw = [{key(obj): obj for obj in objects} for objects in commits]
        self.forms = [read(objects) for objects in commits]
        self.keys = sorted({each for forms in self.forms for each in forms})
        self.place = {each: at for at, each in enumerate(self.keys)}
        self.deployments = [each for each in self.keys if each[0] in WORKLOADS]
        self.templates = [[self.template(forms, each) for forms in self.forms] for each in self.deployments]
        self.last = len(commits) - 1
        self.busy: Callable[[Live, int], bool] = lambda live, index: False
        self.prune_last = prune_last
        self.syncs: list[Sync] = []
        self.numbers: dict[Sync, int] = {}
        self.known_pods: list[Pods] = []
        self.pod_numbers: dict[Pods, int] = {}
        self.order_of = cache(self._order_of)
        self.steps = cache(self._steps)
        self.setting = cache(self._setting)
        self.pod_moves = cache(self._pod_moves)
        self.healthy = cache(self._healthy)
        self.startable = cache(self._startable)
        self.quota = cache(self._quota)

    def _order_of(self, origin: Live, target: int) -> Order:
        live = [self.raw[at][object_key] for object_key, at in zip(self.keys, origin, strict=True) if at != ABSENT]
        return order(live, list(self.raw[target].values()), self.prune_last)

    def template(self, forms: dict[Key, Any], object_key: Key) -> Template | None:
        """ReplicaSet number n belongs to the template of commit n."""
        return forms[object_key].template if object_key in forms else None

    def number(self, sync: Sync) -> int:
        if sync not in self.numbers:
            self.numbers[sync] = len(self.syncs)
            self.syncs.append(sync)
        return self.numbers[sync]

    def code(self, pods: Pods) -> int:
        """The number of these pods."""
        if pods not in self.pod_numbers:
            self.pod_numbers[pods] = len(self.known_pods)
            self.known_pods.append(pods)
        return self.pod_numbers[pods]

    def pods_in(self, state: State) -> tuple[Pods, ...]:
        return tuple([self.known_pods[number] for number in state.pods])

    def version(self, live: Live, found: Key) -> int:
        return live[self.place[found]] if found in self.place else ABSENT

    def exists(self, live: Live, object_key: Key) -> bool:
        return self.version(live, object_key) != ABSENT

    def held(self, live: Live, object_key: Key) -> Any:
        """The live object's form, or None when there is none (a ConfigMap's form is None: ask `exists`)."""
        at = self.version(live, object_key)
        return None if at == ABSENT else self.forms[at][object_key]

    def of_kind(self, live: Live, kind: str) -> Iterator[tuple[Key, Any]]:
        for object_key, at in zip(self.keys, live, strict=True):
            if object_key[0] == kind and at != ABSENT:
                yield object_key, self.forms[at][object_key]

    def slot(self, live: Live, index: int) -> int:
        """Which ReplicaSet is the current one: equal templates share the first."""
        every, key = self.templates[index], self.deployments[index]
        owner = self.held(live, key).owner or key
        at = self.version(live, owner if self.exists(live, owner) else key)
        return every.index(every[at] or every[self.version(live, key)])

    def current_set(self, live: Live, index: int, version: int) -> int:
        """The slot that its controller fills; that of a Rollout whose Deployment is away does nothing (InvalidSpec)."""
        return self.slot(live, index) if version != ABSENT and self.has_template(live, index) else ABSENT

    def has_template(self, live: Live, index: int) -> bool:
        owner = self.held(live, self.deployments[index]).owner
        return owner is None or self.exists(live, owner)

    # --- where it starts ---------------------------------------------------------------------------------------

    def starts(self) -> Iterator[State]:
        """The first commit is published and converged; any later one may be the next that is synced."""
        pods = tuple(self.code(self.full(index)) for index in range(len(self.deployments)))
        for target in range(1, len(self.raw)):
            yield State(self.begin(self.live_at(0), target), pods)

    def live_at(self, version: int) -> Live:
        """What is live once a commit has converged: without hooks that success deletes, with what is spared."""
        return tuple(self.settled_version(object_key, version) for object_key in self.keys)

    def settled_version(self, object_key: Key, version: int) -> int:
        obj = self.raw[version].get(object_key)
        if obj is not None:
            return ABSENT if deletion(obj) == "HookSucceeded" else version
        old = self.raw[0].get(object_key)
        return 0 if version and old is not None and (spared(old) or is_hook(old)) else ABSENT

    def full(self, index: int) -> Pods:
        live = self.live_at(0)
        size, there = count_at_rest(self, live, index), self.exists(live, self.deployments[index])
        sets = (ReplicaSet(size, size, 0), *(ReplicaSet() for _ in range(self.last)))
        return Pods(sets, active=0 if there else ANY, asked=size)

    def begin(self, live: Live, target: int) -> int:
        return self.number(Sync(live, target, live, self.order_of(live, target).batch(NOTHING)))

    # --- moves -------------------------------------------------------------------------------------------------

    def moves(self, state: State) -> Iterator[State]:
        number, pods = state
        for step in self.steps(number):
            if all(self.healthy(number, index, pods[index]) for index in step.healthy):
                yield State(step.sync, self.after_write(number, pods, step))
                if step.task is not None and step.task.action == "renew" and step.written != ABSENT:
                    yield State(step.sync, self.without_pods(pods, step.written))
        room = self.has_room(number, state)
        for index, (setting, startable) in enumerate(self.setting(number)):
            for changed in self.pod_moves(index, setting, pods[index], startable, room):
                yield State(number, (*pods[:index], changed, *pods[index + 1 :]))

    def _setting(self, number: int) -> list[tuple[Setting, tuple[bool, ...]]]:
        """For each Deployment, what decides about its pods, and pods of which template could start."""
        live = self.syncs[number].live
        return [
            (
                Setting(at, self.current_set(live, index, at), scaled_count(self, live, index)),
                self.startable(live, index),
            )
            for index, at in enumerate(self.version(live, key) for key in self.deployments)
        ]

    def _steps(self, number: int) -> list[Step]:
        """Runs what is left of the pass; between two passes it waits, goes on, or makes way for a newer commit."""
        sync = self.syncs[number]
        for group in groups(sync.batch):
            left = [task for task in group if task not in sync.done]
            if left:
                renewed = {task.key for task in left if task.action == "renew"}
                return [self.run(sync, task) for task in left if task.action == "renew" or task.key not in renewed]
        newer = [Step(self.begin(sync.live, target)) for target in range(sync.target + 1, len(self.raw))]
        return newer if sync.finished else [*newer, *self.next_pass(sync)]

    def next_pass(self, sync: Sync) -> list[Step]:
        plan = self.order_of(sync.origin, sync.target)
        following = plan.batch(sync.done)
        if not following:
            after = self.number(sync._replace(live=self.without_hooks(sync), finished=True))
        else:
            after = self.number(sync._replace(batch=following, settled=sync.done))
        if not plan.gated(sync.done) or not (following or self.has_hook(sync)):
            return [Step(after)]
        running = [task.key for task in sync.done - sync.settled if task.action == "apply"]
        if not all(self.resolved(sync.live, object_key) for object_key in running if object_key[0] == "HTTPRoute"):
            return []
        # an HPA without what it scales is Degraded (health_hpa.go: `FailedGetScale`)
        if not all(self.exists(sync.live, self.held(sync.live, each).target) for each in running if each[0] == HPA):
            return []
        running += [task.key for task in sync.done if task.action == "prune"]
        waited = frozenset(self.deployments.index(object_key) for object_key in running if object_key[0] in WORKLOADS)
        return [Step(after, waited)]

    def has_hook(self, sync: Sync) -> bool:
        """Whether the pass that runs has a hook: the sync does not end with it then, but looks at its tasks again."""
        commit = self.raw[sync.target]
        return any(is_hook(commit[task.key]) for task in sync.batch if task.action != "prune")

    def without_hooks(self, sync: Sync) -> Live:
        """A sync that has succeeded deletes the hooks that say so."""
        commit = self.raw[sync.target]
        gone = {each for each, obj in commit.items() if deletion(obj) == "HookSucceeded"}
        return tuple(ABSENT if each in gone else at for each, at in zip(self.keys, sync.live, strict=True))

    def run(self, sync: Sync, task: Task) -> Step:
        at = self.place[task.key]
        live = (*sync.live[:at], sync.target if task.action == "apply" else ABSENT, *sync.live[at + 1 :])
        following = self.number(sync._replace(live=live, done=sync.done | {task}))
        written = self.deployments.index(task.key) if task.key[0] in WORKLOADS else ABSENT
        return Step(following, frozenset(), written, task)

    def after_write(self, number: int, pods: tuple[int, ...], step: Step) -> tuple[int, ...]:
        """The pods after the Deployment's write: a new count waits for the controller, a prune deletes them."""
        if step.written == ABSENT or step.task is None:
            return pods
        mine, sync = self.known_pods[pods[step.written]], self.syncs[number]
        if step.task.action != "apply":
            mine = Pods(tuple(each._replace(wanted=0) for each in mine.sets), active=mine.active, asked=mine.asked)
        else:
            old, new = self.held(sync.live, step.task.key), self.forms[sync.target][step.task.key]
            count = applied_count(old, new, mine.asked)
            mine = mine._replace(scaled=mine.scaled and old is not None and count == mine.asked, asked=count)
        return (*pods[: step.written], self.code(mine), *pods[step.written + 1 :])

    def without_pods(self, pods: tuple[int, ...], index: int) -> tuple[int, ...]:
        """The garbage collector is quick: the pods of what is deleted to be made anew are gone before that."""
        mine = self.known_pods[pods[index]]
        bare = mine._replace(sets=tuple(ReplicaSet() for _ in mine.sets), active=ANY)
        return (*pods[:index], self.code(bare), *pods[index + 1 :])

    def _healthy(self, number: int, index: int, code: int) -> bool:
        """Whether a gate opens: all pods are new and ready, or those of a deleted Deployment have gone."""
        pods = self.known_pods[code]
        version = self.version(self.syncs[number].live, self.deployments[index])
        if version == ABSENT:
            return not any(each.pods for each in pods.sets)
        if not self.has_template(self.syncs[number].live, index):
            return False
        form, current = self.forms[version][self.deployments[index]], self.slot(self.syncs[number].live, index)
        mine, others = pods.sets[current], [each for at, each in enumerate(pods.sets) if at != current]
        # a blue/green Rollout is Healthy once it has switched, whatever is left of the old pods
        # nor is it once an old set still wants pods: that the one who makes them is so late is not modeled
        alone = pods.active == current if form.active else not any(each.pods or each.wanted for each in others)
        # a paused Deployment is Suspended (health_deployment.go)
        return not form.paused and pods.scaled and alone and mine.wanted == mine.pods == mine.ready == pods.asked

    def resolved(self, live: Live, object_key: Key) -> bool:
        """An HTTPRoute with a backend that does not exist is Degraded, as is one that a Gateway does not take."""
        route = self.held(live, object_key)
        backends = (backend for rule in route.rules for backend in rule.backends)
        return all(self.has_port(live, backend.service, backend.port) for backend in backends) and all(
            any(hangs(parent, listener) for listener in self.held(live, ("Gateway", parent.gateway)) or ())
            for parent in route.parents
        )

    def has_port(self, live: Live, name: str, port: int) -> bool:
        service: Service | None = self.held(live, ("Service", name))
        return service is not None and port in [number for number, _ in service.ports]

    def _pod_moves(self, index: int, setting: Setting, code: int, startable: tuple[bool, ...], room: bool) -> list[int]:
        pods, (version, current, wanted) = self.known_pods[code], setting
        if version == ABSENT:
            return [self.code(gone) for gone in vanish(pods)]
        deployment: Deployment = self.forms[version][self.deployments[index]]
        result = [] if current == ABSENT else list(controller(pods, deployment.scaled_to(pods.asked), current))
        if wanted is not None and pods.asked not in (0, wanted):
            result.append(pods._replace(scaled=False, asked=wanted))
        for at, each in enumerate(pods.sets):
            steps = replica_set(each, startable=startable[at], room=room)
            result += [with_set(pods, at, changed) for changed in steps]
        return [self.code(each) for each in result]

    def _startable(self, live: Live, index: int) -> tuple[bool, ...]:
        """For the template of each commit, whether a pod of it finds what it names."""
        return tuple(
            template is not None and all(self.exists(live, ("ConfigMap", name)) for name in template.configs)
            for template in self.templates[index]
        )

    def has_room(self, number: int, state: State) -> bool:
        """Whether the quota that is live admits one pod more."""
        quota = self.quota(number)
        return quota is None or sum(each.pods for some in self.pods_in(state) for each in some.sets) < quota

    def _quota(self, number: int) -> int | None:
        return min((limit for _, limit in self.of_kind(self.syncs[number].live, "ResourceQuota")), default=None)


def vanish(pods: Pods) -> Iterator[Pods]:
    """The garbage collector deletes the pods of a deleted Deployment later, and in one go."""
    if any(each.pods for each in pods.sets):
        yield pods._replace(sets=tuple(ReplicaSet() for _ in pods.sets))


def explore(world: World, limit: int) -> dict[State, list[State]] | None:
    """Every reachable state with its successors; None when there are more than `limit`."""
    graph: dict[State, list[State]] = {}
    pending = list(world.starts())
    while pending:
        state = pending.pop()
        if state in graph:
            continue
        if len(graph) >= limit:
            return None
        graph[state] = list(world.moves(state))
        pending += graph[state]
    return graph
