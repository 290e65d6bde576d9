"""Which classes, callers and callees have to do with each other, so that each circle is explored alone."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from compiler.transition import explore
from compiler.transition.objects import Key, mapping
from compiler.transition.owed import names_service
from compiler.transition.pods import ANY_PORT, Address, Template, addresses
from compiler.transition.routing.request import Request
from compiler.transition.serving import Router


@dataclass(frozen=True, slots=True)
class Call:
    """A Service that pods of a workload are told to call, and the port (0: whichever)."""

    service: Key
    port: int


@dataclass(frozen=True, slots=True, eq=False)
class Circle:
    """Classes whose pods call each other, directly or not; the callers among them; all objects that matter."""

    requests: tuple[Request, ...]
    callers: tuple[Key, ...]
    keys: tuple[Key, ...]


def circles(router: Router, requests: Sequence[Request]) -> Iterator[Circle]:
    """The circles in which somebody calls a Service of the folders and something moves."""
    groups = _Groups()
    callers = [key for key in router.directory.templates if any(calls_of(router, key))]
    for key in callers:
        for call in calls_of(router, key):
            groups.join(key, call.service)
            for side in (router.change.live, router.change.target):
                facts = side.services.get(call.service)
                groups.join(key, *(router.selected(facts) if facts else ()))
    known = frozenset(groups.parents)
    entries = [(request, explore.relevant(router, request)) for request in requests if callers]
    for request, keys in entries:
        inside = [key for key in keys if key in known]
        if inside:
            groups.join(request, *inside)
    for root in {groups.root(key): None for key in callers}:
        yield _circle(router, groups, root, entries, callers)


def _circle(
    router: Router,
    groups: _Groups,
    root: Hashable,
    entries: Iterable[tuple[Request, list[Key]]],
    callers: Iterable[Key],
) -> Circle:
    own = [(request, keys) for request, keys in entries if groups.root(request) == root]
    members = [key for key in groups.parents if isinstance(key, Key) and groups.root(key) == root]
    keys = dict.fromkeys((*(key for _, found in own for key in found), *members, *router.directory.fences))
    requests = tuple(request for request, _ in own if not request.entry.startswith("service "))
    moving = [key for key in keys if key in router.change.ops or router.change.moving(key)]
    return Circle(requests, tuple(key for key in callers if groups.root(key) == root), tuple(keys) if moving else ())


def calls_of(router: Router, key: Key) -> list[Call]:
    """The Services of the folders that any pods of a workload are told to call."""
    found = [call for template in router.directory.templates[key] for call in calls_by(router, key, template)]
    return list(dict.fromkeys(found))


def calls_by(router: Router, caller: Key, template: Template) -> list[Call]:
    """The Services of the folders that pods of this template are told to call."""
    if id(template) in router.calls and caller == router.calls[id(template)][0]:
        return list(router.calls[id(template)][1])
    found: dict[Call, None] = {}
    for host, port in {*template.calls, *_configured(router, caller, template)}:
        for key in router.directory.services_named(host.partition(".")[0]):
            near = key.namespace == caller.namespace or "." in host
            if near and names_service(host, key):
                found[Call(key, port or ANY_PORT)] = None
    router.calls[id(template)] = (caller, tuple(found))
    return list(found)


def _configured(router: Router, caller: Key, template: Template) -> Iterator[Address]:
    """The addresses that the pods read from ConfigMaps into their environment, in either form of these."""
    for ref in template.needs:
        if ref.kind != "ConfigMap" or not ref.through.startswith("env"):
            continue
        for side in (router.change.live, router.change.target):
            obj = side.objects.get(Key("", ref.kind, caller.namespace, ref.name), {})
            data = mapping(obj.get("data"))
            wanted = ref.keys or tuple(data)
            yield from addresses(str(data[name]) for name in wanted if name in data)


class _Groups:
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
