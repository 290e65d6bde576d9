"""Where to look things up in large folders: routes by host and path, pods by label, Services by what names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from compiler.model.objects import (
    Key,
    equality_selector_matches,
    is_service,
    label_selector_accepts,
    mapping_or_empty,
    nested_value,
    object_labels,
    string_entries,
)
from compiler.model.request import RouteMatch
from compiler.traffic.reader import Route, RouteReader
from compiler.traffic.readers import gate_readers, readers_by_kind
from compiler.transition.facts.pods import Template
from compiler.transition.routing.request import path_ancestors
from compiler.transition.sync.change import Change
from compiler.transition.sync.snapshot import Snapshot

NamespacedLabel = tuple[str, str, str]
Name = TypeVar("Name")
RouteIndex = dict[tuple[str, str], dict[Key, None]]
ANY_PATH = "?"


@dataclass(frozen=True, slots=True, eq=False)
class ObjectIndex:
    """The routes of each provider by host and path (wildcard hosts under `*`), the workloads of each label.

    `linked_routes` are what `RouteReader.linked_routes` says.
    `gates` are the objects that the change writes and that may shut a route off (Gateways, say).
    `policies` has the NetworkPolicies that select pods of a workload, of those that the change writes. `routed` has the
    Services that some route of a snapshot names, each with whether it gets a positive weight there. `mirrored` are
    those to which routes copied requests before the commit: who only gets copies has no clients who wait.
    """

    by_provider: Mapping[str, Mapping[tuple[str, str], Iterable[Key]]]
    linked_routes: Mapping[str, Mapping[Key, Collection[Key]]]
    labeled: Mapping[NamespacedLabel, tuple[Key, ...]]
    templates: Mapping[Key, tuple[Template, ...]]
    named: Mapping[str, tuple[Key, ...]]
    gates: tuple[Key, ...]
    policies: Mapping[Key, tuple[Key, ...]]
    routed: Mapping[Snapshot, Mapping[Key, bool]]
    mirrored: frozenset[Key]

    def services_named(self, name: str) -> tuple[Key, ...]:
        """The Services of this name, in any namespace."""
        return self.named.get(name, ())

    def routes(self, provider: str, host: str, path: str) -> tuple[Key, ...]:
        """The routes of a provider that may take a request, and those that decide about it from another path."""
        near, others = _indexed_routes(self.by_provider.get(provider, {}), host, path), self.linked_routes.get(provider)
        return tuple(dict.fromkeys((*near, *(key for one in near for key in others.get(one, ()))))) if others else near

    def selected(self, namespace: str, selector: Mapping[str, str]) -> list[Key]:
        """The workloads that may have pods which the selector takes."""
        by_label = [self.labeled.get((namespace, *label), ()) for label in selector.items()]
        keys = min(by_label, key=len, default=())
        return [
            key
            for key in keys
            if any(equality_selector_matches(selector, template.labels) for template in self.templates[key])
        ]


def service_weights(snapshot: Snapshot) -> Iterator[tuple[Key, bool]]:
    """Each Service that a route of `snapshot` names, and whether it gets requests there."""
    for route in snapshot.routes.values():
        yield from route.weights


def index_objects(change: Change) -> ObjectIndex:
    """The directory of all that a change can bring to light."""
    snapshots = (change.live, change.target)
    templates: dict[Key, dict[Template, None]] = {}
    for snapshot in snapshots:
        for key, workload in snapshot.workloads.items():
            templates.setdefault(key, {})[workload.template] = None
    for key, states in change.unsettled["low"].items():
        for state in states:
            templates.setdefault(key, {}).update((template, None) for template, _ in state.ready)
    labeled = [
        ((key.namespace, *label), key)
        for key, result in templates.items()
        for t in result
        for label in t.labels.items()
    ]
    named = _grouped_keys((key.name, key) for snapshot in snapshots for key in snapshot.services if is_service(key))
    shared = {key: tuple(result) for key, result in templates.items()}
    by_label = _grouped_keys(labeled)
    gate_kinds = gate_readers()
    gates = tuple(key for key in change.ops if key[:2] in gate_kinds and write_has_effect(change, key))
    policies = _written_policies(change, shared, by_label)
    routed = {snapshot: _weighted_services(snapshot) for snapshot in dict.fromkeys((change.baseline, *snapshots))}
    mirrored = frozenset(key for route in change.baseline.routes.values() for key in route.copied_to)
    return ObjectIndex(
        _routes_by_provider(snapshots),
        _linked_routes(snapshots),
        by_label,
        shared,
        named,
        gates,
        policies,
        routed,
        mirrored,
    )


def _linked_routes(snapshots: Iterable[Snapshot]) -> dict[str, Mapping[Key, Collection[Key]]]:
    routes: dict[RouteReader, list[Route]] = {}
    for snapshot in snapshots:
        for key, route in snapshot.routes.items():
            routes.setdefault(readers_by_kind()[key[:2]], []).append(route)
    return {reader.PROVIDER: reader.linked_routes(own) for reader, own in routes.items()}


def _routes_by_provider(snapshots: Iterable[Snapshot]) -> dict[str, RouteIndex]:
    """The routes of each provider; those of a host with patterned paths stand at every path of it."""
    readers = readers_by_kind()
    pairs = [(readers[key[:2]].PROVIDER, route) for snapshot in snapshots for key, route in snapshot.routes.items()]
    patterned = {(name, match.host) for name, route in pairs if route.patterned for match in route.matches}
    indexes: dict[str, RouteIndex] = {}
    for name, route in pairs:
        index = indexes.setdefault(name, {})
        for match in route.matches:
            _index_match(index, route.key, match, patterned=(name, match.host) in patterned)
    return indexes


def _written_policies(
    change: Change, templates: Mapping[Key, tuple[Template, ...]], by_label: Mapping[NamespacedLabel, tuple[Key, ...]]
) -> dict[Key, tuple[Key, ...]]:
    """The NetworkPolicies that the change writes, by the workloads of which they select pods in either form."""
    policies = [key for key in change.ops if key.distinct_kind == "NetworkPolicy" and write_has_effect(change, key)]
    in_namespace = _grouped_keys((key.namespace, key) for key in templates) if policies else {}
    pairs: list[tuple[Key, Key]] = []
    for key in policies:
        for obj in (snapshot.objects[key] for snapshot in (change.live, change.target) if key in snapshot.objects):
            selector = mapping_or_empty(nested_value(obj, "spec", "podSelector"))
            label = next(iter(string_entries(selector.get("matchLabels")).items()), None)
            near = by_label.get((key.namespace, *label), ()) if label else in_namespace.get(key.namespace, ())
            pairs += [(w, key) for w in near if any(label_selector_accepts(selector, t.labels) for t in templates[w])]
    return _grouped_keys(pairs)


def write_has_effect(change: Change, key: Key) -> bool:
    """Whether the write changes anything that routes or admits requests: labels of a Service, say, do not."""
    if change.recreated(key) or key not in change.live.objects or key not in change.target.objects:
        return True
    return _effect(change.live, key) != _effect(change.target, key)


def _effect(snapshot: Snapshot, key: Key) -> object:
    if key in snapshot.routes:
        return snapshot.routes[key].effect
    if key in snapshot.services:
        return snapshot.services[key].effect
    obj = snapshot.objects[key]
    return object_labels(obj) if key.distinct_kind == "Namespace" else obj.get("spec")


def _weighted_services(snapshot: Snapshot) -> dict[Key, bool]:
    services: dict[Key, bool] = {}
    for service, positive in service_weights(snapshot):
        services[service] = services.get(service, False) or positive
    return services


def _index_match(index: RouteIndex, key: Key, match: RouteMatch, *, patterned: bool) -> None:
    """Puts a route where requests find it: at its own path, or, if paths are patterns, at every path of the host."""
    host = "*" if match.host.startswith("*") else match.host
    plain = match.kind in ("Exact", "Prefix") and not patterned
    index.setdefault((host, match.path.rstrip("/") if plain else ANY_PATH), {})[key] = None


def _indexed_routes(index: Mapping[tuple[str, str], Iterable[Key]], host: str, path: str) -> tuple[Key, ...]:
    result: dict[Key, None] = {}
    for place in (host, "*"):
        for part in (ANY_PATH, *path_ancestors(path)):
            result.update(dict.fromkeys(index.get((place, part), ())))
    return tuple(result)


def _grouped_keys(pairs: Iterable[tuple[Name, Key]]) -> dict[Name, tuple[Key, ...]]:
    result: dict[Name, dict[Key, None]] = {}
    for name, key in pairs:
        result.setdefault(name, {})[key] = None
    return {name: tuple(keys) for name, keys in result.items()}
