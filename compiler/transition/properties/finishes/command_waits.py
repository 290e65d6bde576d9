"""What commands of a pod wait for before it is ready, or, of a Job, before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.objects import Key, is_service, mapping_items, nested_value
from compiler.transition.facts.health_needs import HealthNeed
from compiler.transition.facts.pods import Template
from compiler.transition.facts.startup_waits import (
    AwaitedHost,
    awaited_hosts,
    awaited_objects,
    holding_commands,
    init_containers,
)
from compiler.transition.search.guarantee import is_service_host
from compiler.transition.sync.change import Change


def requirements_of_commands(change: Change, key: Key, template: Template) -> Iterator[HealthNeed]:
    """The Services, and the pods behind them, the Jobs and the workloads that pods of `key` wait for by commands."""
    yield from _called_services(change, key, template)
    yield from _awaited_by_commands(change, key, template)


def _called_services(change: Change, key: Key, template: Template) -> Iterator[HealthNeed]:
    """The Services, and the pods behind them, without which a Job does not end, or init containers do not."""
    hosts = [AwaitedHost(host, answers=True) for host, _ in template.calls] if key.kind == "Job" else []
    who = "its pods call" if hosts else "its pods wait for"
    hosts += awaited_hosts(_waiting_containers(key, template))
    for service in filter(is_service, change.target.services) if hosts else ():
        asked = [each for each in hosts if is_service_host(each.host, service) and _is_near(each.host, key, service)]
        if asked:
            yield service, f"{who} it"
        if any(each.answers for each in asked):
            yield from ((pods, f"{who} {service}") for pods in _selected_by_service(change, service) if pods != key)


def _awaited_by_commands(change: Change, key: Key, template: Template) -> Iterator[HealthNeed]:
    """The objects of the folder for which commands wait before a Job ends, or before other pods start."""
    for need in awaited_objects(_waiting_containers(key, template), key.namespace):
        for each in (need, *(_selected_by_service(change, need) if need in change.target.services else ())):
            if each in change.target.objects and each != key:
                yield each, "a command of its pods waits for it"


def _waiting_containers(key: Key, template: Template) -> Iterator[Mapping[str, Any]]:
    """Those that have to end before the pod counts as ready, or, of a Job, as done."""
    yield from init_containers(template)
    yield from holding_commands(template)
    if key.kind == "Job":
        yield from mapping_items(nested_value(template.raw, "spec", "containers"))


def _is_near(host: str, caller: Key, service: Key) -> bool:
    """Whether a short name means the Service: it does in its own namespace only."""
    return "." in host or caller.namespace == service.namespace


def _selected_by_service(change: Change, service: Key) -> Iterator[Key]:
    facts = change.target.services[service]
    for key, workload in change.target.workloads.items():
        if (
            key.namespace == service.namespace
            and facts.selector
            and all(workload.template.labels.get(k) == v for k, v in facts.selector.items())
        ):
            yield key
