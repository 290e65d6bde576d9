"""available, for Services that catch the pods of batch work: these get requests while they run, and answer none.

Source: Kubernetes, pkg/controller/endpointslice (every ready pod that the selector takes is an endpoint, whatever made
it; a pod without a readiness probe is ready as soon as it runs).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_or_empty, nested_value
from compiler.transition.facts.pods import BATCH_TEMPLATES, Template, read_template
from compiler.transition.routing.service import ServiceFacts, service_reach
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.router import Router
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
SelectorIndex = dict[tuple[str, str, str], list[ServiceFacts]]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The Jobs and CronJobs whose pods come to stand behind a Service that leads to others."""
    change = judged.change
    caught = _caught(change.target)
    before = _caught(change.live) if caught else {}
    for key, services in caught.items():
        for facts in services:
            known = any(facts.key == other.key for other in before.get(key, ()))
            if not known and facts.key in change.live.services and _leads_to_others(judged.router, facts):
                yield PropertyBreach(
                    "batch-pods-caught",
                    PROPERTY,
                    f"Service {facts.key.name} also selects the pods of {key}, so they get its requests while they run",
                    (facts.key, key),
                    "give the pods of the Job other labels, or let the Service select a label that they do not have",
                    cut=change.moment(key, facts.key),
                )


def _leads_to_others(router: Router, facts: ServiceFacts) -> bool:
    """Whether pods that serve stand behind the Service on either side: otherwise nobody gets answers there."""
    templates = (template for key in router.selected(facts) for template in router.index.templates[key])
    return any(_stands_behind(facts, template) for template in templates)


def _caught(snapshot: Snapshot) -> dict[Key, list[ServiceFacts]]:
    """The batch work of a snapshot of which a Service takes the pods."""
    caught: dict[Key, list[ServiceFacts]] = {}
    index: SelectorIndex | None = None
    for kind, path in BATCH_TEMPLATES.items():
        for key in snapshot.of_kind(kind):
            index = _by_selector(snapshot) if index is None else index
            template = read_template(mapping_or_empty(nested_value(snapshot.objects[key], *path)))
            services = [facts for facts in _near(index, key, template) if _stands_behind(facts, template)]
            if services:
                caught[key] = services
    return caught


def _by_selector(snapshot: Snapshot) -> SelectorIndex:
    """The Services by the first label that they ask for."""
    index: SelectorIndex = {}
    for key, facts in snapshot.services.items():
        label = next(iter(facts.selector.items()), None)
        if label is not None and not facts.external:
            index.setdefault((key.namespace, *label), []).append(facts)
    return index


def _near(index: SelectorIndex, key: Key, template: Template) -> Iterator[ServiceFacts]:
    for label in template.labels.items():
        yield from index.get((key.namespace, *label), ())


def _stands_behind(facts: ServiceFacts, template: Template) -> bool:
    return any(service_reach(facts, port, template) != "absent" for port in facts.ports)
