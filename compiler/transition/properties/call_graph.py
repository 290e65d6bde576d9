"""Which classes, callers and callees have to do with each other, so that each component is explored alone."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from compiler.model.objects import Key, mapping_or_empty
from compiler.model.request import Request
from compiler.transition.facts.pods import ANY_PORT, Address, Template, environment_addresses
from compiler.transition.search.guarantee import is_service_host
from compiler.transition.search.relevance import relevant_objects
from compiler.transition.search.router import Router


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A Service that pods of a workload are told to call, and the port (0: whichever)."""

    service: Key
    port: int


@dataclass(frozen=True, slots=True, eq=False)
class CallComponent:
    """Classes whose pods call each other, directly or not; the callers among them; all objects that matter."""

    requests: tuple[Request, ...]
    callers: tuple[Key, ...]
    keys: tuple[Key, ...]


def call_components(router: Router, requests: Sequence[Request]) -> Iterator[CallComponent]:
    """The circles in which somebody calls a Service of the folders and something moves."""
    groups = _UnionFind()
    callers = [key for key in router.index.templates if any(workload_calls(router, key))]
    for key in callers:
        for call in workload_calls(router, key):
            groups.join(key, call.service)
            for snapshot in (router.change.live, router.change.target):
                facts = snapshot.services.get(call.service)
                groups.join(key, *(router.selected(facts) if facts else ()))
    known = frozenset(groups.parents)
    entries = [(request, relevant_objects(router, request)) for request in requests if callers]
    for request, keys in entries:
        inside = [key for key in keys if key in known]
        if inside:
            groups.join(request, *inside)
    for root in {groups.root(key): None for key in callers}:
        yield _call_component(router, groups, root, entries, callers)


def _call_component(
    router: Router,
    groups: _UnionFind,
    root: Hashable,
    entries: Iterable[tuple[Request, list[Key]]],
    callers: Iterable[Key],
) -> CallComponent:
    own = [(request, keys) for request, keys in entries if groups.root(request) == root]
    members = [key for key in groups.parents if isinstance(key, Key) and groups.root(key) == root]
    keys = dict.fromkeys((*(key for _, found in own for key in found), *members, *router.index.connectivity))
    requests = tuple(request for request, _ in own if not request.entry.startswith("service "))
    moving = [key for key in keys if key in router.change.ops or router.change.moving(key)]
    return CallComponent(
        requests, tuple(key for key in callers if groups.root(key) == root), tuple(keys) if moving else ()
    )


def workload_calls(router: Router, key: Key) -> list[ServiceCall]:
    """The Services of the folders that any pods of a workload are told to call."""
    found = [call for template in router.index.templates[key] for call in template_calls(router, key, template)]
    return list(dict.fromkeys(found))


def template_calls(router: Router, caller: Key, template: Template) -> list[ServiceCall]:
    """The Services of the folders that pods of this template are told to call."""
    found: dict[ServiceCall, None] = {}
    for host, port in {*template.calls, *_config_map_addresses(router, caller, template)}:
        for key in router.index.services_named(host.partition(".")[0]):
            near = key.namespace == caller.namespace or "." in host
            if near and is_service_host(host, key):
                found[ServiceCall(key, port or ANY_PORT)] = None
    return list(found)


def _config_map_addresses(router: Router, caller: Key, template: Template) -> Iterator[Address]:
    """The addresses that the pods read from ConfigMaps into their environment, in either form of these."""
    for ref in template.needs:
        if ref.kind != "ConfigMap" or not ref.through.startswith("env"):
            continue
        for snapshot in (router.change.live, router.change.target):
            obj = snapshot.objects.get(Key("", ref.kind, caller.namespace, ref.name), {})
            data = mapping_or_empty(obj.get("data"))
            wanted = ref.keys or tuple(data)
            yield from environment_addresses(str(data[name]) for name in wanted if name in data)


class _UnionFind:
    """Union-find over whatever has to do with each other."""

    def __init__(self) -> None:
        self.parents: dict[Hashable, Hashable] = {}

    def root(self, item: Hashable) -> Hashable:
        """The one that stands for the item's group."""
        while self.parents.setdefault(item, item) != item:
            self.parents[item] = self.parents[self.parents[item]]
            item = self.parents[item]
        return item

    def join(self, first: Hashable, *others: Hashable) -> None:
        """Puts all of them into one group."""
        for other in others:
            self.parents[self.root(other)] = self.root(first)
