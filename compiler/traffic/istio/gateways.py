"""Gateways of Istio: where clients connect, and which hosts of which VirtualServices are served there.

Source: Istio, pilot/pkg/model/gateway.go (`mergeGateways`: Gateways of one selector share their ports; of servers with
certificates for one host the first counts) and pilot/pkg/networking/core/gateway.go (`buildGatewayHTTPRouteConfig`: a
virtual host for each host that a server and a VirtualService share).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, list_or_empty, mapping_items, mapping_or_empty, nested_value, string_entries
from compiler.model.request import RouteMatch, host_matches
from compiler.traffic.istio.routes import GROUP, VirtualServiceFacts
from compiler.traffic.reader import Cluster, Entry

ENTRY: Final = "istio-gateway"
PLAIN: Final = frozenset({"HTTP", "HTTP2", "GRPC", "GRPC-WEB"})
PASSING_MODES: Final = frozenset({"PASSTHROUGH", "AUTO_PASSTHROUGH"})
GatewayServer = Mapping[str, Any]


class Listening(NamedTuple):
    """A server of a Gateway that reads HTTP."""

    gateway: Key
    server: GatewayServer

    @property
    def encrypted(self) -> bool:
        """Whether clients choose it by the name in their TLS handshake."""
        return self.server_protocol == "HTTPS"

    @property
    def server_protocol(self) -> str:
        """HTTP or HTTPS."""
        return "HTTPS" if _protocol(self.server) == "HTTPS" else "HTTP"

    @property
    def place(self) -> str:
        """Where clients connect: `443 HTTPS`."""
        return f"{nested_value(self.server, 'port', 'number')} {self.server_protocol}"

    @property
    def redirects(self) -> bool:
        """Whether it answers plain requests with the address of HTTPS."""
        return not self.encrypted and nested_value(self.server, "tls", "httpsRedirect") is True


class VirtualHost(NamedTuple):
    """A host that a server and a VirtualService share."""

    host: str
    listening: Listening
    route: VirtualServiceFacts


def reads_http(server: GatewayServer) -> bool:
    """Whether the rules for HTTP count at a server."""
    passing = str(nested_value(server, "tls", "mode")) in PASSING_MODES
    return _protocol(server) in PLAIN or (_protocol(server) == "HTTPS" and not passing and not _is_left_out(server))


def _is_left_out(server: GatewayServer) -> bool:
    """Whether a server is none: with HTTPS and no settings for it (pkg/config/validation `validateServer`)."""
    return _protocol(server) == "HTTPS" and not server.get("tls")


def _protocol(server: GatewayServer) -> str:
    return str(nested_value(server, "port", "protocol") or "").upper()


def http_servers(key: Key, gateway: Object) -> list[Listening]:
    """The servers of a Gateway that read HTTP."""
    servers = mapping_items(nested_value(gateway, "spec", "servers"))
    return [Listening(key, server) for server in servers if reads_http(server)]


def selector_of(gateway: Object) -> str:
    """Which proxies read a Gateway, as text."""
    labels = string_entries(nested_value(gateway, "spec", "selector"))
    return ",".join(f"{name}={value}" for name, value in sorted(labels.items())) or "*"


def gateway_entries(routes: Sequence[VirtualServiceFacts], forms: Mapping[Key, Sequence[Object]]) -> Iterator[Entry]:
    """Where clients connect: of Gateways of the folder by the proxies that read them and the port, of others each."""
    places: dict[str, dict[str, list[Listening]]] = {}
    for selectors, keys in _proxies(forms).items():
        for key in keys:
            for listening in (each for form in forms[key] for each in http_servers(key, form)):
                places.setdefault(selectors, {}).setdefault(listening.place, []).append(listening)
    for selectors, by_place in places.items():
        for place, servers in by_place.items():
            bound = [route for route in routes if any(each.gateway in route.gates for each in servers)]
            served = [host for each in servers for host in server_hosts(each)]
            yield Entry(f"{ENTRY} {selectors}#{place}", bound, _in_narrower_hosts(bound, served))
    for key in sorted({key for route in routes for key in route.gates} - forms.keys()):
        bound = [route for route in routes if key in route.gates]
        yield Entry(f"{ENTRY} {key.namespace}/{key.name}", bound, _in_narrower_hosts(bound, ()))


def _in_narrower_hosts(routes: Sequence[VirtualServiceFacts], served: Iterable[str]) -> list[RouteMatch]:
    """The matches of wildcards at each host within them, of a server or of another VirtualService.

    There no rule of the wildcard counts (Envoy asks one virtual host alone).
    """
    hosts = dict.fromkeys((*served, *(host for route in routes for host in route.hosts)))
    matches = dict.fromkeys(match for route in routes for match in route.matches if match.host.startswith("*"))
    return [
        match._replace(host=host)
        for match in matches
        for host in hosts
        if host != match.host and host_matches(match.host, host)
    ]


def _proxies(forms: Mapping[Key, Sequence[Object]]) -> dict[str, list[Key]]:
    """The Gateways by the selectors that mean one set of proxies: those of all forms of a Gateway do."""
    groups: list[tuple[set[str], list[Key]]] = []
    for key in sorted(key for key in forms if key[:2] == (GROUP, "Gateway")):
        selectors, keys = {selector_of(form) for form in forms[key]}, [key]
        for other in [each for each in groups if each[0] & selectors]:
            groups.remove(other)
            selectors, keys = selectors | other[0], [*other[1], *keys]
        groups.append((selectors, keys))
    return {"|".join(sorted(selectors)): keys for selectors, keys in groups}


def server_hosts(listening: Listening, namespace: str = "") -> list[str]:
    """The hosts of a server; with a namespace, those that VirtualServices of it may have (`NamesForNamespace`)."""
    hosts = []
    for text in map(str, list_or_empty(listening.server.get("hosts"))):
        place, _, host = text.rpartition("/")
        allowed = listening.gateway.namespace if place == "." else place
        if not namespace or allowed in ("", "*", namespace):
            hosts.append(host.lower())
    return hosts


def virtual_hosts(routes: Iterable[VirtualServiceFacts], place: str, host: str, cluster: Cluster) -> list[VirtualHost]:
    """The hosts that routes have for a request's at an entry (empty: at any), of the narrowest form alone."""
    fitting = [each for each in _all_virtual_hosts(list(routes), place, host, cluster) if host_matches(each.host, host)]
    best = max((host_rank(each.host) for each in fitting), default=None)
    return [each for each in fitting if host_rank(each.host) == best]


