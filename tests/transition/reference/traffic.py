"""Which pods answer which requests while given objects are live; what these decide is worked out once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from tests.transition.reference import routing
from tests.transition.reference.controllers import Pods, ReplicaSet
from tests.transition.reference.manifests import Backend, Labels, Rule, Template
from tests.transition.reference.model import ABSENT, Live, World
from tests.transition.reference.routing import CLUSTER, Answer, Source

EveryPods = tuple[Pods, ...]
ROUTING_KINDS = ("HTTPRoute", "Ingress")
SERVICE = "service "
"""What the class of a Service's own clients begins with; other classes are paths."""


class Behind(NamedTuple):
    """A ReplicaSet behind a backend: which Deployment's, which of its sets, and whether a policy shuts it."""

    deployment: int
    at: int
    template: Template
    shut: bool

    def ready(self, pods: EveryPods) -> int:
        return pods[self.deployment].sets[self.at].ready


class Traffic:
    """The request classes of a world, and who answers them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_nginx = any(key[0] == "Ingress" for key in world.keys)
        self.answer = cache(self._answer)
        self.behind = cache(self._behind)
        self.first, self.last = world.live_at(0), world.live_at(world.last)
        self.rest = self.pods_at_rest(self.first), self.pods_at_rest(self.last)
        self.paths = [*self.own_services(), *self.told_apart()]

    def pods_at_rest(self, live: Live) -> EveryPods:
        found = []
        for index, key in enumerate(self.world.deployments):
            sets, at = [ReplicaSet()] * (self.world.last + 1), self.world.version(live, key)
            if at != ABSENT:
                count = self.world.forms[at][key].replicas
                sets[self.world.slot(index, at)] = ReplicaSet(count, count, 0)
            found.append(Pods(tuple(sets)))
        return tuple(found)

    def rules(self, version: int) -> Iterator[Rule]:
        for key, form in self.world.forms[version].items():
            yield from form.rules if key[0] in ROUTING_KINDS else ()

    def told_apart(self) -> list[str]:
        """One path for each set of rules that take it, whether paths are read as they stand or as expressions."""
        rules = list(dict.fromkeys(rule for version in range(self.world.last + 1) for rule in self.rules(version)))
        near = sorted({path for rule in rules for path in around(rule.path)})
        tests = {path: tuple((routing.takes(r, path), routing.matches(r, path)) for r in rules) for path in near}
        return list({test: path for path, test in reversed(tests.items()) if any(map(any, test))}.values())

    def own_services(self) -> list[str]:
        """Services that no rule names have clients of their own, inside the cluster."""
        rules = [*self.rules(0), *self.rules(self.world.last)]
        named = routing.named(backend for rule in rules for backend in rule.backends)
        return [f"{SERVICE}{key[1]}" for key in self.world.forms[0] if key[0] == "Service" and key[1] not in named]

    def by_age(self, live: Live, kind: str) -> list[Any]:
        """The objects of a kind that are live, the oldest first, of equal age by name."""
        found = list(self.world.of_kind(live, kind))
        return [form for _, form in sorted(found, key=lambda pair: (pair[0] not in self.world.forms[0], pair[0]))]

    def _answer(self, live: Live, path: str) -> Answer | None:
        if path.startswith(SERVICE):
            called = path.removeprefix(SERVICE)
            there = self.world.exists(live, ("Service", called))
            return Answer(path, frozenset({called}), (Backend(called, 80, 1),)) if there else None
        if self.by_nginx:
            return routing.by_ingresses(self.by_age(live, "Ingress"), path)
        return routing.by_routes(self.by_age(live, "HTTPRoute"), path)

    def _behind(self, live: Live, service: str, port: int, source: Source) -> list[Behind]:
        """The ReplicaSets that the Service selects, on a port that their pods have."""
        form = self.world.held(live, ("Service", service))
        targets = [target for number, target in form.ports if number == port] if form else []
        return [
            Behind(index, at, template, self.shut(live, template, targets[0], source))
            for index, templates in enumerate(self.world.templates)
            for at, template in enumerate(templates)
            if template and form and selected(template, form.selector, targets)
        ]

    def shut(self, live: Live, template: Template, target: str | int, source: Source) -> bool:
        policies = (form for _, form in self.world.of_kind(live, "NetworkPolicy"))
        port = dict(template.ports).get(target, 0) if isinstance(target, str) else target
        return routing.closed(policies, template, port, source)

    def backend(self, live: Live, path: str, backend: Backend) -> list[Behind]:
        """What stands behind a backend of a class; its requests come from the gateway, or from any pods."""
        source = CLUSTER if path.startswith(SERVICE) else Source("ingress-nginx" if self.by_nginx else "gateways")
        return self.behind(live, backend.service, backend.port, source)

    def ready(self, live: Live, pods: EveryPods, path: str, backend: Backend) -> int:
        return sum(item.ready(pods) for item in self.backend(live, path, backend) if not item.shut)

    def serving(self, live: Live, pods: EveryPods, path: str, backend: Backend) -> list[Behind]:
        return [item for item in self.backend(live, path, backend) if item.ready(pods) and not item.shut]

    def refuses(self, live: Live, pods: EveryPods, path: str, backend: Backend) -> bool:
        return any(item.shut and item.ready(pods) for item in self.backend(live, path, backend))

    def available(self, live: Live, pods: EveryPods, path: str) -> bool:
        """Every backend has a ready pod, and none that refuses; an empty canary leaves its share to the main one."""
        answer = self.answer(live, path)
        if answer is None or not answer.backends or any(self.refuses(live, pods, path, b) for b in answer.backends):
            return False
        return all(b.service == answer.canary or self.ready(live, pods, path, b) for b in answer.backends)

    def answering(self, live: Live, pods: EveryPods, path: str) -> list[Backend]:
        """The backends that get requests: an empty canary gets none, nor does who has no share beside a ready one."""
        answer = self.answer(live, path)
        if answer is None:
            return []
        empty = [b for b in answer.backends if b.service == answer.canary and not self.ready(live, pods, path, b)]
        return [b for b in answer.backends if b not in empty and (b.weight > 0 or empty)]

    def sharing(self, live: Live, pods: EveryPods, path: str) -> list[Backend]:
        """The backends with their shares; an empty canary's goes to the main one, which was sized for it if larger."""
        answer, got = self.answer(live, path), self.answering(live, pods, path)
        if answer is None or not answer.canary or any(b.service == answer.canary for b in got):
            return got
        canary = next(b for b in answer.backends if b.service == answer.canary)
        return [b if canary.weight <= b.weight else b._replace(weight=100) for b in got]


def around(path: str) -> list[str]:
    """Requests that the kinds of rules for a path tell apart."""
    stem = path.rstrip("/")
    return [path, f"{stem}/below", f"{stem}-beside", path.upper()]


def selected(template: Template, selector: Labels, targets: list[str | int]) -> bool:
    ports = {*(name for name, _ in template.ports), *(number for _, number in template.ports)}
    return set(selector) <= set(template.labels) and any(target in ports for target in targets)
