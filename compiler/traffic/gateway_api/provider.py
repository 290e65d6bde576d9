"""gatewayApi: fixed Services, and HTTPRoutes whose weights move requests (Gateway API v1, standard channel)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.manifest import Manifest, Object, Origin
from compiler.model.objects import RouteBackend, object_key
from compiler.model.provenance import derived
from compiler.model.topology import Match, Retirement, ShareMechanism, Split, Stage
from compiler.spec.base import DnsLabel, DnsSubdomain, Model
from compiler.traffic.base import (
    EXPOSE,
    Exposure,
    distinct_manifests,
    entry_services,
    pool_service,
    route_name,
    split_service_name,
    switch_service,
    track_service_name,
    track_services,
)

NAME: Final = "gatewayApi"
GROUP: Final = "gateway.networking.k8s.io"
PATH_TYPES: Final = {"Prefix": "PathPrefix", "Exact": "Exact"}


class GatewayApi(Model):
    """The Gateway, and the listener if not all of them, that routes attach to."""

    gateway: DnsSubdomain
    namespace: DnsLabel | None = None
    section_name: DnsSubdomain | None = None


SPEC = GatewayApi
KINDS: Final = frozenset({(GROUP, "HTTPRoute"), (GROUP, "ReferenceGrant")})
METRICS: Final = None  # a Gateway may be of any implementation
REWRITES_BY_PATTERN: Final = False
BODY_LIMITERS: Final = frozenset({"ingressNginx"})
"""The providers that write a limit for the bodies of requests."""


def check(exposure: Exposure) -> Sequence[Problem]:
    problems = list(check_body_size(exposure))
    problems += lacking_ingress_words(exposure)
    for split in exposure.topology.splits:
        if any(match.cookie is not None for match, _ in split.pinned):
            problems.append(
                Problem("provider-lacks", "gatewayApi matches no cookies", split.path, "use `header`, or ingressNginx")
            )
    pools = [split for split in exposure.topology.splits if split.by is ShareMechanism.PODS]
    if exposure.expose.service.node_ports and len(pools) > 1:
        problems.append(
            Problem(
                "node-port-twice",
                "each version has a Service of its own, and a nodePort can be taken once",
                (*EXPOSE, "service", "nodePort"),
                "remove `nodePort`: the Gateway reaches the Services by their cluster IPs",
                on_key=True,
            )
        )
    return problems


def check_body_size(exposure: Exposure) -> Iterator[Problem]:
    """No limit of a body can be written; beside Ingresses it stays in these, for clients that still reach them."""
    if exposure.expose.body_size is None:
        return
    moving = bool(exposure.beside & BODY_LIMITERS)
    now = "only the Ingresses keep `bodySize`" if moving else "HTTPRoute has no such field"
    later = "remove `bodySize` in the commit that leaves ingressNginx, and" if moving else "remove `bodySize`, and"
    yield Problem(
        "provider-lacks",
        f"gatewayApi has no limit for a request's body: {now}",
        (*EXPOSE, "bodySize"),
        f"{later} set the limit in the gateway's own policy",
        severity="warning" if moving else "error",
        on_key=True,
    )


def lacking_ingress_words(exposure: Exposure) -> list[Problem]:
    """What an Ingress has and an HTTPRoute has not."""
    expose, problems = exposure.expose, []
    if expose.ingress_class is not None:
        problems.append(((*EXPOSE, "ingressClass"), "a route hangs on a Gateway, and has no class"))
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
        *(http_route(exposure, group) for group in routes.values()),
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


def parent_ref(exposure: Exposure) -> Object:
    settings: GatewayApi = exposure.settings
    ref: Object = {"group": GROUP, "kind": "Gateway", "name": settings.gateway}
    if settings.namespace is not None:
        ref["namespace"] = settings.namespace
    if settings.section_name is not None:
        ref["sectionName"] = settings.section_name
    return ref


def route_rules(exposure: Exposure, split: Split) -> list[Object]:
    """The pinned requests' rules, then the split's own: of equal paths, more headers win, and then the earlier rule."""
    pinned = [
        (match, {share.track: 100 * (share.track == track) for share in split.shares}) for match, track in split.pinned
    ]
    every = [*pinned, (split.match, {share.track: share.percent for share in split.shares})]
    return [
        route_rule(exposure, split, match, rule, weights)
        for match, weights in every
        for rule in ([(match.path, exposure.expose.path_type)] if match.path else exposure.rules_of(split))
    ]


def route_rule(
    exposure: Exposure, split: Split, match: Match, rule: tuple[str, str], weights: dict[str, int]
) -> Object:
    path, kind = rule
    condition: Object = {"path": {"type": derived(PATH_TYPES[kind], kind), "value": path}}
    header = match.header or split.match.header
    if header is not None:
        condition["headers"] = [{"type": "Exact", "name": header[0], "value": header[1]}]
    written: Object = {"matches": [condition]}
    filters = filters_of(exposure, split, path)
    if filters:
        written["filters"] = filters
    written["backendRefs"] = backend_refs(exposure, split, weights)
    timeout = exposure.expose.timeout_seconds
    if timeout is not None:
        written["timeouts"] = {"request": derived(f"{timeout}s", timeout)}
    return written


def backend_refs(exposure: Exposure, split: Split, weights: dict[str, int]) -> list[Object]:
    if split.by is ShareMechanism.PODS:
        return [backend_ref(exposure, split_service_name(exposure, split), 100)]
    # by name, so that a switch is a change of weights and nothing else
    return [backend_ref(exposure, track_service_name(exposure, track), weights[track]) for track in sorted(weights)]


def backend_ref(exposure: Exposure, name: str, weight: int) -> Object:
    """A backend with its weight: Gateway API's default is 1, which would divide evenly."""
    return {"group": "", "kind": "Service", "name": name, "port": exposure.expose.service.routed_port, "weight": weight}


def filters_of(exposure: Exposure, split: Split, path: str) -> list[Object]:
    filters: list[Object] = []
    if split.retirement is not None:
        headers = [{"name": name, "value": value} for name, value in retirement_headers(split.retirement).items()]
        filters.append({"type": "ResponseHeaderModifier", "responseHeaderModifier": {"set": headers}})
    if exposure.strips_path(path):
        rewrite = {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}
        filters.append(derived({"type": "URLRewrite", "urlRewrite": rewrite}, exposure.expose.strip_prefix))
    return filters


HTTP_DATE: Final = "%a, %d %b %Y %H:%M:%S GMT"
"""English, for no locale is set. The library's `email.utils` would load fourteen modules, which takes 6 ms."""


def retirement_headers(retirement: Retirement) -> dict[str, str]:
    """`Deprecation` as a structured date (RFC 9745), `Sunset` as an HTTP date (RFC 8594), both at midnight UTC."""
    headers = {}
    if retirement.deprecated is not None:
        headers["Deprecation"] = derived(
            f"@{int(midnight_utc(retirement.deprecated).timestamp())}", retirement.deprecated
        )
    if retirement.sunset is not None:
        headers["Sunset"] = derived(f"{midnight_utc(retirement.sunset):{HTTP_DATE}}", retirement.sunset)
    return headers


def midnight_utc(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=UTC)


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
