"""Which pods answer which requests while given objects are live; what these decide is worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from tests.transition.reference import routing
from tests.transition.reference.controllers import ANY, Pods, ReplicaSet
from tests.transition.reference.counts import count_at_rest
from tests.transition.reference.manifests import Backend, Place, Policy, Route, Rule
from tests.transition.reference.metadata import Labels
from tests.transition.reference.model import ABSENT, Live, World
from tests.transition.reference.routing import CLUSTER, Answer, Request, Source
from tests.transition.reference.workloads import Template

EveryPods = tuple[Pods, ...]
ROUTING_KINDS = ("HTTPRoute", "Ingress")
DECIDING_KINDS = (*ROUTING_KINDS, "Gateway", "Service", "NetworkPolicy", "Rollout")
View = Live
"""What is live, of the objects that decide who answers; all others are as if absent."""


class BackingSet(NamedTuple):
    """A ReplicaSet behind a backend: which Deployment's, which of its sets, and whether a policy shuts it.

    `switched`: a Rollout lets the Service lead to one of its sets alone.
    """

    deployment: int
    at: int
    template: Template
    shut: bool
    switched: bool

    def ready(self, pods: EveryPods) -> int:
        mine = pods[self.deployment]
        return 0 if self.switched and mine.active not in (ANY, self.at) else mine.sets[self.at].ready


class Share(NamedTuple):
    """A backend of an answer, with what stands behind it."""

    backend: Backend
    behind: Sequence[BackingSet]

    def ready(self, pods: EveryPods) -> int:
        return sum(item.ready(pods) for item in self.behind if not item.shut)

    def serving(self, pods: EveryPods) -> list[BackingSet]:
        return [item for item in self.behind if item.ready(pods) and not item.shut]

    def refuses(self, pods: EveryPods) -> bool:
        return any(item.shut and item.ready(pods) for item in self.behind)


class Lead(NamedTuple):
    """How a class of requests is led while given objects are live; which pods are ready is asked anew each time."""

    answer: Answer | None
    shares: tuple[Share, ...]
    mirrored: bool = True  # whether what gets a copy is there

    def available(self, pods: EveryPods) -> bool:
        """Every backend has a ready pod, and none that refuses; an empty canary leaves its share to the main one.

        A redirect is answered without pods; a mirror that is missing is answered with an error (httproute_types.go).
        """
        if not self.mirrored:
            return False
        if self.answer is not None and self.answer.redirect:
            return True
        if self.answer is None or not self.shares or any(share.refuses(pods) for share in self.shares):
            return False
        return all(share.backend.service == self.answer.canary or share.ready(pods) for share in self.shares)

    def answering(self, pods: EveryPods) -> list[Share]:
        """The backends that get requests: an empty canary gets none, nor does who has no share beside a ready one."""
        empty = self.answer is not None and self.answer.canary != "" and self.without_canary(pods)
        return [
            share
            for share in self.shares
            if (not empty or not self.is_canary(share)) and (share.backend.weight > 0 or empty)
        ]

    def is_canary(self, share: Share) -> bool:
        return self.answer is not None and share.backend.service == self.answer.canary

    def without_canary(self, pods: EveryPods) -> bool:
        return any(self.is_canary(share) and not share.ready(pods) for share in self.shares)

    def sharing(self, pods: EveryPods) -> list[Share]:
        """The backends with their shares; an empty canary's goes to the main one, which was sized for it if larger."""
        got = self.answering(pods)
        if self.answer is None or not self.answer.canary or any(self.is_canary(share) for share in got):
            return got
        weight = next(share.backend.weight for share in self.shares if self.is_canary(share))
        return [s if weight <= s.backend.weight else s._replace(backend=s.backend._replace(weight=100)) for s in got]

    def contracts(self, pods: EveryPods) -> set[str]:
        return {item.template.contract for share in self.answering(pods) for item in share.serving(pods)}


