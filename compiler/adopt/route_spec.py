"""A running Ingress or HTTPRoute in the words of `spec.expose`: hosts, paths, certificates, class, annotations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from compiler.adopt.running import RunningObject
from compiler.model.objects import annotations_of, list_or_empty, mapping_items, mapping_or_empty, nested_value

PROVIDERS: Final[Mapping[str, str]] = {"Ingress": "ingressNginx", "HTTPRoute": "gatewayApi"}
"""The traffic provider that writes routes of a kind."""
ROUTE_PATHS: Final[Mapping[str, str]] = {"PathPrefix": "Prefix", "Exact": "Exact"}
STRIPS: Final = {
    "type": "URLRewrite",
    "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}},
}
RULE_FIELDS: Final = frozenset({"matches", "filters", "backendRefs", "timeouts"})


class UnsayableRouteError(Exception):
    """A route that `expose` cannot say, and why."""


@dataclass(frozen=True, slots=True)
class RoutedRequests:
    """Which requests a route leads to its one Service: each host with each path. No host: every one."""

    hosts: tuple[str, ...]
    paths: tuple[tuple[str, str], ...]
    service: str
    port: int | str
    strip: bool = False
    timeout: int | None = None


def routed_requests(route: RunningObject) -> RoutedRequests:
    """What the route does, all of it. Raises UnsayableRouteError where `expose` has no words for a part."""
    return READERS[route.kind](route.spec)


def sayable_requests(route: RunningObject, service: RunningObject, providers: Mapping[str, Any]) -> RoutedRequests:
    """What the route does, with the number of the Service's port.

    Raises UnsayableRouteError where no release of this environment says it.
    """
    wanted = PROVIDERS[route.kind]
    if set(providers) != {wanted}:
        raise UnsayableRouteError(f"the environment's traffic is {', '.join(providers)}, and not {wanted}")
    requests = routed_requests(route)
    for port in mapping_items(service.spec.get("ports")):
        if requests.port in (port.get("name"), port.get("port")) and isinstance(port.get("port"), int):
            return replace(requests, port=port["port"])
    raise UnsayableRouteError(f"{service.title} has no port {requests.port}")


def with_first_port(service: RunningObject, number: int | str) -> RunningObject:
    """The Service with the port that routes name first, as `expose.service.ports` has it: their order means nothing."""
    ports = sorted(mapping_items(service.spec.get("ports")), key=lambda port: port.get("port") != number)
    return replace(service, object={**service.object, "spec": {**service.spec, "ports": ports}})


def usual_class(providers: Mapping[str, Any]) -> str | None:
    """The IngressClass of a release that names none; None where the environment writes no Ingress."""
    settings = providers.get("ingressNginx")
    return None if settings is None else str(settings.class_name)


def route_words(route: RunningObject, requests: RoutedRequests, usual_class: str | None) -> dict[str, Any]:
    """The part of `spec.expose` that writes the route; `usual_class` is the environment's IngressClass."""
    hosts = requests.hosts
    words: dict[str, Any] = {"host": hosts[0]} if len(hosts) == 1 else {"hosts": list(hosts)} if hosts else {}
    words |= _path_words(requests.paths)
    words |= {"stripPrefix": True} if requests.strip else {}
    words |= {"timeoutSeconds": requests.timeout} if requests.timeout is not None else {}
    if route.kind == "Ingress":
        words |= _certificate_words(mapping_items(route.spec.get("tls")), hosts)
        named = route.spec.get("ingressClassName", "none")
        words |= {} if named == usual_class else {"ingressClass": str(named)}
    annotations = dict(annotations_of(route.object))
    return {**words, "annotations": annotations} if annotations else words