def host_rank(host: str) -> tuple[bool, int]:
    """Greater for a narrower host: an exact one, then the longer wildcard."""
    return not host.startswith("*"), len(host)


def _all_virtual_hosts(
    routes: Sequence[VirtualServiceFacts], place: str, host: str, cluster: Cluster
) -> Iterator[VirtualHost]:
    selectors, mark, port = place.partition("#")
    if not mark:
        yield from _of_outside_gateways(routes, place, cluster)
    if place and not mark:
        return
    for listening in _reached(selectors, port, host, cluster):
        for route in (route for route in routes if listening.gateway in route.gates):
            for served in server_hosts(listening, route.key.namespace):
                yield from (VirtualHost(each, listening, route) for each in _shared(served, route.hosts))


def _of_outside_gateways(routes: Iterable[VirtualServiceFacts], place: str, cluster: Cluster) -> Iterator[VirtualHost]:
    """The hosts at Gateways that no folder holds: these are held to serve all."""
    for route in routes:
        for key in route.gates:
            if not cluster.is_managed(key) and place in ("", f"{key.namespace}/{key.name}"):
                yield from (VirtualHost(host, Listening(key, {}), route) for host in route.hosts)


def _reached(selectors: str, port: str, host: str, cluster: Cluster) -> list[Listening]:
    """The servers that a request reaches: with certificates, the one for the narrowest host, of several the oldest."""
    known = set(selectors.split("|"))
    servers = [
        listening
        for key, gateway in cluster.of_kind("Gateway")
        if key.group == GROUP and (not selectors or selector_of(gateway) in known)
        for listening in http_servers(key, gateway)
        if not port or listening.place == port
    ]
    if not port.endswith("HTTPS"):
        return servers
    fitting = [(each, name) for each in servers for name in server_hosts(each) if host_matches(name, host)]
    in_order = sorted(fitting, key=lambda each: each[0].gateway)
    best = max(in_order, key=lambda each: (host_rank(each[1]), cluster.is_aged(each[0].gateway)), default=None)
    return [] if best is None else [best[0]]


def _shared(served: str, hosts: Iterable[str]) -> Iterator[str]:
    """The narrower of a server's host and each of a VirtualService that has requests in common with it."""
    for host in hosts:
        if host_matches(served, host):
            yield host
        elif host_matches(host, served):
            yield served


def lost_places(before: Object | None, after: Object | None, key: Key) -> set[tuple[str, str]]:
    """The hosts, each with its place, that a Gateway serves no more."""
    sides = [
        {
            (listening.place, host)
            for listening in ([] if form is None else http_servers(key, form))
            for host in server_hosts(listening)
        }
        for form in (before, after)
    ]
    return {
        (place, host)
        for place, host in sides[0]
        if not any(place == other and host_matches(wide, host) for other, wide in sides[1])
    }


def unmodeled_servers(gateway: Any) -> list[Any]:
    """What of a Gateway's servers no request class shows: those of other protocols, and how clients connect."""
    servers = list(mapping_items(gateway))
    kept = {"hosts", "name", "port", "tls"}
    return [
        server
        if not reads_http(server)
        else (
            nested_value(server, "port", "number"),
            sorted(map(str, list_or_empty(server.get("hosts")))),
            {name: value for name, value in mapping_or_empty(server.get("tls")).items() if name != "httpsRedirect"},
            {name: value for name, value in server.items() if name not in kept},
        )
        for server in servers
        if not _is_left_out(server)
    ]
