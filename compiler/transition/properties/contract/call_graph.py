"""Which classes, callers and callees have to do with each other, so that each component is explored alone."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Collection, Hashable, ItemsView, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from compiler.model.manifest import Object
from compiler.model.objects import Key, mapping_or_empty
from compiler.model.request import Request
from compiler.transition.facts.pods import ANY_PORT, Address, Template, environment_addresses, url_addresses
from compiler.transition.facts.service_variables import services_of_variables
from compiler.transition.search.guarantee import has_no_direct_clients, is_service_host
from compiler.transition.search.relevance import relevance_of, relevant_objects
from compiler.transition.search.router import Router
from compiler.transition.search.union_find import UnionFind


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A Service that pods of a workload call, and the port (0: whichever)."""

    service: Key
    port: int


@dataclass(frozen=True, slots=True, eq=False)
class CallComponent:
    """Classes whose pods call each other, directly or not; the callers among them; all objects that matter."""

    requests: tuple[Request, ...]
    callers: tuple[Key, ...]
    keys: tuple[Key, ...]


class CallGraph:
    """Who calls whom, by any template of a workload; remembers what each template calls."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self._template_calls: dict[tuple[Key, Template], tuple[ServiceCall, ...]] = {}
        self._lasting_calls: dict[tuple[Key, Template], tuple[ServiceCall, ...]] = {}

    @cached_property
    def _read_variable(self) -> Callable[[str], Collection[Address]]:
        return cache(_variable_addresses)

    @cached_property
    def _read_file(self) -> Callable[[str], Collection[Address]]:
        return cache(_file_addresses)

    @cached_property
    def known_before(self) -> frozenset[Key]:
        """The workloads that ran before the commit, or to which a Service of that time leads: others serve nobody."""
        live, target = self.router.change.live, self.router.change.target
        kept = (facts for key, facts in target.services.items() if key in live.services)
        return frozenset((*live.workloads, *(key for facts in kept for key in self.router.selected(facts))))

    def components(self, requests: Sequence[Request]) -> Iterator[CallComponent]:
        """The components in which somebody calls a Service of the folders and something moves."""
        groups = UnionFind()
        callers = [key for key in self.router.index.templates if self.workload_calls(key)]
        for key in callers:
            for call in self.workload_calls(key):
                groups.join(key, call.service)
                for snapshot in (self.router.change.live, self.router.change.target):
                    facts = snapshot.services.get(call.service)
                    groups.join(key, *(self.router.selected(facts) if facts else ()))
        known = frozenset(groups.parents)
        router = self.router
        entries = {each: relevant_objects(router, relevance_of(router, each)) for each in requests if callers}
        for request, keys in entries.items():
            inside = [key for key in keys if key in known]
            if inside:
                groups.join(request, *inside)
        for members in groups.members():
            component = self._component(members, entries, frozenset(callers))
            if component.callers:
                yield component

    def _component(
        self, members: Sequence[Hashable], entries: Mapping[Request, Sequence[Key]], callers: frozenset[Key]
    ) -> CallComponent:
        requests = [request for request in members if isinstance(request, Request)]
        own = [key for key in members if isinstance(key, Key)]
        policies = (policy for key in own for policy in self.router.index.policies.get(key, ()))
        keys = dict.fromkeys((*(key for request in requests for key in entries[request]), *own, *policies))
        moving = any(key in self.router.change.ops or self.router.change.moving(key) for key in keys)
        return CallComponent(
            tuple(request for request in requests if request.service is None or self._enters_beside_routes(request)),
            tuple(key for key in own if key in callers),
            tuple(keys) if moving else (),
        )

    def _enters_beside_routes(self, request: Request) -> bool:
        """Whether clients of a Service come to pods that have another one, which a route names."""
        facts = self.router.change.baseline.services.get(request.service) if request.service else None
        if facts is None or has_no_direct_clients(self.router, request):
            return False
        return not self._fronted.isdisjoint(self.router.selected(facts))

    @cached_property
    def _fronted(self) -> frozenset[Key]:
        """The workloads behind any Service that a route names."""
        router = self.router
        snapshots = (router.change.live, router.change.target)
        routed = ((snapshot, key) for snapshot in snapshots for key in router.index.routed[snapshot])
        fronts = (snapshot.services[key] for snapshot, key in routed if key in snapshot.services)
        return frozenset(key for facts in fronts for key in router.selected(facts))

    def workload_calls(self, key: Key) -> list[ServiceCall]:
        """The Services of the folders that any pods of a workload call."""
        templates = self.router.index.templates[key]
        return list(dict.fromkeys(call for template in templates for call in self.template_calls(key, template)))

    def template_calls(self, caller: Key, template: Template) -> tuple[ServiceCall, ...]:
        """The Services of the folders that pods of this template call."""
        if (asked := (caller, template)) not in self._template_calls:
            self._template_calls[asked] = self._services_at(caller, self.template_addresses(caller, template))
        return self._template_calls[asked]

    def template_addresses(self, caller: Key, template: Template) -> frozenset[Address]:
        """The addresses that pods of this template are told, by themselves or in what they read."""
        return frozenset((*template.calls, *self._data_addresses(caller, template)))

    def lasting_calls(self, caller: Key, template: Template) -> tuple[ServiceCall, ...]:
        """Those that they call while they serve: an init container that calls one waits for it."""
        if (asked := (caller, template)) not in self._lasting_calls:
            addresses = {*template.lasting_calls, *self._data_addresses(caller, template)}
            self._lasting_calls[asked] = self._services_at(caller, addresses)
        return self._lasting_calls[asked]

    def _services_at(self, caller: Key, addresses: Iterable[Address]) -> tuple[ServiceCall, ...]:
        calls: dict[ServiceCall, None] = {}
        for host, port in addresses:
            for key in self.router.index.services_named(host.partition(".")[0]):
                near = key.namespace == caller.namespace or "." in host
                if near and is_service_host(host, key):
                    calls[ServiceCall(key, port or ANY_PORT)] = None
        return tuple(calls)

    def _data_addresses(self, caller: Key, template: Template) -> Iterator[Address]:
        """The addresses that the pods read from ConfigMaps and Secrets, as variables or files, in either form."""
        for ref in template.needs:
            if ref.kind not in ("ConfigMap", "Secret"):
                continue
            read = self._read_variable if ref.through.startswith("env") else self._read_file
            for snapshot in (self.router.change.live, self.router.change.target):
                data = _texts(snapshot.objects.get(Key("", ref.kind, caller.namespace, ref.name), {}))
                wanted = ref.keys or tuple(data)
                for name in wanted:
                    yield from read(data[name]) if name in data else ()


def _variable_addresses(value: str) -> frozenset[Address]:
    return frozenset(environment_addresses((value,)))


def _file_addresses(text: str) -> frozenset[Address]:
    return frozenset((*url_addresses((text,)), *((name, ANY_PORT) for name in services_of_variables((text,)))))


def _texts(obj: Object) -> dict[str, str]:
    """What a ConfigMap or Secret holds, by key; what is no text in UTF-8 holds no address."""
    encoded = obj.get("kind") == "Secret"
    data = {name: _decoded(str(value)) if encoded else str(value) for name, value in _data_items(obj, "data")}
    return data | {name: str(value) for name, value in _data_items(obj, "stringData")}


def _data_items(obj: Object, field: str) -> ItemsView[str, Any]:
    return mapping_or_empty(obj.get(field)).items()


def _decoded(value: str) -> str:
    try:
        return b64decode(value).decode()
    except ValueError:
        return ""
