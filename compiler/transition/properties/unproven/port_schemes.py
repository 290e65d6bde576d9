"""What nobody has proven: a port whose name says another protocol than before, to a proxy that reads it from there.

Source: Traefik, pkg/provider/kubernetes/ingress/kubernetes.go `getProtocol` and crd/kubernetes_http.go
`parseServiceProtocol` (HTTPS for port 443 and for names that begin with `https`, unless `scheme` says something).
Istio, pilot/pkg/networking/core/cluster_builder.go `setUpstreamProtocol`: gateways speak HTTP/2 to what is called so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from compiler.model.manifest import Object
from compiler.model.objects import Key, annotations_of, class_name_of, mapping_items, nested_value
from compiler.model.request import BackendRef
from compiler.transition.facts.port_protocols import HTTP_2_PROTOCOLS, named_protocol
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.router import ResolvedBackend
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END, Change

PROPERTY = "available"
SCHEME_ANNOTATION = "traefik.ingress.kubernetes.io/service.serversscheme"
GATEWAY_API = "gateway.networking.k8s.io"


class NameReader(NamedTuple):
    """A proxy that reads from a port's name how to speak to its pods."""

    proxy: str
    may_serve: Callable[[Change, Key, Object], bool]
    word: Callable[[Object, BackendRef], str]
    help: str


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The backends of a class whose pods listen where they did, and are spoken to in another way."""
    item, change = served.guarantee, served.change
    answer = item.after.answer
    route = change.target.objects.get(answer.route) if answer is not None else None
    if answer is None or route is None or not item.protected:
        return
    kept = [
        (old.ref, new.ref)
        for old in item.before.positive
        for new in item.after.positive
        if old.ref.service == new.ref.service and _target_of(old) == _target_of(new) is not None
    ]
    for reader in NAME_READERS if kept else ():
        if reader.may_serve(change, answer.route, route):
            for old_ref, ref in kept:
                sides = (change.baseline, old_ref), (change.target, ref)
                was, becomes = (reader.word(side.objects.get(named.service, {}), named) for side, named in sides)
                if was != becomes:
                    yield _unspoken_protocol(served, answer.route, ref, reader, f"{was} becomes {becomes}")


def _unspoken_protocol(
    served: ServedClass, route: Key, ref: BackendRef, reader: NameReader, what: str
) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{route} leads to port {ref.port} of {ref.service}, which the same pods answer: {reader.proxy}, and {what}. "
        "Not judged: whether the pods speak it",
        (route, ref.service),
        reader.help,
        "warning",
        END,
        served.guarantee.request,
    )


def _traefik_may_serve(_change: Change, key: Key, route: Object) -> bool:
    """Whether Traefik may serve the route, and the route leaves the scheme to the name of the port."""
    if key.kind == "IngressRoute":
        rules = mapping_items(nested_value(route, "spec", "routes"))
        return not any(each.get("scheme") for rule in rules for each in mapping_items(rule.get("services")))
    return key.kind == "Ingress" and "nginx" not in class_name_of(route)


def _istio_may_serve(change: Change, key: Key, route: Object) -> bool:
    """Whether a gateway of Istio may serve the route: that of another class, where the folder has it, does not."""
    if key.group == GATEWAY_API:
        parents = mapping_items(nested_value(route, "spec", "parentRefs"))
        gateways = (
            change.target.objects.get(
                Key(GATEWAY_API, "Gateway", str(parent.get("namespace") or key.namespace), str(parent.get("name"))), {}
            )
            for parent in parents
        )
        classes = [str(nested_value(gateway, "spec", "gatewayClassName") or "istio") for gateway in gateways]
        return any("istio" in name for name in classes)
    return key.kind == "VirtualService" or (key.kind == "Ingress" and "istio" in class_name_of(route))


def _target_of(backend: ResolvedBackend) -> int | str | None:
    return backend.facts.ports.get(backend.ref.port) if backend.facts is not None else None


def _scheme(service: Object, ref: BackendRef) -> str:
    written = annotations_of(service).get(SCHEME_ANNOTATION)
    if written:
        return str(written).upper()
    port = _port_of(service, ref)
    return "HTTPS" if port.get("port") == 443 or str(port.get("name")).startswith("https") else "HTTP"


def _http_version(service: Object, ref: BackendRef) -> str:
    return "HTTP/2" if named_protocol(_port_of(service, ref)) in HTTP_2_PROTOCOLS else "HTTP/1.1"


def _port_of(service: Object, ref: BackendRef) -> Mapping[str, Any]:
    ports = mapping_items(nested_value(service, "spec", "ports"))
    return next((port for port in ports if ref.port in (port.get("port"), port.get("name"))), {})


NAME_READERS = (
    NameReader(
        "Traefik reads the scheme from its name and number",
        _traefik_may_serve,
        _scheme,
        f"keep the name, or say the scheme ({SCHEME_ANNOTATION})",
    ),
    NameReader(
        "Istio reads the protocol from its name",
        _istio_may_serve,
        _http_version,
        "keep the name, or set appProtocol too",
    ),
)
