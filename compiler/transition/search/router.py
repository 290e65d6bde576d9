"""Who answers a request at a point of the sync: the route, the Services behind it, the pods behind those."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from compiler.model.objects import Key, leads_to_pods
from compiler.model.request import BackendRef, Request, RouteAction, RouteCandidate
from compiler.traffic.reader import Route, RouteReader
from compiler.traffic.readers import reader_of_entry, readers_by_kind, route_readers
from compiler.transition.facts.pods import PodPort, Template
from compiler.transition.routing import network_policy, service
from compiler.transition.routing.service import PodReach, ServiceFacts
from compiler.transition.search.cluster import ClusterAtCut
from compiler.transition.search.network_policies import NetworkPolicies
from compiler.transition.search.object_index import ObjectIndex
from compiler.transition.sync.change import END, START, Change, Cut
from compiler.transition.sync.pod_states import PodStates


class BackendFault(NamedTuple):
    """Why a backend cannot answer, whatever its pods do: a code and words."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedBackend:
    """A backend at one point: its share (0 to 1), a fault, the workloads behind it, or an answer from outside.

    `frozen` endpoints are those of a Service that has lost its selector: nobody adds the pods that come.
    """

    ref: BackendRef
    share: float
    fault: BackendFault | None = None
    workloads: tuple[Key, ...] = ()
    facts: ServiceFacts | None = None
    unmanaged: bool = False
    frozen: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RoutingResult:
    """The whole answer to a request at one point; `answer` None: nothing matches it."""

    answer: RouteAction | None
    backends: tuple[ResolvedBackend, ...] = ()

    @property
    def positive(self) -> tuple[ResolvedBackend, ...]:
        """The backends that must be able to answer."""
        anchors = (self.answer or _NO_ACTION).anchors
        return tuple(item for item in self.backends if item.share > 0 or item.ref in anchors)

    @property
    def fallbacks(self) -> tuple[ResolvedBackend, ...]:
        """The backends whose share goes to the others while they have no endpoint."""
        fallbacks = (self.answer or _NO_ACTION).fallbacks
        return tuple(item for item in self.backends if item.ref in fallbacks) if fallbacks else ()

    @property
    def loaded_workloads(self) -> tuple[Key, ...]:
        """The workloads that get a share, and those that get the share of a fallback while it has no endpoint."""
        given_up = [item for item in self.fallbacks if item.share > 0]
        if not given_up:
            return self.workloads
        loaded = (item for item in self.backends if item.share > 0 or item not in self.fallbacks)
        return tuple(dict.fromkeys(key for item in loaded for key in item.workloads))

    @property
    def shares(self) -> tuple[tuple[float, bool, tuple[Key, ...]], ...]:
        """The share of each backend, whether others get it while it has no endpoint, and the workloads behind it."""
        fallbacks = self.fallbacks
        return tuple((item.share, item in fallbacks, item.workloads) for item in self.backends)

    @property
    def workloads(self) -> tuple[Key, ...]:
        """The workloads that get a share."""
        return tuple(dict.fromkeys(key for item in self.backends if item.share > 0 for key in item.workloads))


_NO_ACTION = RouteAction(Key("", "", "", ""), ())


