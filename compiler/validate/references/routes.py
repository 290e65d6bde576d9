"""Routes and the Services behind them: HTTPRoute and Ingress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.model import Path
from compiler.manifest import Object
from compiler.validate.finding import Finding, found, nearest
from compiler.validate.references.world import World, namespace_of

_NGINX = "nginx.ingress.kubernetes.io/canary"


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a route sends requests: a Service by namespace and name, its port, and whether it gets any."""

    namespace: str
    name: str
    port: int | str | None
    gets_requests: bool
    path: Path


def backends(obj: Object) -> Iterator[Backend]:
    """Every Service that an HTTPRoute or an Ingress names; none for other kinds."""
    if obj["kind"] == "HTTPRoute":
        yield from _of_http_route(obj)
    elif obj["kind"] == "Ingress":
        yield from _of_ingress(obj)


def check_route(obj: Object, world: World) -> Iterator[Finding]:
    """The findings about a route's backends, and about the Secrets of an Ingress's TLS."""
    for backend in backends(obj):
        service = world.objects.get(("Service", backend.namespace, backend.name))
        if service is not None:
            yield from _port(backend, service)
        elif ("Service", backend.name) not in world.outside:
            names = [name for kind, _, name in world.objects if kind == "Service"]
            message = f"there is no Service `{backend.name}`"
            yield found("backend-missing", (*backend.path, "name"), message, nearest(backend.name, names))
    if obj["kind"] == "Ingress":
        yield from _tls(obj, world)


def _of_http_route(obj: Object) -> Iterator[Backend]:
    own = namespace_of(obj)
    for number, rule in enumerate(obj["spec"].get("rules", ())):
        path: Path = ("spec", "rules", number)
        for index, backend in enumerate(rule.get("backendRefs", ())):
            if _is_service(backend):
                place = (*path, "backendRefs", index)
                yield _http_backend(backend, own, backend.get("weight", 1) > 0, place)
        for index, item in enumerate(rule.get("filters", ())):
            mirrored = item.get("requestMirror", {}).get("backendRef")
            if mirrored and _is_service(mirrored):
                yield _http_backend(mirrored, own, False, (*path, "filters", index, "requestMirror", "backendRef"))


def _http_backend(backend: dict[str, Any], own: str, gets_requests: bool, path: Path) -> Backend:
    return Backend(backend.get("namespace", own), backend["name"], backend.get("port"), gets_requests, path)


def _is_service(backend: dict[str, Any]) -> bool:
    return (backend.get("group", ""), backend.get("kind", "Service")) == ("", "Service")


def _of_ingress(obj: Object) -> Iterator[Backend]:
    spec, own = obj.get("spec", {}), namespace_of(obj)
    serves = _gets_requests(obj["metadata"].get("annotations", {}))
    places: list[tuple[dict[str, Any], Path]] = []
    if "defaultBackend" in spec:
        places.append((spec["defaultBackend"], ("spec", "defaultBackend")))
    for number, rule in enumerate(spec.get("rules", ())):
        for index, item in enumerate(rule.get("http", {}).get("paths", ())):
            places.append((item["backend"], ("spec", "rules", number, "http", "paths", index, "backend")))
    for backend, path in places:
        service = backend.get("service")
        if service is not None:
            port = service.get("port", {})
            yield Backend(own, service["name"], port.get("number", port.get("name")), serves, (*path, "service"))


def _gets_requests(annotations: dict[str, str]) -> bool:
    """Whether an Ingress of ingress-nginx gets any: a canary of weight 0 without header or cookie does not."""
    if annotations.get(_NGINX) != "true":
        return True
    by_request = f"{_NGINX}-by-header" in annotations or f"{_NGINX}-by-cookie" in annotations
    return by_request or annotations.get(f"{_NGINX}-weight", "0") != "0"


def _port(backend: Backend, service: Object) -> Iterator[Finding]:
    ports = service["spec"].get("ports", ())
    field = "name" if isinstance(backend.port, str) else "port"
    if backend.port is None or any(port.get(field) == backend.port for port in ports):
        return
    known = ", ".join(str(port[field]) for port in ports if field in port) or "none"
    message = f"Service `{backend.name}` has no port {backend.port}: it has {known}"
    yield found("port-unresolved", (*backend.path, "port"), message)


def _tls(obj: Object, world: World) -> Iterator[Finding]:
    for index, item in enumerate(obj.get("spec", {}).get("tls", ())):
        name = item.get("secretName")
        if name is not None and not world.has("Secret", namespace_of(obj), name):
            path = ("spec", "tls", index, "secretName")
            yield found("reference-missing", path, f"there is no Secret `{name}`")