class Traffic:
    """The request classes of a world, and who answers them; `loaded`: the one that comes so often that HPAs grow."""

    def __init__(self, world: World, loaded: Request | None = None) -> None:
        self.world = world
        self.by_nginx = any(key[0] == "Ingress" for key in world.keys)
        self.deciding = [at for at, key in enumerate(world.keys) if key[0] in DECIDING_KINDS]
        self.leads_by_view = cache(self._leads)
        self.behind_by_view = cache(self._behind)
        self.selection = cache(self._selection)
        self.pods_at_rest = cache(self._pods_at_rest)
        self.first, self.last = world.live_at(0), world.live_at(world.last)
        self.requests = [*self.own_services(), *self.distinct_requests()]
        if loaded is not None:
            world.busy = lambda live, index: self.serves(live, index, loaded)
        self.rest = self.pods_at_rest(self.first), self.pods_at_rest(self.last)

    def _pods_at_rest(self, live: Live) -> EveryPods:
        collected = []
        for index, key in enumerate(self.world.deployments):
            sets, at, slot = [ReplicaSet()] * (self.world.last + 1), self.world.version(live, key), ANY
            if at != ABSENT:
                count, slot = count_at_rest(self.world, live, index), self.world.slot(live, index)
                sets[slot] = ReplicaSet(count, count, 0)
            collected.append(Pods(tuple(sets), active=slot))
        return tuple(collected)

    def serves(self, live: Live, index: int, request: Request) -> bool:
        """Whether a workload has a share of a class of requests, or gets that of a canary while it is empty."""
        lead = self.leads(live)[request]
        either = lead.answer is not None and lead.answer.canary != ""
        shares = (share for share in lead.shares if share.backend.weight or either)
        return any(item.deployment == index for share in shares for item in share.behind)

    def routes(self, version: int) -> Iterator[Any]:
        return (form for key, form in self.world.forms[version].items() if key[0] in ROUTING_KINDS)

    def rules(self, version: int) -> Iterator[Rule]:
        return (rule for form in self.routes(version) for rule in form.rules)

    def distinct_requests(self) -> list[Request]:
        """One request for each set of rules that take it, whether paths are read as they stand or as expressions."""
        every = range(self.world.last + 1)
        rules = list(dict.fromkeys(rule for version in every for rule in self.rules(version)))
        near = sorted({path for rule in rules for path in around(rule.path)})
        headers = sorted({"", *(value for version in every for form in self.routes(version) for value in form.headers)})
        tests: dict[Any, Request] = {}
        for request in (Request(path, header) for header in headers for path in near):
            took = tuple((routing.takes(rule, request), routing.matches(rule, request.path)) for rule in rules)
            if any(map(any, took)):
                tests.setdefault((took, request.header), request)
        return [request._replace(place=place) for place in self.places() for request in tests.values()]

    def places(self) -> list[Place | None]:
        """Where requests for the one host may arrive: outside of the folder, or at a place of its own Gateway."""
        forms = [form for every in self.world.forms for key, form in every.items() if key[0] == "Gateway"]
        own = {listener.place for form in forms for listener in form if routing.covers(listener.host)}
        return [None, *sorted(own)]

    def own_services(self) -> list[Request]:
        """Services that no rule names, and that got no copies, have clients of their own, inside the cluster."""
        rules = [*self.rules(0), *self.rules(self.world.last)]
        named = routing.named(backend for rule in rules for backend in rule.backends)
        named |= {rule.mirror for rule in self.rules(0)}
        return [
            Request("", service=key[1]) for key in self.world.forms[0] if key[0] == "Service" and key[1] not in named
        ]

    def by_age(self, live: Live, kind: str) -> list[Any]:
        """The objects of a kind that are live, the oldest first, of equal age by name."""
        result = list(self.world.of_kind(live, kind))
        return [form for _, form in sorted(result, key=lambda pair: (pair[0] not in self.world.forms[0], pair[0]))]

    def view(self, live: Live) -> View:
        seen = [ABSENT] * len(live)
        for at in self.deciding:
            seen[at] = live[at]
        return tuple(seen)

    def leads(self, live: Live) -> dict[Request, Lead]:
        return self.leads_by_view(self.view(live))

    def behind(self, live: Live, service: str, port: int, source: Source) -> Sequence[BackingSet]:
        return self.behind_by_view(self.view(live), service, port, source)

    def _leads(self, live: View) -> dict[Request, Lead]:
        kind = "Ingress" if self.by_nginx else "HTTPRoute"
        routes = self.by_age(live, kind)
        return {request: self.lead(live, request, self.answer(live, routes, request)) for request in self.requests}

    def answer(self, live: Live, routes: list[Any], request: Request) -> Answer | None:
        if request.service:
            there = self.world.exists(live, ("Service", request.service))
            only = (Backend(request.service, 80, 1),)
            return Answer("", routing.named(only), only) if there else None
        if self.by_nginx:
            return routing.by_ingresses(routes, request)
        return routing.by_routes([each for each in routes if self.arrives(live, each, request.place)], request)

    def arrives(self, live: Live, route: Route, place: Place | None) -> bool:
        """Whether requests that come in there reach the route."""
        if place is None:
            return route.outside
        return any(
            listener.place == place and routing.hangs(parent, listener)
            for parent in route.parents
            for listener in self.world.held(live, ("Gateway", parent.gateway)) or ()
        )

    def lead(self, live: Live, request: Request, answer: Answer | None) -> Lead:
        """What stands behind each backend; requests come from the gateway, or from any pods."""
        source = CLUSTER if request.service else Source("ingress-nginx" if self.by_nginx else "gateways")
        backends = answer.backends if answer else ()
        shares = (Share(each, self.behind(live, each.service, each.port, source)) for each in backends)
        mirrored = answer is None or not answer.mirror or self.world.exists(live, ("Service", answer.mirror))
        return Lead(answer, tuple(shares), mirrored)

    def _behind(self, live: View, service: str, port: int, source: Source) -> Sequence[BackingSet]:
        """The ReplicaSets that the Service selects, on a port that their pods have."""
        policies = [form for _, form in self.world.of_kind(live, "NetworkPolicy")]
        found = self.selection(service, self.world.version(live, ("Service", service)), port)
        return [
            BackingSet(
                index, at, template, shut(policies, template, target, source), self.switched(live, index, service)
            )
            for index, at, template, target in found
        ]

    def _selection(self, service: str, version: int, port: int) -> list[tuple[int, int, Template, str | int]]:
        """What a version of a Service selects: a Deployment, one of its sets, its template, and the port there."""
        form = None if version == ABSENT else self.world.forms[version][("Service", service)]
        targets = [target for number, target in form.ports if number == port] if form else []
        return [
            (index, at, template, targets[0])
            for index, templates in enumerate(self.world.templates)
            for at, template in enumerate(templates)
            if template and form and selected(template, form.selector, targets)
        ]

    def switched(self, live: View, index: int, service: str) -> bool:
        form = self.world.held(live, self.world.deployments[index])
        return form is not None and form.active == service


def shut(policies: Sequence[Policy], template: Template, target: str | int, source: Source) -> bool:
    port = dict(template.ports).get(target, 0) if isinstance(target, str) else target
    return bool(policies) and routing.closed(policies, template, port, source)


def around(path: str) -> list[str]:
    """Requests that the kinds of rules for a path tell apart."""
    stem = path.rstrip("/")
    return [path, f"{stem}/below", f"{stem}-beside", path.upper()]


def selected(template: Template, selector: Labels, targets: list[str | int]) -> bool:
    ports = {*(name for name, _ in template.ports), *(number for _, number in template.ports)}
    return set(selector) <= set(template.labels) and any(target in ports for target in targets)
