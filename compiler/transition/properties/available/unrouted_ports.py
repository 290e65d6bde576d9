"""available, for ports of a routed Service that no route names: clients inside the cluster may call there.

What a route names is judged with its requests, and a Service without a route with all of its ports. Source: Kubernetes,
pkg/controller/endpointslice (a named port that a pod has not leads to no endpoint).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.traffic.readers import readers_by_kind
from compiler.transition.facts.pods import Template
from compiler.transition.routing.service import UNNAMED_PORT, ServiceFacts, service_port_numbers, service_reach
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.sync.change import Change

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The ports of a Service that stays, and at which it leads to its pods no more."""
    lost = list(_lost_ports(judged))
    routed = _routed_ports(judged.change) if lost else frozenset()
    services = {service for service, _ in routed}
    for before, workload, port in lost:
        if before.key in services and not any((before.key, name) in routed for name in _names_of(before, port)):
            yield _lost_port(judged.change, before.key, workload, port)


def _lost_ports(judged: JudgedChange) -> Iterator[tuple[ServiceFacts, Key, int]]:
    """The ports of Services that stay at which they led to old pods of a workload, and do not lead to new ones."""
    for service, facts in judged.change.target.services.items():
        before = judged.change.live.services.get(service)
        if before is None:
            continue
        for workload, old, new in _templates_behind(judged, before, facts):
            for port in service_port_numbers(before) if facts.takes(new) else ():
                if service_reach(before, port, old) == "serves" != service_reach(facts, port, new):
                    yield before, workload, port


def _routed_ports(change: Change) -> frozenset[tuple[Key, int | str]]:
    readers = readers_by_kind()
    routes = [(key, route) for side in (change.live, change.target) for key, route in side.routes.items()]
    return frozenset(pair for key, route in routes for pair in readers[key[:2]].backend_ports(route))


def _templates_behind(
    judged: JudgedChange, before: ServiceFacts, facts: ServiceFacts
) -> Iterator[tuple[Key, Template, Template]]:
    """The old and the new template of each workload behind the Service where this commit changes either of them."""
    live, target = judged.change.live.workloads, judged.change.target.workloads
    same_ports = (before.ports, before.protocols) == (facts.ports, facts.protocols)
    for key in judged.router.selected(facts):
        if key in live and key in target and not (same_ports and live[key].template is target[key].template):
            yield key, live[key].template, target[key].template


def _names_of(facts: ServiceFacts, port: int) -> list[int | str]:
    """The number and, as far as they lead to the same target, the names of a port, and none at all."""
    others = (name for name in facts.ports if isinstance(name, str) or name == UNNAMED_PORT)
    return [port, *(name for name in others if facts.ports[name] == facts.ports[port])]


def _lost_port(change: Change, service: Key, workload: Key, port: int) -> PropertyBreach:
    if port not in change.target.services[service].ports:
        return PropertyBreach(
            "port-missing",
            PROPERTY,
            f"{service} no longer has port {port}, at which no route calls it: clients in the cluster get no answer "
            "there",
            (service, workload),
            "keep the port until no client in the cluster calls it",
            cut=change.moment(service),
        )
    return PropertyBreach(
        "port-refused",
        PROPERTY,
        f"port {port} of {service} leads to a port on which new pods of {workload} do not listen: clients in the "
        "cluster get no answer there",
        (service, workload),
        "keep the port in the pods, or remove it from the Service in a separate commit",
        cut=change.moment(workload),
    )