class Router:
    """Answers requests at any point of a change; remembers what it worked out."""

    def __init__(self, change: Change, index: ObjectIndex) -> None:
        self.change = change
        self.index = index
        self.pods = PodStates(change)
        self.policies = NetworkPolicies(change)
        self._selected: dict[ServiceFacts, tuple[Key, ...]] = {}
        self._assumed: dict[RouteReader, Any] = {}
        self._candidates: dict[tuple[Route, Request], RouteCandidate | None] = {}
        self._populated = frozenset(key.namespace for key in index.templates)
        self._reaches: dict[tuple[ServiceFacts, int | str, Template], PodReach] = {}
        self._near: dict[tuple[str, str, str], tuple[Key, ...]] = {}
        self._readers = readers_by_kind()

    def serve(self, request: Request, cut: Cut) -> RoutingResult:
        """Who answers the request at this point."""
        answer = self.answer(request, cut)
        if answer is None or answer.itself:
            return RoutingResult(answer)
        total = sum(backend.weight for backend in answer.backends)
        return RoutingResult(answer, tuple(self._resolve(answer, backend, total, cut) for backend in answer.backends))

    def answer(self, request: Request, cut: Cut) -> RouteAction | None:
        """The rule that takes the request at this point.

        A host that moves from one provider to another must still be answered, by whichever has a rule for it.
        """
        key = request.service
        if key is not None:
            port = int(request.host.rpartition(":")[2])
            present = self.change.snapshot_of(key, cut) is not None
            return RouteAction(key, (BackendRef(key, port, 1),)) if present else None
        reader = reader_of_entry(request)
        here = None if reader is None else self._answer_of(reader, request, cut)
        return here or (self.elsewhere(request, cut) if request.moves else None)

    def elsewhere(self, request: Request, cut: Cut) -> RouteAction | None:
        """The rule of another provider that takes requests for the same host and path."""
        others = (each for each in route_readers() if each is not reader_of_entry(request))
        return next((answer for each in others if (answer := self._answer_of(each, request, cut)) is not None), None)

    def _answer_of(self, reader: RouteReader, request: Request, cut: Cut) -> RouteAction | None:
        routes = self._routes_at(reader, request, cut)
        return reader.answer(routes, request, self.cluster(reader, cut)) if routes else None

    def ties(self, request: Request) -> Sequence[Key]:
        """The routes that tie for the request once the sync is done, and answer differently."""
        reader = reader_of_entry(request)
        return (
            () if reader is None else reader.ties(self._routes_at(reader, request, END), request, self.cluster(reader))
        )

    @cached_property
    def idle_routes(self) -> frozenset[Key]:
        """The routes whose writes change no answer, whatever else is written first."""
        change = self.change
        standing = [
            [
                each
                for each in side.routes.values()
                if not change.recreated(each.key) and change.snapshot_of(each.key, END)
            ]
            for side in (change.live, change.target)
        ]
        idle: set[Key] = set()
        for reader in route_readers():
            before, after = ([each for each in side if each.key[:2] in reader.KINDS] for side in standing)
            idle.update(reader.without_effect(before, after) if before and after else ())
        return frozenset(idle)

    def moving_policies(self, workloads: Iterable[Key]) -> tuple[Key, ...]:
        """The NetworkPolicies that this sync writes, and that select pods of these workloads."""
        return tuple(dict.fromkeys(policy for key in workloads for policy in self.index.policies.get(key, ())))

    def _routes_at(self, reader: RouteReader, request: Request, cut: Cut) -> list[Route]:
        """The routes of the provider that may take the request, in the forms that they have at this point."""
        place = (reader.PROVIDER, request.host, request.path)
        if place not in self._near:
            self._near[place] = self.index.routes(*place)
        routes: list[Route] = []
        for key in self._near[place]:
            snapshot = self.change.snapshot_of(key, cut)
            if snapshot is not None and key in snapshot.routes:
                routes.append(snapshot.routes[key])
        return routes

    def cluster(self, reader: RouteReader, cut: Cut = END) -> ClusterAtCut:
        """The cluster at this point, as the provider looks at it."""
        if reader not in self._assumed:
            self._assumed[reader] = reader.assumed(self.change.baseline.routes_of(reader))
        return ClusterAtCut(self.change, cut, self._assumed[reader], self._candidate)

    def _candidate(self, route: Route, request: Request) -> RouteCandidate | None:
        asked = (route, request)
        if asked not in self._candidates:
            aged, reader = route.key in self.change.live.objects, self._readers[route.key[:2]]
            self._candidates[asked] = reader.candidate(route, request, aged=aged)
        return self._candidates[asked]

    def _resolve(self, answer: RouteAction, backend: BackendRef, total: int, cut: Cut) -> ResolvedBackend:
        share = backend.weight / total if total else 0.0
        fault = self._unreferable(answer, backend, cut)
        if fault is not None:
            return ResolvedBackend(backend, share, fault)
        if not leads_to_pods(backend.service):
            return ResolvedBackend(backend, share, unmanaged=True)
        snapshot = self.change.snapshot_of(backend.service, cut)
        if snapshot is None:
            return self._absent(backend, share)
        facts = snapshot.services[backend.service]
        return self._resolved(backend, share, facts)

    def _absent(self, backend: BackendRef, share: float) -> ResolvedBackend:
        known = backend.service in self.change.target.objects or backend.service in self.change.live.objects
        if not known and self._assumed_to_exist(backend.service):
            return ResolvedBackend(backend, share, unmanaged=True)
        what = "does not exist" if known else "is in no folder"
        return ResolvedBackend(
            backend, share, BackendFault("backend-missing", f"{backend.service.kind} {backend.service.name} {what}")
        )

    def _assumed_to_exist(self, key: Key) -> bool:
        """Whether a Service that no folder holds is taken to exist: a converged route names it."""
        named = any(key in route.services for route in self.change.baseline.routes.values())
        return named or str(key) in self.change.options.outside

    def _unreferable(self, answer: RouteAction, backend: BackendRef, cut: Cut) -> BackendFault | None:
        route, service = answer.route, backend.service
        reader = self._readers.get(route[:2])
        if reader is None or service.namespace == route.namespace:
            return None
        refusal = reader.refusal(route, service, self.cluster(reader, cut))
        if not refusal:
            return None
        before = replace(self.cluster(reader, START), change=replace(self.change, live=self.change.baseline))
        outside = reader.refusal(route, service, before) and self._assumed_to_exist(service)
        return None if outside else BackendFault("reference-not-granted", refusal)

    def _resolved(self, backend: BackendRef, share: float, facts: ServiceFacts) -> ResolvedBackend:
        before = self.change.live.services.get(backend.service)
        if facts.external or not facts.selects_pods:
            if before is None or (before.external, before.selects_pods) == (facts.external, facts.selects_pods):
                return ResolvedBackend(backend, share, facts=facts, unmanaged=True)
            if facts.external:
                return ResolvedBackend(
                    backend,
                    share,
                    BackendFault("backend-external", f"Service {facts.key.name} has become ExternalName"),
                )
            return ResolvedBackend(backend, share, None, self.selected(before), before, frozen=True)
        if backend.port not in facts.ports:
            return ResolvedBackend(
                backend,
                share,
                BackendFault("port-missing", f"{facts.key.kind} {facts.key.name} has no port {backend.port}"),
            )
        if self._stands_elsewhere(facts, before):
            return ResolvedBackend(backend, share, facts=facts, unmanaged=True)
        return ResolvedBackend(backend, share, None, self.selected(facts), facts)

    def _stands_elsewhere(self, facts: ServiceFacts, before: ServiceFacts | None) -> bool:
        """Whether the pods behind a Service are in no folder, which has none of that namespace: they stay ready."""
        if before is None or facts.key.namespace in self._populated:
            return False
        return (before.selector, before.pod) == (facts.selector, facts.pod)

    def selected(self, facts: ServiceFacts) -> tuple[Key, ...]:
        """The workloads that may have pods behind a Service."""
        if facts not in self._selected:
            self._selected[facts] = self._workloads_selected(facts)
        return self._selected[facts]

    def _workloads_selected(self, facts: ServiceFacts) -> tuple[Key, ...]:
        if not facts.pod:
            return tuple(self.index.selected(facts.key.namespace, facts.selector))
        name = facts.pod.rpartition("-")[0]
        return tuple(
            key
            for key, templates in self.index.templates.items()
            if key.kind == "StatefulSet" and key.namespace == facts.key.namespace and name in ("", key.name)
            if any(facts.takes(template) for template in templates)
        )

    def reach(self, backend: ResolvedBackend, template: Template, request: Request, cut: Cut) -> PodReach:
        """What a ready pod of the template does for the request; a closed network counts as refused."""
        facts, port = backend.facts, backend.ref.port
        if facts is None:
            return "absent"
        if backend.frozen and not self._was_there(facts, template):
            return "absent"
        asked = (facts, port, template)
        if asked not in self._reaches:
            self._reaches[asked] = self._reach_through(*asked)
        reach = self._reaches[asked]
        if reach != "serves" or not self.policies.names:
            return reach
        return "refuses" if self.policies.closed(facts, port, template, request_source(request), cut) else reach

    def _reach_through(self, facts: ServiceFacts, port: int | str, template: Template) -> PodReach:
        """What a ready pod does for requests to the port; one that declares no port is no server where others do."""
        reach = service.service_reach(facts, port, template)
        target, protocol = facts.ports.get(port), facts.protocols.get(port, "TCP")
        if reach != "serves" or template.ports or not isinstance(target, int):
            return reach
        others = (other for key in self.selected(facts) for other in self.index.templates[key])
        return "refuses" if any(PodPort(target, protocol) in other.ports for other in others) else reach

    def _was_there(self, facts: ServiceFacts, template: Template) -> bool:
        workloads = self.change.live.workloads
        return any(workloads[key].template is template for key in self.selected(facts) if key in workloads)


def request_source(request: Request) -> network_policy.PolicyPeer | None:
    """Where the request comes from, as far as it is known."""
    reader = reader_of_entry(request)
    namespace = "" if reader is None else reader.source_namespace(request.entry)
    return network_policy.PolicyPeer(namespace) if namespace else None