def _path_words(paths: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    kinds = {kind for _, kind in paths}
    shared = {"pathType": kinds.pop()} if len(kinds) == 1 and kinds != {"Prefix"} else {}
    if len(paths) == 1:
        return {"path": paths[0][0], **shared}
    mixed = bool(kinds) and not shared and kinds != {"Prefix"}
    return {"paths": [{"path": path, "pathType": kind} if mixed else path for path, kind in paths], **shared}


def _certificate_words(entries: Iterable[Mapping[str, Any]], hosts: tuple[str, ...]) -> dict[str, Any]:
    """The Secrets of the hosts' certificates; nothing where the spec has no words for them, and an override says it."""
    secrets: dict[str, list[str]] = {}
    for entry in entries:
        covered = [str(host) for host in list_or_empty(entry.get("hosts"))]
        name = entry.get("secretName")
        if not isinstance(name, str) or not covered or name in secrets or not set(covered) <= set(hosts):
            return {}
        secrets[name] = covered
    if len(secrets) == 1 and list(secrets.values()) == [list(hosts)]:
        return {"tls": {"secretName": next(iter(secrets))}}
    return {"tls": {"secrets": secrets}} if secrets else {}


def _ingress_requests(spec: Mapping[str, Any]) -> RoutedRequests:
    if spec.get("defaultBackend") is not None:
        raise UnsayableRouteError("`expose` has no word for a default backend")
    by_host: dict[str, tuple[tuple[str, str], ...]] = {}
    backends: list[tuple[str, int | str]] = []
    for rule in mapping_items(spec.get("rules")):
        paths = list(mapping_items(nested_value(dict(rule), "http", "paths")))
        host = str(rule.get("host") or "")
        by_host[host] = (*by_host.get(host, ()), *(_path_and_type(path) for path in paths))
        backends += [_named_backend(path) for path in paths]
    if len(set(by_host.values())) != 1:
        raise UnsayableRouteError(
            "its hosts have different paths: `expose` has the same for all" if by_host else "it has no rule"
        )
    if "" in by_host and len(by_host) > 1:
        raise UnsayableRouteError("one of its rules is for every host, and others are for some")
    service, port = _single_backend(backends)
    paths_of_all = next(iter(by_host.values()))
    return RoutedRequests(tuple(host for host in by_host if host), paths_of_all, service, port)


def _path_and_type(path: Mapping[str, Any]) -> tuple[str, str]:
    """A path with its type; an empty one is the root. Source: ingress-nginx, controller.go, `rootLocation`."""
    return str(path.get("path") or "/"), str(path.get("pathType", "ImplementationSpecific"))


def _named_backend(path: Mapping[str, Any]) -> tuple[str, int | str]:
    service = mapping_or_empty(nested_value(dict(path), "backend", "service"))
    port = mapping_or_empty(service.get("port"))
    if not isinstance(service.get("name"), str):
        raise UnsayableRouteError("a backend of it is no Service")
    return service["name"], port.get("number", str(port.get("name")))


def _single_backend(backends: Iterable[tuple[str, int | str]]) -> tuple[str, int | str]:
    distinct = list(dict.fromkeys(backends))
    services = list(dict.fromkeys(name for name, _ in distinct))
    if len(services) > 1:
        raise UnsayableRouteError(f"it leads to {', '.join(services)}: a release writes a route to its own Service")
    if len(distinct) != 1:
        ports = ", ".join(str(port) for _, port in distinct) or "none"
        raise UnsayableRouteError(f"it leads to several ports ({ports}): `expose` routes to one")
    return distinct[0]


def _http_route_requests(spec: Mapping[str, Any]) -> RoutedRequests:
    rules = list(mapping_items(spec.get("rules"))) or [{}]
    paths = [_route_path(match) for rule in rules for match in mapping_items(rule.get("matches") or [{}])]
    strips, timeouts = {_strips(rule) for rule in rules}, {_request_timeout(rule) for rule in rules}
    for rule in rules:
        for field in rule:
            if field not in RULE_FIELDS:
                raise UnsayableRouteError(f"`expose` has no word for a rule's `{field}`")
    if len(strips) > 1 or len(timeouts) > 1:
        raise UnsayableRouteError("its rules differ in more than their paths: `expose` has one rule for all")
    service, port = _single_backend(_route_backend(each) for rule in rules for each in _backend_refs(rule))
    hosts = tuple(str(each) for each in list_or_empty(spec.get("hostnames")))
    return RoutedRequests(hosts, tuple(paths), service, port, strips.pop(), timeouts.pop())


def _route_path(match: Mapping[str, Any]) -> tuple[str, str]:
    for field in match:
        if field != "path":
            raise UnsayableRouteError(f"`expose` has no word for requests by `{field}`")
    path = mapping_or_empty(match.get("path"))
    kind = str(path.get("type", "PathPrefix"))
    if kind not in ROUTE_PATHS:
        raise UnsayableRouteError(f"`expose` has no path of type {kind}")
    return str(path.get("value", "/")), ROUTE_PATHS[kind]


def _backend_refs(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    refs = list(mapping_items(rule.get("backendRefs")))
    if len(refs) != 1:
        names = ", ".join(str(each.get("name")) for each in refs) or "no Service"
        raise UnsayableRouteError(f"a rule of it leads to {names}: a release writes a route to its own Service")
    return refs


def _route_backend(ref: Mapping[str, Any]) -> tuple[str, int | str]:
    plain = {"group": "", "kind": "Service"}
    if any(ref.get(field, usual) != usual for field, usual in plain.items()) or ref.get("weight", 1) == 0:
        raise UnsayableRouteError("a backend of it is no Service, or gets no request")
    if ref.get("namespace") is not None or ref.get("filters"):
        raise UnsayableRouteError("a backend of it is of another namespace, or has filters of its own")
    return str(ref.get("name")), ref.get("port", "")


def _strips(rule: Mapping[str, Any]) -> bool:
    filters = list(list_or_empty(rule.get("filters")))
    if filters not in ([], [STRIPS]):
        names = ", ".join(str(each.get("type")) for each in mapping_items(filters))
        raise UnsayableRouteError(f"`expose` has no word for its filters ({names})")
    return bool(filters)


def _request_timeout(rule: Mapping[str, Any]) -> int | None:
    timeouts = mapping_or_empty(rule.get("timeouts"))
    seconds = re.fullmatch(r"([0-9]{1,6})s", str(timeouts.get("request", "")))
    if timeouts and (set(timeouts) != {"request"} or seconds is None or not int(seconds[1])):
        raise UnsayableRouteError("`expose` has no word for its timeouts")
    return int(seconds[1]) if seconds else None


READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], RoutedRequests]]] = {
    "Ingress": _ingress_requests,
    "HTTPRoute": _http_route_requests,
}
