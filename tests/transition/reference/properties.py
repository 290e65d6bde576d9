"""What must hold in each state; where the same objects are live, only the pods can tell two states apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, lru_cache

from tests.transition.reference import routing
from tests.transition.reference.calls import Calls
from tests.transition.reference.closed import closes
from tests.transition.reference.controllers import Pods, ReplicaSet
from tests.transition.reference.counts import count_at_rest, scaler
from tests.transition.reference.disputes import comes_to_dispute, is_reset
from tests.transition.reference.manifests import Backend
from tests.transition.reference.metadata import Key
from tests.transition.reference.model import Live, State, Sync, World, explore
from tests.transition.reference.routing import Answer, Request
from tests.transition.reference.sync import Task
from tests.transition.reference.traffic import EveryPods, Lead, Traffic, View
from tests.transition.reference.workloads import Deployment


def judge(world: World, limit: int = 60_000) -> set[str] | None:
    """The properties that some reachable state breaks; None when the transition is too large to explore."""
    graph = explore(world, limit)
    if graph is None:
        return None
    judged = judge_of(world)
    broken = {"available"} if judged.falls_through() or closes(world) else set[str]()
    broken |= {"contract"} if judged.moves_clients() else set()
    states = [state for state in graph if world.syncs[state.sync].target == world.last]
    # only ready pods answer, and few kinds decide who: states that differ in others are one
    views = cache(lambda number: judged.views(world.syncs[number]))
    ready = cache(lambda number: ready_pods(world.known_pods[number]))
    seen = {(views(state.sync), tuple(map(ready, state.pods))): state for state in states}
    for ((live, origin, moving), _), state in seen.items():
        broken |= judged.faults(live, world.pods_in(state), origin, moving)
    if any(judged.config_fault(state) for state in states):
        broken.add("config")
    ends = world.forms[0], world.forms[world.last]
    if any(comes_to_dispute(*ends, key) or is_reset(world, key) for key in world.deployments):
        broken.add("undisputed")
    dips = [loses_capacity(world, request, limit) for request in judged.classes if judged.grows(request)]
    if None in dips:
        return None
    broken |= {"capacity"} if any(dips) else set()
    if not always_finishes(world, graph) or not always_completes(world, graph):
        broken.add("finishes")
    return broken


def loses_capacity(world: World, request: Request, limit: int) -> bool | None:
    """Whether a class loses pods that it needs while it comes so often that HPAs have grown; None: not explored.

    Other classes have no load then: whom they alone ask has as many pods as its HPA must leave.
    """
    loaded = World([list(raw.values()) for raw in world.raw], world.prune_last)
    judged = Judge(loaded, request)
    graph = explore(loaded, limit)
    if graph is None:
        return None
    states = [state for state in graph if loaded.syncs[state.sync].target == loaded.last]
    return any(judged.dips(request, loaded.syncs[state.sync], loaded.pods_in(state)) for state in states)


def no_longer_served(world: World) -> set[Request]:
    """The classes that were served, that nobody takes any more, and whose backends no rule names."""
    judged = judge_of(world)
    return set(judged.served) - set(judged.classes)


class Judge:
    """The properties of one world."""

    def __init__(self, world: World, loaded: Request | None = None) -> None:
        self.world = world
        self.traffic = Traffic(world, loaded)
        self.first, self.last, self.rest = self.traffic.first, self.traffic.last, self.traffic.rest
        self.before, self.after = self.traffic.leads(self.first), self.traffic.leads(self.last)
        self.floor = cache(self._floor)
        self.served = [each for each in self.traffic.requests if self.before[each].available(self.rest[0])]
        self.classes = [each for each in self.served if self.still_meant(each)]
        last = world.last
        self.contracts = {each: self.contracts_at_rest(each, range(last + 1)) for each in self.served}
        self.contracts_of_ends = {each: self.contracts_at_rest(each, (0, last)) for each in self.served}
        self.staying = {each for each in self.traffic.requests if self.keeps_its_contracts(each)}
        self.headers = {each.header for each in self.traffic.requests if not each.service}
        self.moving = cache(lambda origin: frozenset(each for each in self.headers if self.host_moves(each, origin)))
        self.calls = Calls(self.traffic, self.classes)

    def views(self, sync: Sync) -> tuple[View, View, frozenset[str]]:
        """What decides who answers, now and when the sync began, and whose clients have moved when it ends."""
        return self.traffic.view(sync.live), self.traffic.view(sync.origin), self.moving(sync.origin)

    def still_meant(self, request: Request) -> bool:
        """A rule takes it in the end, or one at least of the last commit still names a backend that it had."""
        before = self.before[request].answer
        if self.after[request].answer is not None or before is None:
            return True
        left = routing.named(backend for rule in self.traffic.rules(self.world.last) for backend in rule.backends)
        return not request.service and bool(routing.named(before.backends) & left)

    def faults(self, live: Live, pods: EveryPods, origin: Live, moving: frozenset[str]) -> set[str]:
        """What is broken in a state of a sync that began with `origin`.

        Two contracts never answer at once, nor one that answers neither in the beginning nor in the end.
        """
        result, leads = set[str](), self.traffic.leads(live)
        for request in self.classes:
            lead = leads[request]
            if lead.answer is None and self.traffic.leads(origin)[request].answer is None:
                continue  # nor did a rule take it when the sync began: a commit in between has given it up
            if not lead.available(pods):
                result.add("available")
            if lead.answer is not None and self.falls_in_passing(request, lead.answer):
                result.add("available")
            if weakest(pods, lead) < self.floor(request):
                result.add("capacity")
        contracts = {request: lead.contracts(pods) for request, lead in leads.items()}
        known = self.contracts_of_ends if origin == self.traffic.view(self.first) else self.contracts
        if any(len(each) > 1 or not each <= known.get(request, each) for request, each in contracts.items()):
            result.add("contract")
        if any(len(self.on_host(contracts, header)) > 1 for header in moving):
            result.add("contract")
        return result | self.calls.faults(live, pods)

    def dips(self, request: Request, sync: Sync, pods: EveryPods) -> bool:
        """Whether the class has fewer pods than it needs, in a state of a sync."""
        lead = self.traffic.leads(sync.live)[request]
        if lead.answer is None and self.traffic.leads(sync.origin)[request].answer is None:
            return False
        return weakest(pods, lead) < self.floor(request)

    def grows(self, request: Request) -> bool:
        """Whether an HPA scales pods that serve the class before or after."""
        ends = (self.first, self.last)
        return any(
            scaler(self.world, live, index) and self.traffic.serves(end, index, request)
            for index in range(len(self.world.deployments))
            for live in ends
            for end in ends
        )

    def contracts_at_rest(self, request: Request, versions: Iterable[int]) -> set[str]:
        """The contracts that answer in these commits; those between count once a sync has begun from one of them."""
        lives = (self.world.live_at(version) for version in versions)
        leads = ((self.traffic.leads(live)[request], self.traffic.pods_at_rest(live)) for live in lives)
        return {each for lead, pods in leads for each in lead.contracts(pods)}

    def host_moves(self, header: str, origin: Live) -> bool:
        """Whether all that clients with this header ask of the host moves from one contract to another.

        They are a client and its API, which must agree. A sync may begin after a commit between has parted them.
        """
        began = self.traffic.leads(origin), self.traffic.pods_at_rest(origin)
        sides = (began, (self.after, self.rest[1]))
        old, new = (
            self.on_host({request: lead.contracts(pods) for request, lead in leads.items()}, header)
            for leads, pods in sides
        )
        return len(old) == len(new) == 1 and old != new

    def keeps_its_contracts(self, request: Request) -> bool:
        """Whether the contracts that answer it are the same in the first and in the last commit."""
        before = self.before[request].contracts(self.rest[0])
        return bool(before) and before == self.after[request].contracts(self.rest[1])

    def on_host(self, contracts: dict[Request, set[str]], header: str) -> set[str]:
        """The contracts that answer what clients with this header ask of the one host, but for what stays as it is."""
        moving = ((request, item) for request, item in contracts.items() if request not in self.staying)
        return {each for request, item in moving if asks(request, header) for each in item}

    def _floor(self, request: Request) -> Fraction:
        """min(first, last commit) of what is desired, each less what the rolling strategies permit to be missing."""
        first = self.permitted(self.before[request], self.first, self.rest[0])
        return min(first, self.permitted(self.after[request], self.last, self.rest[1]))

    def permitted(self, lead: Lead, live: Live, rest: EveryPods) -> Fraction:
        pods = []
        for share in lead.sharing(rest):
            counts = {item.deployment: count_at_rest(self.world, live, item.deployment) for item in share.serving(rest)}
            keys = self.world.deployments
            count = sum(max(wanted - self.slack(keys[index], wanted), 0) for index, wanted in counts.items())
            pods.append((share.backend, count))
        return over_shares(pods, lead.answer)

    def slack(self, key: Key, count: int) -> int:
        """The largest maxUnavailable of so many pods in its forms: the rollout may follow any."""
        every: list[Deployment] = [forms[key] for forms in self.world.forms if key in forms]
        return max(form.unavailable_of(count) for form in every)

    def moves_clients(self) -> bool:
        """Whether requests pass from one contract to another while both have requests before and after.

        Clients have chosen between the two, by path or header, and nobody tells these that they get the other.
        """
        sides = ((self.before, self.rest[0]), (self.after, self.rest[1]))
        old, new = ({each: leads[each].contracts(pods) for each in leads} for leads, pods in sides)
        had, have = (
            {name for each, names in side.items() if not each.service for name in names} for side in (old, new)
        )
        pairs = ((old[each] - new[each], new[each] - old[each]) for each in self.classes if not each.service)
        return any(went and came and went <= have and came <= had for went, came in pairs)

    def falls_through(self) -> bool:
        """Whether a path ends with the rule for a shorter one, whose pods are another application's."""
        for request in self.classes:
            old, new = self.before[request].answer, self.after[request].answer
            if old and new and len(new.path) < len(old.path) and self.given_up(old, new):
                return True
        return False

    def given_up(self, before: Answer, after: Answer) -> bool:
        """Whether the Services of the shorter rule served something else."""
        old, new = (routing.named(answer.backends) for answer in (before, after))
        there = all(self.world.exists(self.first, ("Service", name)) for name in new)
        apps = [{self.application(name) for name in names} for names in (old, new)]
        return bool(old) and bool(new) and there and not old & new and apps[0] != apps[1]

    def falls_in_passing(self, request: Request, answer: Answer) -> bool:
        """Whether a rule answers that redirects, or that leads to another application, as in no commit at rest."""
        lives = (self.world.live_at(version) for version in range(self.world.last + 1))
        ends = [lead.answer for live in lives if (lead := self.traffic.leads(live)[request]).answer]
        known = {name for each in ends for name in routing.named(each.backends)}
        others = routing.named(answer.backends)
        own = {self.application(name) for name in known}
        if answer.redirect:
            return not any(each.redirect for each in ends)
        apart = own.isdisjoint({self.application(name) for name in others})
        return apart and bool(others) and not others & known

    def application(self, name: str) -> str:
        """The `app` of the pods that a Service selects; of one that is in no commit, its name."""
        selectors = (
            dict(forms[("Service", name)].selector) for forms in self.world.forms if ("Service", name) in forms
        )
        return str(next(selectors, {}).get("app", name))

    def config_fault(self, state: State) -> bool:
        """A pod of the state could not start again; what the running group is about to delete is past caring."""
        sync = self.world.syncs[state.sync]
        for index, (_, startable) in enumerate(self.world.setting(state.sync)):
            if all(startable) or dying(sync, self.world.deployments[index]):
                continue
            pods = self.world.known_pods[state.pods[index]]
            if any(each.wanted and not startable[at] for at, each in self.meant_to_run(sync.live, index, pods)):
                return True
        return False

    def meant_to_run(self, live: Live, index: int, pods: Pods) -> list[tuple[int, ReplicaSet]]:
        """The ReplicaSets with a template; of blue/green the active and the newest one: the others only wait to go."""
        key = self.world.deployments[index]
        form, sets = self.world.held(live, key), list(enumerate(pods.sets))
        if form and form.active:
            sets = [sets[at] for at in {pods.active, self.world.slot(live, index)}]
        return [(at, each) for at, each in sets if self.world.templates[index][at]]


