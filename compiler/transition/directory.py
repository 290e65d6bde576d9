"""Where to look things up in large folders: routes by host, pods by label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from compiler.transition.change import Change
from compiler.transition.objects import Key, selects
from compiler.transition.pods import Template

Labelled = tuple[str, str, str]
Name = TypeVar("Name")


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """The routes of each host (wildcards under `*`), the workloads of each label, and each one's templates."""

    http_routes: Mapping[str, tuple[Key, ...]]
    ingresses: Mapping[str, tuple[Key, ...]]
    labelled: Mapping[Labelled, tuple[Key, ...]]
    templates: Mapping[Key, tuple[Template, ...]]

    def routes(self, host: str) -> tuple[Key, ...]:
        """The HTTPRoutes that may take requests for a host."""
        return _both(self.http_routes, host)

    def ingresses_of(self, host: str) -> tuple[Key, ...]:
        """The Ingresses that may take requests for a host."""
        return _both(self.ingresses, host)

    def selected(self, namespace: str, selector: Mapping[str, str]) -> list[Key]:
        """The workloads that may have pods which the selector takes."""
        if not selector:
            return []
        first = next(iter(selector.items()))
        keys = self.labelled.get((namespace, *first), ())
        return [key for key in keys if any(selects(selector, template.labels) for template in self.templates[key])]


def directory(change: Change) -> Directory:
    """The directory of all that a change can bring to light."""
    sides = (change.live, change.target)
    routes = [(host, key) for side in sides for key, route in side.http_routes.items() for host in route.hosts]
    ingresses = [
        (rule.match.host, key) for side in sides for key, facts in side.ingresses.items() for rule in facts.rules
    ]
    templates: dict[Key, dict[Template, None]] = {}
    for side in sides:
        for key, workload in side.workloads.items():
            templates.setdefault(key, {})[workload.template] = None
    for key, states in change.unsettled.items():
        for state in states:
            templates.setdefault(key, {}).update((template, None) for template, _ in state.ready)
    labelled = [
        ((key.namespace, *label), key) for key, found in templates.items() for t in found for label in t.labels.items()
    ]
    hosts, paths = ([(_shelf(host), key) for host, key in pairs] for pairs in (routes, ingresses))
    return Directory(_grouped(hosts), _grouped(paths), _grouped(labelled), {k: tuple(v) for k, v in templates.items()})


def _shelf(host: str) -> str:
    """Where a host name is to be found: all wildcards share one place."""
    return "*" if host.startswith("*") else host


def _both(index: Mapping[str, tuple[Key, ...]], host: str) -> tuple[Key, ...]:
    exact, wild = index.get(host, ()), index.get("*", ())
    return (*exact, *(key for key in wild if key not in exact)) if wild else exact


def _grouped(pairs: Iterable[tuple[Name, Key]]) -> dict[Name, tuple[Key, ...]]:
    found: dict[Name, dict[Key, None]] = {}
    for name, key in pairs:
        found.setdefault(name, {})[key] = None
    return {name: tuple(keys) for name, keys in found.items()}
