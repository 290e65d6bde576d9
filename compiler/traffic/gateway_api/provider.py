"""gatewayApi: fixed Services, and routes whose weights move requests (Gateway API v1, standard channel)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.objects import RouteBackend, object_key
from compiler.model.provenance import derived
from compiler.model.topology import Match, ShareMechanism, Split, Stage
from compiler.spec.base import DnsLabel, DnsSubdomain, Model
from compiler.traffic.base import (
    EXPOSE,
    Capability,
    Exposure,
    distinct_manifests,
    entry_services,
    pool_service,
    route_name,
    switch_service,
    track_services,
)
from compiler.traffic.gateway_api.grpc import grpc_problems, grpc_routes
from compiler.traffic.gateway_api.route_parts import (
    GROUP,
    backend_refs,
    header_matches,
    parent_ref,
    retirement_filters,
    weighted_matches,
)

NAME: Final = "gatewayApi"
PATH_TYPES: Final = {"Prefix": "PathPrefix", "Exact": "Exact"}


class GatewayApi(Model):
    """The Gateway, and the listener if not all of them, that routes attach to."""

    gateway: DnsSubdomain
    namespace: DnsLabel | None = None
    section_name: DnsSubdomain | None = None


SPEC = GatewayApi
KINDS: Final = frozenset({(GROUP, "GRPCRoute"), (GROUP, "HTTPRoute"), (GROUP, "ReferenceGrant")})
METRICS: Final = None  # a Gateway may be of any implementation
UNMEASURED_BY: Final[Mapping[str, str]] = {}
CAPABILITIES: Final = frozenset[Capability]({"deprecation", "grpc", "weight"})
REWRITES_BY_PATTERN: Final = False


def check(exposure: Exposure) -> Sequence[Problem]:
    problems = list(check_body_size(exposure))
    problems += lacking_ingress_words(exposure)
    problems += grpc_problems(exposure)
    for split in exposure.topology.splits:
        if any(match.cookie is not None for match, _ in split.pinned):
            problems.append(
                Problem(
                    "provider-lacks", ("gatewayApi cannot match cookies"), split.path, "use `header`, or ingressNginx"
                )
            )
    pools = [split for split in exposure.topology.splits if split.by is ShareMechanism.PODS]
    if exposure.expose.service.node_ports and len(pools) > 1:
        problems.append(
            Problem(
                "node-port-twice",
                "each version has its own Service, and a nodePort can be used only once",
                (*EXPOSE, "service", "nodePort"),
                "remove `nodePort`: the Gateway reaches the Services by their cluster IPs",
                on_key=True,
            )
        )
    return problems


def check_body_size(exposure: Exposure) -> Iterator[Problem]:
    """No limit of a body can be written; another provider beside it keeps its own, for clients that still come."""
    if exposure.expose.body_size is None:
        return
    keeping = " and ".join(sorted(exposure.beside.intersection(exposure.capable["bodySize"])))
    now = f"only the routes of {keeping} have this limit" if keeping else "HTTPRoute has no such field"
    later = f"remove `bodySize` in the commit that leaves {keeping}, and" if keeping else "remove `bodySize`, and"
    yield Problem(
        "provider-lacks",
        f"gatewayApi has no limit for a request's body: {now}",
        (*EXPOSE, "bodySize"),
        f"{later} set the limit in the gateway's own policy",
        severity="warning" if keeping else "error",
        on_key=True,
    )


def lacking_ingress_words(exposure: Exposure) -> list[Problem]:
    """What an Ingress has and an HTTPRoute has not."""
    expose, problems = exposure.expose, []
    if expose.ingress_class is not None:
        problems.append(((*EXPOSE, "ingressClass"), "a route is attached to a Gateway and has no class"))
    for number, _ in expose.hosts_of_paths[:1]:
        problems.append(((*EXPOSE, "paths", number, "hosts"), "an HTTPRoute has the same paths for all its hosts"))
    if any(kind not in PATH_TYPES for _, kind in expose.rules):
        where = "paths" if expose.paths else "pathType"
        problems.append(((*EXPOSE, where), "an HTTPRoute has no path of type ImplementationSpecific"))
    return [
        Problem("provider-lacks", f"gatewayApi: {text}", path, "remove it, or use ingressNginx", on_key=True)
        for path, text in problems
    ]


def render(exposure: Exposure) -> Sequence[Manifest]:
    services = [service for split in exposure.topology.splits for service in services_of(exposure, split)]
    routed = [split for split in exposure.topology.splits if split.routed]
    routes: dict[tuple[str, tuple[str, ...]], list[Split]] = {}
    for split in routed:
        routes.setdefault((split.route, exposure.hosts_of(split)), []).append(split)
    return [
        *distinct_manifests([*services, *entry_services(exposure)]),
        *reference_grants(exposure),
        *(http_route(exposure, group) for group in routes.values() if exposure.expose.answers_http),
        *grpc_routes(exposure, routed),
    ]


def reference_grants(exposure: Exposure) -> list[Manifest]:
    """TLS ends at the Gateway: one of another namespace may read this Secret only if a grant here says so.

    v1beta1, which every installation with HTTPRoute v1 serves; v1 is of Gateway API 1.5.
    """
    settings: GatewayApi = exposure.settings
    if not exposure.tls_secrets or settings.namespace in (None, exposure.frame.namespace):
        return []
    obj: Object = {
        "apiVersion": f"{GROUP}/v1beta1",
        "kind": "ReferenceGrant",
        "metadata": exposure.frame.metadata(derived(f"{exposure.release}-tls", exposure.release), Stage.TRACKS),
        "spec": {
            "from": [{"group": GROUP, "kind": "Gateway", "namespace": settings.namespace}],
            "to": [{"group": "", "kind": "Secret", "name": name} for name in exposure.tls_secrets],
        },
    }
    return [Manifest(obj, Origin((*EXPOSE, "tls"), f"provider {NAME}"))]


def services_of(exposure: Exposure, split: Split) -> list[Manifest]:
    if split.by is ShareMechanism.PODS:
        return [pool_service(exposure, split)]
    outside = split.by is ShareMechanism.SWITCH and not split.name and exposure.expose.service.type != "ClusterIP"
    # clients of a node port or load balancer come past the Gateway: they need an address that switches with the route
    return [*track_services(exposure, split), *([switch_service(exposure, split)] if outside else [])]


def http_route(exposure: Exposure, splits: Sequence[Split]) -> Manifest:
    """One HTTPRoute with the rules of all its splits. What Argo CD would see defaulted is written out."""
    first = splits[0]
    own_host = first.match.host is not None and not first.route
    suffix = first.route or (first.name if own_host else "")
    spec: Object = {"parentRefs": [parent_ref(exposure)]}
    hosts = exposure.hosts_of(first)
    if hosts:
        spec["hostnames"] = list(hosts)
    spec["rules"] = [rule for split in splits for rule in route_rules(exposure, split)]
    name = route_name(exposure, suffix)
    obj: Object = {
        "apiVersion": f"{GROUP}/v1",
        "kind": "HTTPRoute",
        "metadata": exposure.frame.metadata(
            name,
            first.stage,
            labels=None if suffix else exposure.frame.kept_labels("route"),
            annotations=exposure.expose.annotations,
        ),
        "spec": spec,
    }
    return Manifest(obj, Origin(first.path, f"provider {NAME}"))


def route_rules(exposure: Exposure, split: Split) -> list[Object]:
    return [
        route_rule(exposure, split, match, rule, weights)
        for match, weights in weighted_matches(split)
        for rule in ([(match.path, exposure.expose.path_type)] if match.path else exposure.rules_of(split))
    ]


def route_rule(
    exposure: Exposure, split: Split, match: Match, rule: tuple[str, str], weights: dict[str, int]
) -> Object:
    path, kind = rule
    condition = {"path": {"type": derived(PATH_TYPES[kind], kind), "value": path}, **header_matches(split, match)}
    written: Object = {"matches": [condition]}
    filters = filters_of(exposure, split, path)
    if filters:
        written["filters"] = filters
    written["backendRefs"] = backend_refs(exposure, split, weights, exposure.expose.service.routed_port)
    timeout = exposure.expose.timeout_seconds
    if timeout is not None:
        written["timeouts"] = {"request": derived(f"{timeout}s", timeout)}
    return written


def filters_of(exposure: Exposure, split: Split, path: str) -> list[Object]:
    filters = retirement_filters(split)
    if exposure.strips_path(path):
        rewrite = {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}
        filters.append(derived({"type": "URLRewrite", "urlRewrite": rewrite}, exposure.expose.strip_prefix))
    return filters


def backends_of(obj: Object) -> Iterator[RouteBackend]:
    own = object_key(obj).namespace
    for number, rule in enumerate(obj["spec"].get("rules", ())):
        path: Path = ("spec", "rules", number)
        for index, backend in enumerate(rule.get("backendRefs", ())):
            if is_service_reference(backend):
                yield route_backend(backend, own, (*path, "backendRefs", index), backend.get("weight", 1) > 0)
        for index, item in enumerate(rule.get("filters", ())):
            mirrored = item.get("requestMirror", {}).get("backendRef")
            if mirrored and is_service_reference(mirrored):
                place = (*path, "filters", index, "requestMirror", "backendRef")
                yield route_backend(mirrored, own, place, gets_requests=False)


def secrets_of(_: Object) -> Iterable[tuple[str, Path]]:
    """None: a Gateway's listeners show certificates, not its routes."""
    return ()


def is_service_reference(backend: dict[str, Any]) -> bool:
    return (backend.get("group", ""), backend.get("kind", "Service")) == ("", "Service")


def route_backend(backend: dict[str, Any], own: str, path: Path, gets_requests: bool) -> RouteBackend:
    return RouteBackend(backend.get("namespace", own), backend["name"], backend.get("port"), gets_requests, path)