@lru_cache(maxsize=1)
def judge_of(world: World) -> Judge:
    return Judge(world)


def asks(request: Request, header: str) -> bool:
    return not request.service and request.header == header


def ready_pods(pods: Pods) -> tuple[int, ...]:
    return (pods.active, *(each.ready for each in pods.sets))


def weakest(pods: EveryPods, lead: Lead) -> Fraction:
    """How many pods' worth of the class the weakest backend could carry: ready pods over its share."""
    return over_shares([(share.backend, share.ready(pods)) for share in lead.sharing(pods)], lead.answer)


def over_shares(pods: list[tuple[Backend, int]], answer: Answer | None) -> Fraction:
    """The fewest pods over their share, of all that the rule gives: also of what an empty canary leaves.

    A redirect needs no pods, and says nothing of how many are due while others answer.
    """
    if answer is not None and answer.redirect:
        return PLENTY
    total = sum(backend.weight for backend in answer.backends) if answer else 0
    return min((ratio(count * total, backend.weight) for backend, count in pods), default=Fraction(0))


ratio = cache(Fraction)
PLENTY = Fraction(1_000_000)


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
    forms = ((index, world.held(live, key)) for index, key in enumerate(world.deployments))
    return all(form is None or has_its_pods(world, state, index, form) for index, form in forms)


def has_its_pods(world: World, state: State, index: int, form: Deployment) -> bool:
    """Whether all pods of a workload are there: of a paused one, which is never Healthy, those of any template.

    A Rollout whose Deployment is away keeps what it has.
    """
    if not world.has_template(world.syncs[state.sync].live, index):
        return True
    pods = world.known_pods[state.pods[index]]
    if form.paused:
        return pods.scaled and sum(each.ready for each in pods.sets) == sum(each.wanted for each in pods.sets)
    return world.healthy(state.sync, index, state.pods[index])


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
