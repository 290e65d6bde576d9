"""What nobody has proven: annotations that stay, and name a port that pods or a Service lose.

Source: AWS Load Balancer Controller, docs/guide/ingress/annotations.md and docs/guide/service/annotations.md
(`healthcheck-port`, `ssl-ports`); GKE, ingress-configuration (`app-protocols`, `backend-config`, `neg`); Contour,
docs/config/annotations.md (`upstream-protocol`); Istio and Linkerd, annotations of pods (`excludeInboundPorts`,
`opaque-ports`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from compiler.model.classification import Classification
from compiler.model.objects import Key, annotations_of, nested_value, string_entries
from compiler.transition.classification import Unjudged
from compiler.transition.classification.shared.annotations import route_annotation, template_annotation
from compiler.transition.facts.pods import Template
from compiler.transition.properties.unread.selecting_policies import (
    PodTraits,
    differing_traits,
    says_port,
    switched_pods,
)
from compiler.transition.routing.service import ServiceFacts
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

PROPERTY = "available"
ENTRY = re.compile(r"[\w:-]+")
HEALTH = "health"
"""What annotations of Services and routes ask of pods themselves: all others of them name ports of Services."""
Ports = Collection[int | str]
Classifier = Callable[[str], Classification]


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The annotations that are as they were, of what is still there, and name a port that is no longer."""
    change = judged.change
    for key in change.ops:
        if key in change.live.services and key in change.target.services:
            lost = _lost_service_ports(change.live.services[key], change.target.services[key])
            if lost:
                yield from _stale_notes(change, key, key, lost, ())
    checked = _health_checked(change.target)
    for key, new in change.target.workloads.items():
        old = change.live.workloads.get(key)
        if old is not None and old.template is not new.template:
            traits = differing_traits(old.template, new.template)
            if traits.ports:
                yield from _stale_template(key, (old.template, new.template), traits.ports, traits.listens)
            if traits.ports and checked:
                yield from _stale_health_checks(change, key, checked, traits)
    for key, replaced in switched_pods(judged) if checked else ():
        traits = differing_traits(change.live.workloads[replaced].template, change.target.workloads[key].template)
        if traits.ports:
            yield from _stale_health_checks(change, key, checked, traits)


def _health_checked(snapshot: Snapshot) -> list[Key]:
    """The Services and routes whose annotations say how balancers ask whether pods are healthy."""
    entries = (*snapshot.services, *snapshot.routes)
    return [key for key in entries if any(HEALTH in name for name in annotations_of(snapshot.objects[key]))]


def _lost_service_ports(old: ServiceFacts, new: ServiceFacts) -> Ports:
    return {port for port in old.ports.keys() - new.ports.keys() if port}


def _stale_template(
    key: Key, templates: tuple[Template, Template], lost: Ports, listens: Collection[int]
) -> Iterator[PropertyBreach]:
    old, new = (string_entries(nested_value(each.raw, "metadata", "annotations")) for each in templates)
    kept = {name: value for name, value in new.items() if old.get(name) == value}
    for name, port, influence in _naming_notes(kept, template_annotation, lost, listens):
        yield _stale_breach((key,), key, name, port, influence)


def _stale_health_checks(
    change: Change, key: Key, checked: Collection[Key], traits: PodTraits
) -> Iterator[PropertyBreach]:
    template = change.target.workloads[key].template
    services = {
        each
        for each, facts in change.target.services.items()
        if each.namespace == key.namespace and facts.selects_pods and facts.takes(template)
    }
    for holder in checked if services else ():
        route = change.target.routes.get(holder)
        if holder in services or (route is not None and services & set(route.services)):
            yield from _stale_notes(change, holder, key, traits.ports, traits.listens, HEALTH)


def _stale_notes(
    change: Change, holder: Key, key: Key, lost: Ports, listens: Collection[int], asked: str = ""
) -> Iterator[PropertyBreach]:
    """The annotations of a Service or a route that name a port which `key` loses."""
    old, new = (annotations_of(side.objects.get(holder, {})) for side in (change.live, change.target))
    kept = {name: str(value) for name, value in new.items() if old.get(name) == value and asked in name}
    for name, port, influence in _naming_notes(kept, route_annotation, lost, listens):
        yield _stale_breach(tuple(dict.fromkeys((holder, key))), key, name, port, influence)


def _naming_notes(
    notes: Mapping[str, str], classify: Classifier, lost: Ports, listens: Collection[int]
) -> Iterator[tuple[str, int | str, str]]:
    """Those of the annotations that nobody judges and that name a lost port: name, port, and what it influences."""
    for name, value in notes.items():
        known = classify(name)
        if isinstance(known, Unjudged):
            words = [name.rpartition(".")[2], *ENTRY.findall(value)]
            port = next((port for port in lost for word in words if says_port(("port", word, {}), port, listens)), None)
            if port is not None:
                yield name, port, known.influence


def _stale_breach(objects: tuple[Key, ...], key: Key, name: str, port: int | str, influence: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"the annotation {name} of {objects[0]} names the port {port}, which {key} no longer has. Not judged: "
        f"{influence}",
        objects,
        "let the annotation name the new port, or keep the old one",
        "warning",
    )
