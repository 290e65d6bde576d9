"""Routes, the Services behind them, and the Secrets of their certificates: what each provider's objects name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding, spelling_suggestion
from compiler.model.objects import RouteBackend, object_key
from compiler.traffic.providers import providers_by_kind
from compiler.validate.references.inventory import ObjectInventory


def route_backends(obj: Object) -> Iterable[RouteBackend]:
    """Every Service that a route names; none for objects that no provider writes."""
    provider = providers_by_kind().get(object_key(obj)[:2])
    return () if provider is None else provider.backends_of(obj)


def check_route(obj: Object, backends: Iterable[RouteBackend], world: ObjectInventory) -> Iterator[ObjectFinding]:
    """The findings about a route's backends and its Secrets."""
    for backend in backends:
        service = world.objects.get(("Service", backend.namespace, backend.name))
        if service is not None:
            yield from _backend_port_findings(backend, service)
        elif ("Service", backend.name) not in world.outside:
            names = [name for kind, _, name in world.objects if kind == "Service"]
            message = f"Service `{backend.name}` does not exist"
            yield object_finding(
                "backend-missing", (*backend.path, "name"), message, spelling_suggestion(backend.name, names)
            )
    group, kind, namespace, _ = object_key(obj)
    provider = providers_by_kind().get((group, kind))
    for name, path in () if provider is None else provider.secrets_of(obj):
        if not world.has("Secret", namespace, name):
            yield object_finding("reference-missing", path, f"Secret `{name}` does not exist")


def _backend_port_findings(backend: RouteBackend, service: Object) -> Iterator[ObjectFinding]:
    ports = service["spec"].get("ports", ())
    field = "name" if isinstance(backend.port, str) else "port"
    if backend.port is None or any(port.get(field) == backend.port for port in ports):
        return
    known = ", ".join(str(port[field]) for port in ports if field in port) or "none"
    message = f"Service `{backend.name}` has no port {backend.port}; its ports: {known}"
    yield object_finding("port-unresolved", (*backend.path, "port"), message)
