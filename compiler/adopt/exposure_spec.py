"""A running Service in the words of `spec.expose`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from compiler.adopt.running import RunningObject
from compiler.model.objects import annotations_of, mapping_items

PORT_FIELDS: Final = ("targetPort", "appProtocol", "nodePort", "protocol")


def reached_port(service: RunningObject | None, container: Mapping[str, Any], *, declared: bool = False) -> int | None:
    """The number of the container's TCP port that the Service's first port leads to; None where it leads to none.

    A number need not be declared (Kubernetes, `ContainerPort`); `declared`: only those that are count.
    """
    named = {each.get("name"): each.get("containerPort") for each in mapping_items(container.get("ports"))}
    for port in mapping_items(service.spec.get("ports")) if service is not None else ():
        target = port.get("targetPort", port.get("port"))
        number = named.get(target) if isinstance(target, str) else target
        if port.get("protocol", "TCP") != "TCP" or not isinstance(number, int):
            continue
        if not declared or number in named.values():
            return number
    return None


def expose_words(service: RunningObject | None) -> dict[str, Any]:
    """`spec.expose`: the Service alone. Routes stand beside the release until it has one of its own."""
    if service is None:
        return {"internal": True}
    words: dict[str, Any] = {}
    if service.spec.get("type", "ClusterIP") in ("NodePort", "LoadBalancer"):
        words["type"] = service.spec["type"]
    words["ports"] = _service_port_words(service)
    annotations = dict(annotations_of(service.object))
    if annotations:
        words["annotations"] = annotations
    return {"internal": True, "service": words} if "type" not in words else {"path": "/", "service": words}


def _service_port_words(service: RunningObject) -> dict[str, Any]:
    """Each port by its name; one that has none is called after its number."""
    words: dict[str, Any] = {}
    for port in mapping_items(service.spec.get("ports")):
        number = port.get("port")
        name = str(port.get("name") or f"port-{number}")
        more = {key: port[key] for key in PORT_FIELDS if key in port and (key, port[key]) != ("targetPort", name)}
        words[name] = {"port": number, **more} if more else number
    return words
