"""VirtualServices, read back: rules by the Gateways to which they are bound.

Source: Istio, pilot/pkg/networking/core/gateway.go (`buildGatewayHTTPRouteConfig`: the rules of all VirtualServices of
one host in the order of their creation) and route/route.go (`SortVHostRoutes`: rules for everything come last).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, nested_value
from compiler.model.request import Request, RouteAction, RouteCandidate, RouteMatch, host_matches, match_takes
from compiler.traffic.istio.gateways import ENTRY, VirtualHost, gateway_entries, lost_places, virtual_hosts
from compiler.traffic.istio.routes import (
    GROUP,
    MESH_GATEWAY,
    VirtualServiceFacts,
    is_catch_all,
    is_of_the_mesh_alone,
    read_virtual_service,
    unread_of_virtual_service,
)
from compiler.traffic.reader import Cluster, ConvergedObjects, Entry, GateChange, RouteReader


class TakenRequest(NamedTuple):
    """A rule that takes a request at a virtual host; one for everything comes after all others."""

    late: bool
    aged: bool
    answer: RouteAction


class IstioReader(RouteReader):
    """VirtualServices that Gateways read. Those of the mesh stand before Services whose clients are judged."""

    PROVIDER = "Istio"
    KINDS = frozenset({(GROUP, "VirtualService")})
    GATE_KINDS = frozenset({(GROUP, "Gateway")})
    ENTRY = ENTRY
    MATCHES = ("spec", "http")

    def read(self, obj: Object, key: Key, /) -> VirtualServiceFacts:
        return read_virtual_service(obj, key)

    def unread(self, obj: Object, /) -> Collection[str]:
        return tuple(unread_of_virtual_service(obj))

    def possible_hosts(self, obj: Object, /) -> Collection[str]:
        hosts = list(map(str, list_or_empty(nested_value(obj, "spec", "hosts"))))
        return () if is_of_the_mesh_alone(obj) else hosts

    def may_serve(self, other: Object, /) -> bool:
        """Source: Istio, docs/tasks/traffic-management/ingress: Ingresses of class istio, and HTTPRoutes."""
        return "nginx" not in str(nested_value(other, "spec", "ingressClassName"))

    def entries(
        self, routes: Sequence[VirtualServiceFacts], forms: Mapping[Key, Sequence[Object]], /
    ) -> Iterable[Entry]:
        return gateway_entries(routes, forms)

    def source_namespace(self, entry: str, /) -> str:
        return ""

    def candidate(self, route: VirtualServiceFacts, request: Request, /, *, aged: bool) -> RouteCandidate | None:
        """Its first rule for the request, wherever it is bound."""
        for rule in route.rules:
            taken = next((match for match in rule.matches if match_takes(match, request)), None)
            if taken is not None:
                return RouteCandidate((not is_catch_all(taken), aged), rule.answer._replace(path=taken.path))
        return None

    def answer(
        self, routes: Sequence[VirtualServiceFacts], request: Request, cluster: Cluster, /
    ) -> RouteAction | None:
        hosts = virtual_hosts(routes, _entered_place(request), request.host, cluster)
        redirecting = next((each for each in hosts if each.listening.redirects), None)
        if redirecting is not None:
            return RouteAction(redirecting.route.key, (), "redirect", path="/")
        taking = _taking(hosts, request, cluster)
        return min(taking, key=lambda each: (each.late, not each.aged, each.answer.route)).answer if taking else None

    def linked_routes(self, routes: Sequence[VirtualServiceFacts], /) -> dict[Key, set[Key]]:
        """Those of narrower hosts: what they leave of these no wildcard takes."""
        hosts: dict[str, set[Key]] = {}
        for route in routes:
            for host in route.hosts:
                hosts.setdefault(host, set()).add(route.key)
        within = {
            wide: {key for host, keys in hosts.items() if host != wide and host_matches(wide, host) for key in keys}
            for wide in hosts
            if wide.startswith("*")
        }
        return {route.key: {key for host in route.hosts for key in within.get(host, ())} for route in routes}

    def ties(self, routes: Sequence[VirtualServiceFacts], request: Request, cluster: Cluster, /) -> Sequence[Key]:
        """VirtualServices of one age, as far as manifests show it, that answer differently."""
        taking = _taking(virtual_hosts(routes, _entered_place(request), request.host, cluster), request, cluster)
        first = min(((each.late, not each.aged) for each in taking), default=None)
        best = [each.answer for each in taking if (each.late, not each.aged) == first]
        different = {(answer.backends, answer.itself, answer.treatment) for answer in best}
        return sorted({answer.route for answer in best}) if len(different) > 1 else ()

    def services_for(self, route: VirtualServiceFacts, request: Request, cluster: Cluster, /) -> Collection[Key] | None:
        """Those of its rule for the request; of its host, it decides also by having none."""
        best = cluster.candidate(route, request)
        if best is None:
            return () if any(host_matches(host, request.host) for host in route.hosts) else None
        return [backend.service for backend in best.answer.backends]

    def effect_on(self, route: VirtualServiceFacts, request: Request, cluster: Cluster, /) -> object:
        return route.gates, route.hosts, cluster.candidate(route, request)

    def gates(
        self, routes: Sequence[VirtualServiceFacts], services: Collection[Key], written: Iterable[Key], /
    ) -> Iterable[Key]:
        """All Gateways that are written: also one that no route names may take a host at the port of another."""
        return [key for key in written if key[:2] in self.GATE_KINDS] if routes else ()

    def refusal(self, route: Key, service: Key, cluster: Cluster, /) -> str:
        """None: a VirtualService may lead to any namespace."""
        return ""

    def backend_ports(self, route: VirtualServiceFacts, /) -> set[tuple[Key, int | str]]:
        return {(ref.service, ref.port) for rule in route.rules for ref in rule.answer.backends}

    def gate_changes(
        self, written: Sequence[Key], before: ConvergedObjects, after: ConvergedObjects, /
    ) -> Iterator[GateChange]:
        """Hosts that a Gateway serves no more, and of which no route shows who is there; and those of a mesh."""
        yield from _mesh_changes(before, after)
        for key in (key for key in written if key[:2] in self.GATE_KINDS and key in before.objects):
            lost = lost_places(before.objects[key], after.objects.get(key), key)
            used = {
                host for route in before.routes.values() if key in route.gates for host in _matched_hosts(route.matches)
            }
            unused = sorted(host for _, host in lost if not any(host_matches(each, host) for each in used))
            if unused:
                yield GateChange(
                    "field-unproven",
                    f"{key} no longer serves {', '.join(dict.fromkeys(unused))}. Not judged: which VirtualServices of "
                    "other folders are bound to it",
                    (key,),
                    "verify the folder of these VirtualServices together with this one",
                    "warning",
                )


def _mesh_changes(before: ConvergedObjects, after: ConvergedObjects) -> Iterator[GateChange]:
    """Hosts outside of the mesh that proxies beside clients come to serve, or leave to whoever has their address."""
    sides = [
        {
            host: route.key
            for route in side.routes.values()
            if MESH_GATEWAY in route.gates
            for host in _matched_hosts(route.matches)
        }
        for side in (before, after)
    ]
    for host in sorted(sides[0].keys() ^ sides[1].keys()):
        key = (sides[0] | sides[1])[host]
        yield GateChange(
            "field-unproven",
            f"{key} comes to serve {host} in the mesh, or serves it there no more. Not judged: who answers clients in "
            "the mesh otherwise",
            (key,),
            "review the change by hand",
            "warning",
        )


def _entered_place(request: Request) -> str:
    """The entry at which the request arrives; empty: at that of another provider."""
    word, _, place = request.entry.partition(" ")
    return place if word == ENTRY else ""


def _taking(hosts: Iterable[VirtualHost], request: Request, cluster: Cluster) -> list[TakenRequest]:
    """The first rule of each VirtualService for the request, among those of its virtual host."""
    taking = {}
    for each in hosts:
        best = cluster.candidate(each.route, request)
        if best is not None:
            late = not best.rank[0]
            taking[each.route.key] = TakenRequest(late, cluster.is_aged(each.route.key), best.answer)
    return list(taking.values())


def _matched_hosts(matches: Iterable[RouteMatch]) -> set[str]:
    return {match.host for match in matches}


READER: Final = IstioReader()
