"""gatewayApi, read back: HTTPRoutes and GRPCRoutes by the listeners on which they hang.

Source: Gateway API, apis/v1/httproute_types.go, grpcroute_types.go; Argo CD,
resource_customizations/gateway.networking.k8s.io (a route with `ResolvedRefs=False` is Degraded, and so is a Gateway).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from compiler.model.course import RequestShares
from compiler.model.manifest import Object
from compiler.model.objects import (
    Key,
    integer_or_default,
    is_service,
    mapping_or_empty,
    nested_value,
    object_key,
    own_name,
)
from compiler.model.request import Request, RouteAction, RouteCandidate
from compiler.traffic.gateway_api import gateways
from compiler.traffic.gateway_api.backend_tls import backend_tls_changes
from compiler.traffic.gateway_api.detached import dropped_server_names
from compiler.traffic.gateway_api.grants import grant_changes
from compiler.traffic.gateway_api.host_owners import hosts_with_first_routes
from compiler.traffic.gateway_api.left_listeners import left_listeners
from compiler.traffic.gateway_api.listeners import listener_changes
from compiler.traffic.gateway_api.references import REFERENCES
from compiler.traffic.gateway_api.routes import GROUP, HttpRoute, read_http_route, route_candidate
from compiler.traffic.gateway_api.validation import gateway_errors, route_errors
from compiler.traffic.reader import Cluster, ConvergedObjects, Entry, GateChange, Requirement, RouteReader
from compiler.traffic.shares import shares_by_answers


class GatewayApiReader(RouteReader):
    """HTTPRoutes and GRPCRoutes, and the Gateways, ReferenceGrants and Namespaces that let them in."""

    PROVIDER = "gatewayApi"
    KINDS = frozenset({(GROUP, "HTTPRoute"), (GROUP, "GRPCRoute")})
    GATE_KINDS = frozenset(
        {(GROUP, kind) for kind in ("Gateway", "ListenerSet", "ReferenceGrant")} | {("", "Namespace")}
    )
    ENTRY = gateways.ENTRY
    REFERENCES = REFERENCES
    MATCHES = ("spec", "rules", 0, "matches")

    def read(self, obj: Object, key: Key, /) -> HttpRoute:
        return read_http_route(obj, key)

    def validation_errors(self, obj: Object, /) -> Iterable[tuple[str, str]]:
        return route_errors(mapping_or_empty(obj.get("spec")))

    def gate_errors(self, kind: str, spec: Mapping[str, Any], /) -> Iterable[tuple[str, str]]:
        return gateway_errors(spec) if kind == "Gateway" else ()

    def shares_of(self, objects: Sequence[Object], release: str, /) -> RequestShares | None:
        """Shares by the weights of the route that has the release's name (an HTTPRoute counts first), or of all."""
        keys = [(object_key(obj), obj) for obj in objects]
        routes = [(own_name(obj), self.read(obj, key)) for key, obj in keys if key[:2] in self.KINDS]
        if not routes:
            return None
        every = [match for _, route in routes for match in route.matches]
        named = sorted(
            (route for name, route in routes if name == release), key=lambda each: each.key.kind, reverse=True
        )
        main = named[0].matches if named else every
        return shares_by_answers(main, every, partial(_answer_by_rules, [route for _, route in routes]))

    def entries(self, routes: Sequence[HttpRoute], forms: Mapping[Key, Sequence[Object]], /) -> Iterable[Entry]:
        return gateways.listener_entries(routes, forms)

    def source_namespace(self, entry: str, /) -> str:
        return entry.removeprefix(f"{self.ENTRY} ").partition("/")[0]

    def assumed(self, settled: Iterable[HttpRoute], /) -> gateways.Sections:
        return gateways.known_sections(settled)

    def candidate(self, route: HttpRoute, request: Request, /, *, aged: bool) -> RouteCandidate | None:
        return route_candidate(route, request, aged=aged)

    def answer(self, routes: Sequence[HttpRoute], request: Request, cluster: Cluster, /) -> RouteAction | None:
        candidates = _attached_candidates(routes, request, cluster)
        return max(candidates, key=lambda each: each.rank).answer if candidates else None

    def ties(self, routes: Sequence[HttpRoute], request: Request, cluster: Cluster, /) -> Sequence[Key]:
        """By the spec the older route wins, then the name (httproute_types.go); a real gateway chose at each reload."""
        candidates = _attached_candidates(routes, request, cluster)
        if len({each.answer.route.kind for each in candidates}) > 1:
            # a listener takes the older of an HTTPRoute and a GRPCRoute of one host (grpcroute_types.go, `Hostnames`)
            return sorted({each.answer.route for each in candidates})
        top = max((each.rank[0] for each in candidates), default=None)
        best = [each.answer for each in candidates if each.rank[0] == top]
        tied = sorted({answer.route for answer in best})
        return tied if len({(answer.backends, answer.itself) for answer in best}) > 1 < len(tied) else ()

    def services_for(self, route: HttpRoute, request: Request, cluster: Cluster, /) -> Collection[Key] | None:
        best = cluster.candidate(route, request)
        return None if best is None else [backend.service for backend in best.answer.backends]

    def effect_on(self, route: HttpRoute, request: Request, cluster: Cluster, /) -> object:
        return route.parents, cluster.candidate(route, request)

    def gates(self, routes: Sequence[HttpRoute], services: Collection[Key], written: Iterable[Key], /) -> Iterable[Key]:
        return gateways.deciding_gates(routes, services, written)

    def backend_ports(self, route: HttpRoute, /) -> set[tuple[Key, int | str]]:
        return {(ref.service, ref.port) for rule in route.rules for ref in rule.answer.backends}

    def refusal(self, route: Key, service: Key, cluster: Cluster, /) -> str:
        granted = gateways.granting(cluster.of_kind("ReferenceGrant"), route, service)
        return "" if granted else f"no ReferenceGrant lets the route name a Service of namespace {service.namespace}"

    def gate_certificates(self, obj: Object, key: Key, /) -> frozenset[Key]:
        return gateways.certificates_of(obj, key)

    def requirements(self, key: Key, cluster: Cluster, /) -> Iterable[Requirement]:
        obj, route = cluster.object_at(key), cluster.route_at(key)
        if route is not None:
            yield from _route_requirements(route, cluster)
        elif obj is not None:
            for source in filter(None, map(cluster.source_of, sorted(gateways.certificates_of(obj, key)))):
                yield Requirement((source,), "a listener uses it, and is Degraded without it (ResolvedRefs=False)")

    def gate_changes(
        self, written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects, /
    ) -> Iterable[GateChange]:
        yield from listener_changes(written, before, after)
        yield from left_listeners(written, before, after)
        yield from dropped_server_names(written, before, after)
        yield from hosts_with_first_routes(written, before, after)
        yield from backend_tls_changes(written, before, after)
        yield from grant_changes(written, before, after)

    def rejected_by(self, route: HttpRoute, cluster: Cluster, /) -> Key | None:
        return gateways.rejecting_parent(route, cluster)

    def mirrored(self, field: str, value: Any, route: Key, /) -> tuple[Key, int] | None:
        """Source: Gateway API, apis/v1/httproute_types.go `HTTPRequestMirrorFilter`."""
        if not field.endswith("requestMirror"):
            return None
        backend = mapping_or_empty(nested_value(value, "backendRef"))
        place = str(backend.get("namespace") or route.namespace)
        service = Key("", str(backend.get("kind") or "Service"), place, str(backend.get("name")))
        return service, integer_or_default(backend.get("port"), 0)


