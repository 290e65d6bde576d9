"""A running route in the words of `spec.expose` that all providers share; the others stand in a provider's folder."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from compiler.adopt.running import RunningObject
from compiler.model.objects import annotations_of, mapping_items
from compiler.traffic.adoption import RoutedRequests, UnsayableRouteError, adopted_routes


def routed_requests(route: RunningObject) -> RoutedRequests:
    """What the route does, all of it. Raises UnsayableRouteError where `expose` has no words for a part."""
    return adopted_routes()[route.key[:2]].requests(route.object)


def sayable_requests(route: RunningObject, service: RunningObject, providers: Mapping[str, Any]) -> RoutedRequests:
    """What the route does, with the number of the Service's port.

    Raises UnsayableRouteError where no release of this environment says it.
    """
    wanted = adopted_routes()[route.key[:2]].PROVIDER
    if set(providers) != {wanted}:
        raise UnsayableRouteError(f"the environment's traffic is {', '.join(providers)}, and not {wanted}")
    requests = routed_requests(route)
    for port in mapping_items(service.spec.get("ports")):
        if requests.port in (port.get("name"), port.get("port")) and isinstance(port.get("port"), int):
            return replace(requests, port=port["port"])
    raise UnsayableRouteError(f"{service.title} has no port {requests.port}")


def without_backends(route: RunningObject, names: Set[str]) -> RunningObject:
    """The route without its references to the Services of these names, in rules that lead to others too."""
    rules = []
    for rule in mapping_items(route.spec.get("rules")):
        kept = [each for each in mapping_items(rule.get("backendRefs")) if each.get("name") not in names]
        rules.append({**rule, "backendRefs": kept} if kept else dict(rule))
    return replace(route, object={**route.object, "spec": {**route.spec, "rules": rules}})


def with_first_port(service: RunningObject, number: int | str) -> RunningObject:
    """The Service with the port that routes name first, as `expose.service.ports` has it: their order means nothing."""
    ports = sorted(mapping_items(service.spec.get("ports")), key=lambda port: port.get("port") != number)
    return replace(service, object={**service.object, "spec": {**service.spec, "ports": ports}})


def route_words(route: RunningObject, requests: RoutedRequests, providers: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `spec.expose` that writes the route; `providers` are the environment's, each with its settings."""
    hosts = requests.hosts
    words: dict[str, Any] = {"host": hosts[0]} if len(hosts) == 1 else {"hosts": list(hosts)} if hosts else {}
    words |= _path_words(requests.paths) if not requests.at else _host_path_words(requests)
    words |= {"stripPrefix": True} if requests.strip else {}
    words |= {"timeoutSeconds": requests.timeout} if requests.timeout is not None else {}
    routes = adopted_routes()[route.key[:2]]
    words |= routes.words(route.spec, providers[routes.PROVIDER])
    rewrites = routes.REWRITES if requests.strip else frozenset()
    annotations = {key: value for key, value in annotations_of(route.object).items() if key not in rewrites}
    return {**words, "annotations": annotations} if annotations else words


def _path_words(paths: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    kinds = {kind for _, kind in paths}
    shared = {"pathType": kinds.pop()} if len(kinds) == 1 and kinds != {"Prefix"} else {}
    if len(paths) == 1:
        return {"path": paths[0][0], **shared}
    mixed = bool(kinds) and not shared and kinds != {"Prefix"}
    return {"paths": [{"path": path, "pathType": kind} if mixed else path for path, kind in paths], **shared}


def _host_path_words(requests: RoutedRequests) -> dict[str, Any]:
    """Each path with the hosts that answer it."""
    paths: list[Any] = []
    for path, kind in requests.paths:
        own = [host for host, answered in requests.at if (path, kind) in answered]
        only = {} if len(own) == len(requests.at) else {"hosts": own}
        paths.append({"path": path, "pathType": kind, **only} if only or kind != "Prefix" else path)
    return {"paths": paths}


def call_words(requests: RoutedRequests, ports: Mapping[str, Any], *, alone: bool) -> dict[str, Any]:
    """`expose.grpc` of a GRPCRoute; `ports` are those of `expose.service`, of which routes name the first."""
    hosts = requests.hosts
    words: dict[str, Any] = {"host": hosts[0]} if len(hosts) == 1 else {"hosts": list(hosts)} if hosts else {}
    if requests.paths:
        words["methods"] = ["/".join(filter(None, each)) for each in requests.paths]
    numbers = {name: port["port"] if isinstance(port, dict) else port for name, port in ports.items()}
    named = next((name for name, number in numbers.items() if number == requests.port), None)
    if named is not None and not (alone and named == next(iter(numbers))):
        words["port"] = named
    return {"grpc": words}
