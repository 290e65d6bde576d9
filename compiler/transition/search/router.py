"""Who answers a request at a point of the sync: the route, the Services behind it, the pods behind those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from compiler.model.objects import Key, is_service
from compiler.model.request import BackendRef, Request, RouteAction, RouteCandidate
from compiler.traffic.gateway_api import gateways as gateway
from compiler.traffic.gateway_api import routes as http_route
from compiler.traffic.ingress_nginx import routes as ingress
from compiler.transition.facts.pods import PodPort, Template
from compiler.transition.routing import network_policy, service
from compiler.transition.routing.service import PodReach, ServiceFacts
from compiler.transition.search.network_policies import NetworkPolicies
from compiler.transition.search.object_index import ObjectIndex
from compiler.transition.sync.change import END, Change, Cut
from compiler.transition.sync.pod_states import PodStates
from compiler.transition.sync.snapshot import Snapshot


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
        return tuple(
            item for item in self.backends if item.share > 0 or item.ref in (self.answer or _NO_ACTION).anchors
        )

    @property
    def fallbacks(self) -> tuple[ResolvedBackend, ...]:
        """The backends whose share goes to the others while they have no endpoint."""
        return tuple(item for item in self.backends if item.ref in (self.answer or _NO_ACTION).fallbacks)

    @property
    def workloads(self) -> tuple[Key, ...]:
        """The workloads that get a share."""
        return tuple(dict.fromkeys(key for item in self.backends if item.share > 0 for key in item.workloads))


_NO_ACTION = RouteAction(Key("", "", "", ""), ())


class Router:
    """Answers requests at any point of a change; remembers what it worked out.

    `sections` are the listeners that exist on each Gateway of no folder.
    """

    def __init__(self, change: Change, sections: Mapping[Key, frozenset[str]], index: ObjectIndex) -> None:
        self.change = change
        self.sections = sections
        self.index = index
        self.pods = PodStates(change)
        self.policies = NetworkPolicies(change)
        self.selected = cache(self._selected)
        self._candidates_of: dict[tuple[Key, bool, Request], RouteCandidate | None] = {}
        self._populated = frozenset(key.namespace for key in index.templates)
        self._service_reach = cache(self._reach_through)

    def serve(self, request: Request, cut: Cut) -> RoutingResult:
        """Who answers the request at this point."""
        answer = self.answer(request, cut)
        if answer is None or answer.itself:
            return RoutingResult(answer)
        total = sum(backend.weight for backend in answer.backends)
        return RoutingResult(answer, tuple(self._resolve(answer, backend, total, cut) for backend in answer.backends))

    def answer(self, request: Request, cut: Cut) -> RouteAction | None:
        """The rule that takes the request at this point.

        A host that moves from one provider to another is still owed its answers, by whichever has a rule for it.
        """
        if request.entry.startswith("service "):
            key = Key("", "Service", *request.entry.removeprefix("service ").split("/", 1))
            port = int(request.host.rpartition(":")[2])
            present = self.change.snapshot_of(key, cut) is not None
            return RouteAction(key, (BackendRef(key, port, 1),)) if present else None
        here, there = self._by_ingress, self._by_route
        if request.entry.startswith("gateway "):
            here, there = there, here
        return here(request, cut) or (there(request, cut) if request.moves else None)

    def elsewhere(self, request: Request, cut: Cut) -> RouteAction | None:
        """The rule of another provider that takes requests for the same host and path."""
        return self._by_route(request, cut) if request.entry.startswith("ingress ") else self._by_ingress(request, cut)

    def _by_ingress(self, request: Request, cut: Cut) -> RouteAction | None:
        return ingress.ingress_action(self._ingresses(request, cut), request)

    def _by_route(self, request: Request, cut: Cut) -> RouteAction | None:
        result = list(self._candidates(request, cut))
        return max(result, key=lambda candidate: candidate.rank).answer if result else None

    def ties(self, request: Request) -> list[Key]:
        """The routes that tie for the request once the sync is done, and answer differently."""
        keys = list(self._candidates(request, END))
        top = max((candidate.rank[0] for candidate in keys), default=None)
        best = [candidate.answer for candidate in keys if candidate.rank[0] == top]
        split = {(answer.backends, answer.itself) for answer in best}
        routes = sorted({answer.route for answer in best})
        return routes if len(routes) > 1 and len(split) > 1 else []

    def _ingresses(self, request: Request, cut: Cut) -> list[ingress.IngressFacts]:
        snapshots = [
            (key, self.change.snapshot_of(key, cut)) for key in self.index.ingresses_of(request.host, request.path)
        ]
        oldest_first = sorted(snapshots, key=lambda pair: (pair[0] not in self.change.live.objects, pair[0]))
        result = [snapshot.ingresses[key] for key, snapshot in oldest_first if snapshot is not None]
        kind, _, name = request.entry.partition(" ")
        return result if kind == "gateway" else [facts for facts in result if facts.class_name == name]

    def _candidates(self, request: Request, cut: Cut) -> Iterable[RouteCandidate]:
        for key in self.index.routes(request.host, request.path):
            snapshot = self.change.snapshot_of(key, cut)
            if snapshot is not None:
                result = self.candidate(key, snapshot, request)
                if result is not None and self.attached(snapshot.http_routes[key], request, cut):
                    yield result

    def candidate(self, key: Key, snapshot: Snapshot, request: Request) -> RouteCandidate | None:
        """The best match that a route has for the request in the form of `snapshot`."""
        asked = (key, snapshot is self.change.target, request)
        if asked not in self._candidates_of:
            aged = key in self.change.live.objects
            self._candidates_of[asked] = http_route.route_candidate(snapshot.http_routes[key], request, aged=aged)
        return self._candidates_of[asked]

    def attached(self, route: http_route.HttpRoute, request: Request, cut: Cut) -> bool:
        """Whether the route hangs on the listener at which the request arrives."""
        if request.entry.startswith("ingress "):
            return any(self._open(p.gateway, p.section, route, request, cut) for p in route.parents)
        place, _, section = request.entry.removeprefix("gateway ").rpartition("#")
        for parent in route.parents:
            same = f"{parent.gateway.namespace}/{parent.gateway.name}" == place
            if same and parent.section in ("", section) and self._open(parent.gateway, section, route, request, cut):
                return True
        return False

    def _open(self, key: Key, section: str, route: http_route.HttpRoute, request: Request, cut: Cut) -> bool:
        change = self.change
        if key not in change.live.objects and key not in change.target.objects:
            return section in self.sections.get(key, frozenset({section}))
        snapshot = change.snapshot_of(key, cut)
        if snapshot is None:
            return False
        place = Key("", "Namespace", "", route.key.namespace)
        holder = change.snapshot_of(place, cut)
        names = {place.name: holder.objects[place]} if holder else {}
        return gateway.listener_admits(snapshot.objects[key], section, route, request.host, names)

    def _resolve(self, answer: RouteAction, backend: BackendRef, total: int, cut: Cut) -> ResolvedBackend:
        share = backend.weight / total if total else 0.0
        fault = self._unreferable(answer, backend, cut)
        if fault is not None:
            return ResolvedBackend(backend, share, fault)
        if not is_service(backend.service):
            return ResolvedBackend(backend, share, unmanaged=True)
        snapshot = self.change.snapshot_of(backend.service, cut)
        if snapshot is None:
            return self._absent(backend, share)
        facts = snapshot.services[backend.service]
        return self._resolved(backend, share, facts)

    def _absent(self, backend: BackendRef, share: float) -> ResolvedBackend:
        known = backend.service in self.change.target.objects or backend.service in self.change.live.objects
        if not known and self._assumed(backend.service):
            return ResolvedBackend(backend, share, unmanaged=True)
        return ResolvedBackend(
            backend, share, BackendFault("backend-missing", f"Service {backend.service.name} does not exist")
        )

    def _assumed(self, key: Key) -> bool:
        """Whether a Service that no folder holds is taken to exist: a converged route names it."""
        routes = self.change.baseline.http_routes.values(), self.change.baseline.ingresses.values()
        return (
            any(key in route.services for group in routes for route in group) or str(key) in self.change.options.outside
        )

    def _unreferable(self, answer: RouteAction, backend: BackendRef, cut: Cut) -> BackendFault | None:
        if backend.service.namespace == answer.route.namespace:
            return None
        change = self.change
        known = dict.fromkeys((*change.live.of_kind("ReferenceGrant"), *change.target.of_kind("ReferenceGrant")))
        here = [(key, snapshot.objects[key]) for key in known if (snapshot := change.snapshot_of(key, cut)) is not None]
        if gateway.has_reference_grant(here, answer.route, backend.service):
            return None
        granted = [(key, change.baseline.objects[key]) for key in change.baseline.of_kind("ReferenceGrant")]
        outside = not gateway.has_reference_grant(granted, answer.route, backend.service) and self._assumed(
            backend.service
        )
        text = f"no ReferenceGrant lets the route name a Service of namespace {backend.service.namespace}"
        return None if outside else BackendFault("reference-not-granted", text)

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
        if self._stands_elsewhere(facts, before):
            return ResolvedBackend(backend, share, facts=facts, unmanaged=True)
        if backend.port not in facts.ports:
            return ResolvedBackend(
                backend, share, BackendFault("port-missing", f"Service {facts.key.name} has no port {backend.port}")
            )
        return ResolvedBackend(backend, share, None, self.selected(facts), facts)

    def _stands_elsewhere(self, facts: ServiceFacts, before: ServiceFacts | None) -> bool:
        """Whether the pods behind a Service are in no folder, which has none of that namespace: they stay ready."""
        if before is None or facts.key.namespace in self._populated:
            return False
        return (before.selector, before.pod) == (facts.selector, facts.pod)

    def _selected(self, facts: ServiceFacts) -> tuple[Key, ...]:
        """The workloads that may have pods behind a Service."""
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
        reach = self._service_reach(facts, port, template)
        closed = reach == "serves" and self.policies.closed(facts, port, template, request_source(request), cut)
        return "refuses" if closed else reach

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
    kind, _, place = request.entry.partition(" ")
    namespace = {"gateway": place.partition("/")[0], "ingress": "ingress-nginx"}.get(kind)
    return None if namespace is None else network_policy.PolicyPeer(namespace)
