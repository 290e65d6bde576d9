"""Routes and the Services behind them: HTTPRoute and Ingress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compiler.diagnostics.model import Path
from compiler.model.manifest import Object
from compiler.validate.finding import ObjectFinding, object_finding, spelling_suggestion
from compiler.validate.references.inventory import ObjectInventory, object_namespace

_NGINX = "nginx.ingress.kubernetes.io/canary"


@dataclass(frozen=True, slots=True)
class RouteBackend:
    """Where a route sends requests: a Service by namespace and name, its port, and whether it gets any."""

    namespace: str
    name: str
    port: int | str | None
    gets_requests: bool
    path: Path


def route_backends(obj: Object) -> Iterator[RouteBackend]:
    """Every Service that an HTTPRoute or an Ingress names; none for other kinds."""
    if obj["kind"] == "HTTPRoute":
        yield from _http_route_backends(obj)
    elif obj["kind"] == "Ingress":
        yield from _ingress_backends(obj)


def check_route(obj: Object, world: ObjectInventory) -> Iterator[ObjectFinding]:
    """The findings about a route's backends, and about the Secrets of an Ingress's TLS."""
    for backend in route_backends(obj):
        service = world.objects.get(("Service", backend.namespace, backend.name))
        if service is not None:
            yield from _backend_port_findings(backend, service)
        elif ("Service", backend.name) not in world.outside:
            names = [name for kind, _, name in world.objects if kind == "Service"]
            message = f"there is no Service `{backend.name}`"
            yield object_finding(
                "backend-missing", (*backend.path, "name"), message, spelling_suggestion(backend.name, names)
            )
    if obj["kind"] == "Ingress":
        yield from _tls_secret_findings(obj, world)


def _http_route_backends(obj: Object) -> Iterator[RouteBackend]:
    own = object_namespace(obj)
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


def _http_backend(backend: dict[str, Any], own: str, gets_requests: bool, path: Path) -> RouteBackend:
    return RouteBackend(backend.get("namespace", own), backend["name"], backend.get("port"), gets_requests, path)


def _is_service(backend: dict[str, Any]) -> bool:
    return (backend.get("group", ""), backend.get("kind", "Service")) == ("", "Service")


def _ingress_backends(obj: Object) -> Iterator[RouteBackend]:
    spec, own = obj.get("spec", {}), object_namespace(obj)
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
            yield RouteBackend(own, service["name"], port.get("number", port.get("name")), serves, (*path, "service"))


def _gets_requests(annotations: dict[str, str]) -> bool:
    """Whether an Ingress of ingress-nginx gets any: a canary of weight 0 without header or cookie does not."""
    if annotations.get(_NGINX) != "true":
        return True
    by_request = f"{_NGINX}-by-header" in annotations or f"{_NGINX}-by-cookie" in annotations
    return by_request or annotations.get(f"{_NGINX}-weight", "0") != "0"


def _backend_port_findings(backend: RouteBackend, service: Object) -> Iterator[ObjectFinding]:
    ports = service["spec"].get("ports", ())
    field = "name" if isinstance(backend.port, str) else "port"
    if backend.port is None or any(port.get(field) == backend.port for port in ports):
        return
    known = ", ".join(str(port[field]) for port in ports if field in port) or "none"
    message = f"Service `{backend.name}` has no port {backend.port}: it has {known}"
    yield object_finding("port-unresolved", (*backend.path, "port"), message)


def _tls_secret_findings(obj: Object, world: ObjectInventory) -> Iterator[ObjectFinding]:
    for index, item in enumerate(obj.get("spec", {}).get("tls", ())):
        name = item.get("secretName")
        if name is not None and not world.has("Secret", object_namespace(obj), name):
            path = ("spec", "tls", index, "secretName")
            yield object_finding("reference-missing", path, f"there is no Secret `{name}`")
