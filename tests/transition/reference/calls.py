"""Calls between pods: whom working pods call is ready, lets them in, and is of a contract that they speak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from tests.transition.reference import routing
from tests.transition.reference.model import Live
from tests.transition.reference.routing import CLUSTER, Request, Source
from tests.transition.reference.traffic import BackingSet, EveryPods, Lead, Traffic
from tests.transition.reference.workloads import Template

PORT = 80


class Calls:
    """The calls of a world; `classes` are the requests that must be answered all the way."""

    def __init__(self, traffic: Traffic, classes: list[Request]) -> None:
        self.traffic = traffic
        self.world = traffic.world
        self.classes = classes
        self.spoken = cache(self._spoken)
        self.any = any(template and template.calls for some in self.world.templates for template in some)

    def faults(self, live: Live, pods: EveryPods) -> set[str]:
        """`available` where a call finds nobody, `contract` where it finds somebody whom it does not understand."""
        collected: set[str] = set()
        required = self.required(live, pods) if self.any else set()
        for index, template in self.working(live, pods) if self.any else ():
            for name in template.calls:
                known = self.spoken(index, template, name)
                behind = [item for item in self.callees(live, name, template) if item.ready(pods)]
                if (
                    known
                    and (index, template) in required
                    and self.counts(index)
                    and not self.is_new_call_of_a_worker(index, name)
                    and not any(not item.shut for item in behind)
                ):
                    collected.add("available")
                if known and any(item.template.contract not in known for item in behind):
                    collected.add("contract")
        return collected

    def callees(self, live: Live, name: str, caller: Template) -> Sequence[BackingSet]:
        return self.traffic.behind(live, name, PORT, Source("shop", caller.labels))

    def counts(self, index: int) -> bool:
        """A caller that leaves with this commit counts as long as requests lead to it that must still be answered."""
        if self.world.exists(self.traffic.last, self.world.deployments[index]):
            return True
        leads, rest = self.traffic.leads(self.traffic.first), self.traffic.rest[0]
        shares = (share for request in self.classes for share in leads[request].answering(rest))
        return any(item.deployment == index for share in shares for item in share.serving(rest))

    def is_new_call_of_a_worker(self, index: int, name: str) -> bool:
        """Whether the Service comes with this commit, and no Service ever leads to the caller."""
        first, last = self.traffic.first, self.traffic.last
        forms = [form for at in (first, last) for key, form in self.world.of_kind(at, "Service")]
        templates = [template for template in self.world.templates[index] if template]
        led = any(set(form.selector) <= set(template.labels) for form in forms for template in templates)
        return not led and all(key[1] != name for key, _ in self.world.of_kind(first, "Service"))

    def _spoken(self, index: int, template: Template, name: str) -> set[str]:
        """The contracts of the Service where the caller's template is at rest: before, or else after."""
        old = self.world.forms[0].get(self.world.deployments[index])
        at = 0 if old is not None and old.template == template else 1
        every = self.callees((self.traffic.first, self.traffic.last)[at], name, template)
        return {item.template.contract for item in every if item.ready(self.traffic.rest[at])}

    def working(self, live: Live, pods: EveryPods) -> set[tuple[int, Template]]:
        """The ready pods with work to do: behind an entry, behind none at all, and those that these call in turn."""
        leads = self.traffic.leads(live)
        return self.with_callees(live, pods, {*self.alone(live, pods), *self.behind_entries(leads.values(), pods)})

    def required(self, live: Live, pods: EveryPods) -> set[tuple[int, Template]]:
        """Those whose work does not come with this commit: its new applications serve nobody who was served before."""
        leads = self.traffic.leads(live)
        old = self.behind_entries((leads[request] for request in self.classes), pods)
        alone = ((index, template) for index, template in self.alone(live, pods) if self.is_known(index))
        return self.with_callees(live, pods, {*old, *alone})

    def is_known(self, index: int) -> bool:
        """Whether the Deployment was there before, or a Service that was leads to its pods in the end."""
        first, last = self.traffic.first, self.traffic.last
        if self.world.exists(first, self.world.deployments[index]):
            return True
        kept = [form for key, form in self.world.of_kind(last, "Service") if self.world.exists(first, key)]
        templates = [template for template in self.world.templates[index] if template]
        return any(set(form.selector) <= set(template.labels) for form in kept for template in templates)

    def behind_entries(self, leads: Iterable[Lead], pods: EveryPods) -> set[tuple[int, Template]]:
        shares = (share for lead in leads for share in lead.answering(pods))
        return {(item.deployment, item.template) for share in shares for item in share.serving(pods)}

    def with_callees(self, live: Live, pods: EveryPods, result: set[tuple[int, Template]]) -> set[tuple[int, Template]]:
        pending = list(result)
        while pending:
            for name in pending.pop()[1].calls:
                behind = self.traffic.behind(live, name, PORT, CLUSTER)
                reached = {(item.deployment, item.template) for item in behind if item.ready(pods)}
                pending += reached - result
                result |= reached
        return result

    def alone(self, live: Live, pods: EveryPods) -> Iterator[tuple[int, Template]]:
        """Ready pods of Deployments that no Service of a rule selects."""
        rules = (rule for version in range(self.world.last + 1) for rule in self.traffic.rules(version))
        named = routing.named(backend for rule in rules for backend in rule.backends)
        fronts = [form for key, form in self.world.of_kind(live, "Service") if key[1] in named]
        for index, templates in enumerate(self.world.templates):
            fronted = any(t and set(front.selector) <= set(t.labels) for front in fronts for t in templates)
            for at, template in enumerate(() if fronted else templates):
                if template and pods[index].sets[at].ready:
                    yield index, template
