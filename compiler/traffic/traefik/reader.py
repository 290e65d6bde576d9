"""IngressRoutes, read back: routers by the entry points on which they hang.

Source: Traefik, pkg/server/router/router.go (`buildEntryPointHandler`: the routers of an entry point in no order, so
that of equal priorities any may come first) and docs/content/routing/routers (without entry points, on all of them).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from compiler.model.manifest import Object
from compiler.model.objects import Key, annotations_of, mapping_items, nested_value
from compiler.model.request import Request, RouteAction, RouteCandidate, match_takes
from compiler.traffic.reader import Cluster, Entry, RouteReader
from compiler.traffic.traefik.routes import (
    GROUPS,
    MIDDLEWARES,
    IngressRouteFacts,
    read_ingress_route,
    rule_of,
    unread_of_ingress_route,
)

ANY_ENTRY: Final = "any other entry point"


class TraefikReader(RouteReader):
    """IngressRoutes of HTTP. What their Middlewares do is not known: only whether the same ones are passed."""

    PROVIDER = "Traefik"
    KINDS = frozenset((group, "IngressRoute") for group in GROUPS)
    ENTRY = "traefik"
    MATCHES = ("spec", "routes")

    def read(self, obj: Object, key: Key, /) -> IngressRouteFacts:
        return read_ingress_route(obj, key)

    def unread(self, obj: Object, /) -> Collection[str]:
        return tuple(unread_of_ingress_route(obj))

    def possible_hosts(self, obj: Object, /) -> Collection[str]:
        rules = (rule_of(route, obj) for route in mapping_items(nested_value(obj, "spec", "routes")))
        return {match.host for rule in rules for match in rule.matches}

    def may_serve(self, other: Object, /) -> bool:
        """Source: Traefik, docs/content/providers: Ingresses and HTTPRoutes are routers beside the others."""
        return "nginx" not in str(nested_value(other, "spec", "ingressClassName") or annotations_of(other))

    def entries(self, routes: Sequence[IngressRouteFacts], forms: Mapping[Key, Sequence[Object]], /) -> Iterable[Entry]:
        named = dict.fromkeys(point for route in routes for point in route.entry_points)
        for point in (*named, ANY_ENTRY):
            there = [route for route in routes if _hangs_on(route, point)]
            if there:
                yield Entry(f"{self.ENTRY} {point}", there)

    def source_namespace(self, entry: str, /) -> str:
        return ""

    def candidate(self, route: IngressRouteFacts, request: Request, /, *, aged: bool) -> RouteCandidate | None:
        best: RouteCandidate | None = None
        for rule in route.rules:
            taken = next((match for match in rule.matches if match_takes(match, request)), None)
            if taken is not None and (best is None or (rule.priority,) > best.rank):
                best = RouteCandidate((rule.priority,), rule.answer._replace(path=taken.path))
        return best

    def answer(self, routes: Sequence[IngressRouteFacts], request: Request, cluster: Cluster, /) -> RouteAction | None:
        candidates = _candidates(routes, request, cluster)
        return max(candidates, key=lambda each: (each.rank, each.answer.route)).answer if candidates else None

    def leads_through(self, answer: RouteAction, other: Key, /) -> bool:
        """Source: kubernetes_http.go `loadIngressRouteConfiguration`: one router is left out, the others stay."""
        if other.kind == "Middleware":
            passed = dict(answer.treatment).get(MIDDLEWARES, "").split(", ")
            return f"{other.namespace}/{other.name}" in passed
        return other.kind not in ("Service", "TraefikService") or other in {each.service for each in answer.backends}

    def ties(self, routes: Sequence[IngressRouteFacts], request: Request, cluster: Cluster, /) -> Sequence[Key]:
        """Routers of the greatest priority, also two of one IngressRoute, that answer differently."""
        taking = [
            (rule.priority, rule.answer)
            for route in routes
            if _hangs_on(route, _entered(request))
            for rule in route.rules
            if any(match_takes(match, request) for match in rule.matches)
        ]
        top = max((priority for priority, _ in taking), default=None)
        best = [answer for priority, answer in taking if priority == top]
        different = {(answer.backends, answer.treatment) for answer in best}
        return sorted({answer.route for answer in best}) if len(different) > 1 else ()

    def services_for(self, route: IngressRouteFacts, request: Request, cluster: Cluster, /) -> Collection[Key] | None:
        best = cluster.candidate(route, request)
        return None if best is None else [backend.service for backend in best.answer.backends]

    def effect_on(self, route: IngressRouteFacts, request: Request, cluster: Cluster, /) -> object:
        return route.entry_points, cluster.candidate(route, request)

    def refusal(self, route: Key, service: Key, cluster: Cluster, /) -> str:
        """None: an option of Traefik decides, and so a route to another namespace is one of another treatment."""
        return ""

    def backend_ports(self, route: IngressRouteFacts, /) -> set[tuple[Key, int | str]]:
        return {(ref.service, ref.port) for rule in route.rules for ref in rule.answer.backends}


def _entered(request: Request) -> str:
    """The entry point at which the request arrives; empty: at that of another provider."""
    word, _, point = request.entry.partition(" ")
    return point if word == TraefikReader.ENTRY else ""


def _hangs_on(route: IngressRouteFacts, point: str) -> bool:
    """Whether the routers of the route are asked at an entry point; empty: at any."""
    return not point or not route.entry_points or point in route.entry_points


def _candidates(routes: Iterable[IngressRouteFacts], request: Request, cluster: Cluster) -> list[RouteCandidate]:
    there = (route for route in routes if _hangs_on(route, _entered(request)))
    return [best for route in there if (best := cluster.candidate(route, request)) is not None]


READER: Final = TraefikReader()