def _attached_candidates(routes: Iterable[HttpRoute], request: Request, cluster: Cluster) -> list[RouteCandidate]:
    pairs = ((route, cluster.candidate(route, request)) for route in routes)
    return [best for route, best in pairs if best and gateways.is_attached(route, request, cluster)]


def _answer_by_rules(routes: Iterable[HttpRoute], request: Request) -> RouteAction | None:
    """By the rules alone, whatever the routes hang on."""
    candidates = [best for route in routes if (best := route_candidate(route, request, aged=True)) is not None]
    return max(candidates, key=lambda each: each.rank).answer if candidates else None


def _route_requirements(route: HttpRoute, cluster: Cluster) -> Iterator[Requirement]:
    grants = cluster.of_kind("ReferenceGrant")
    for service in sorted(filter(is_service, route.services)):
        yield Requirement((service,), "the route names it, and is Degraded without it (ResolvedRefs=False)")
        granted = gateways.granting(grants, route.key, service) if service.namespace != route.key.namespace else []
        if granted:
            yield Requirement(tuple(granted), f"without it the route may not use {service} (RefNotPermitted)")
    for parent in route.parents:
        if cluster.is_managed(parent.gateway):
            yield Requirement((parent.gateway,), "the route is attached to it")


READER: Final = GatewayApiReader()
