"""What nobody has proven: a port whose name says another scheme than before, to a proxy that reads it from there.

Source: Traefik, pkg/provider/kubernetes/ingress/kubernetes.go `getProtocol` and crd/kubernetes_http.go
`parseServiceProtocol` (HTTPS for port 443 and for names that begin with `https`, unless `scheme` says something).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.manifest import Object
from compiler.model.objects import Key, annotations_of, class_name_of, mapping_items, nested_value
from compiler.model.request import BackendRef
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.router import ResolvedBackend
from compiler.transition.search.served_class import ServedClass
from compiler.transition.sync.change import END

PROPERTY = "available"
SCHEME_ANNOTATION = "traefik.ingress.kubernetes.io/service.serversscheme"


def breaches(served: ServedClass) -> Iterator[PropertyBreach]:
    """The backends of a class whose pods listen where they did, and are spoken to in another way."""
    item, change = served.guarantee, served.change
    answer = item.after.answer
    route = change.target.objects.get(answer.route) if answer is not None else None
    if answer is None or route is None or not item.protected or not _may_read_names(answer.route, route):
        return
    for old in item.before.positive:
        for new in item.after.positive:
            if old.ref.service == new.ref.service and _target_of(old) == _target_of(new) is not None:
                sides = (change.baseline, old.ref), (change.target, new.ref)
                was, becomes = (_scheme(side.objects.get(ref.service, {}), ref) for side, ref in sides)
                if was != becomes:
                    yield _unspoken_scheme(served, answer.route, new.ref, f"{was} becomes {becomes}")


def _unspoken_scheme(served: ServedClass, route: Key, ref: BackendRef, what: str) -> PropertyBreach:
    return PropertyBreach(
        "field-unproven",
        PROPERTY,
        f"{route} leads to port {ref.port} of {ref.service}, which the same pods answer: Traefik reads the scheme from "
        f"its name and number, and {what}. Not judged: whether the pods speak it",
        (route, ref.service),
        f"keep the name, or say the scheme ({SCHEME_ANNOTATION})",
        "warning",
        END,
        served.guarantee.request,
    )


def _may_read_names(key: Key, route: Object) -> bool:
    """Whether Traefik may serve the route, and the route leaves the scheme to the name of the port."""
    if key.kind == "IngressRoute":
        rules = mapping_items(nested_value(route, "spec", "routes"))
        return not any(each.get("scheme") for rule in rules for each in mapping_items(rule.get("services")))
    return key.kind == "Ingress" and "nginx" not in class_name_of(route)


def _target_of(backend: ResolvedBackend) -> int | str | None:
    return backend.facts.ports.get(backend.ref.port) if backend.facts is not None else None


def _scheme(service: Object, ref: BackendRef) -> str:
    written = annotations_of(service).get(SCHEME_ANNOTATION)
    if written:
        return str(written).upper()
    for port in mapping_items(nested_value(service, "spec", "ports")):
        if ref.port in (port.get("port"), port.get("name")):
            return "HTTPS" if port.get("port") == 443 or str(port.get("name")).startswith("https") else "HTTP"
    return "HTTP"
