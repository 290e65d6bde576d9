"""A running Service in the words of `spec.expose`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from compiler.adopt.running import RunningObject
from compiler.model.objects import annotations_of, integer_or_default, mapping_items

PORT_FIELDS: Final = ("appProtocol", "nodePort", "protocol")
MAX_PORT_NAME: Final = 15
"""Source: Kubernetes, apimachinery pkg/util/validation, `IsValidPortName`."""


def reached_port(service: RunningObject, container: Mapping[str, Any], *, declared: bool = False) -> int | None:
    """The number of the container's TCP port that the Service's first port leads to; None where it leads to none.

    A number need not be declared (Kubernetes, `ContainerPort`); `declared`: only those that are count.
    """
    named = {str(each.get("name")): each.get("containerPort") for each in mapping_items(container.get("ports"))}
    for port in mapping_items(service.spec.get("ports")):
        target = port.get("targetPort", port.get("port"))
        number = named.get(target) if isinstance(target, str) else target
        if port.get("protocol", "TCP") != "TCP" or not isinstance(number, int):
            continue
        if not declared or number in named.values():
            return number
    return None


def without_dead_ports(service: RunningObject, pod: Mapping[str, Any]) -> RunningObject:
    """The Service without ports that lead to a name which no container has: nobody has ever been answered there.

    Source: Kubernetes, pkg/api/v1/pod/util.go, `FindPort`: such a port has no endpoints, and is no error.
    """
    containers = [*mapping_items(pod.get("containers")), *mapping_items(pod.get("initContainers"))]
    names = {str(port.get("name")) for each in containers for port in mapping_items(each.get("ports"))}
    ports = list(mapping_items(service.spec.get("ports")))
    led = [port for port in ports if not isinstance(port.get("targetPort"), str) or port["targetPort"] in names]
    if not led or len(led) == len(ports):
        return service
    return replace(service, object={**service.object, "spec": {**service.spec, "ports": led}})


def expose_words(
    service: RunningObject | None, main: Mapping[str, Any], pod: Mapping[str, Any], *, past_router: bool
) -> dict[str, Any]:
    """`spec.expose`: the Service alone. `past_router`: whatever is open to clients is so without the router's doing."""
    if service is None:
        return {"internal": True}
    annotations = dict(annotations_of(service.object))
    more = {"annotations": annotations} if annotations else {}
    ports = _service_port_words(service, main, pod)
    opened = service.spec.get("type") in ("NodePort", "LoadBalancer")
    if opened and not past_router:
        return {"path": "/", "service": {"type": service.spec["type"], "ports": ports, **more}}
    # beside a router such a door is no route: an override keeps it, and no route for every host comes with it
    return {"internal": True, "service": {"ports": {name: _inside(port) for name, port in ports.items()}, **more}}


def further_words(service: RunningObject, main: Mapping[str, Any], pod: Mapping[str, Any]) -> dict[str, Any]:
    """One of `expose.services`. A headless one is for peers, and names all pods; others lead to those that serve."""
    kind = service.spec.get("type", "ClusterIP")
    words: dict[str, Any] = {} if kind == "ClusterIP" else {"type": kind}
    if service.spec.get("clusterIP") == "None":
        words |= {"headless": True, "pods": "all"}
    annotations = dict(annotations_of(service.object))
    more = {"annotations": annotations} if annotations else {}
    return {**words, "ports": _service_port_words(service, main, pod), **more}


def _inside(port: Any) -> Any:
    """A port without its number on the nodes."""
    if not isinstance(port, dict):
        return port
    kept = {key: value for key, value in port.items() if key != "nodePort"}
    return kept["port"] if list(kept) == ["port"] else kept


def _service_port_words(service: RunningObject, main: Mapping[str, Any], pod: Mapping[str, Any]) -> dict[str, Any]:
    """Each port by its name; one without a name, or with one that no port of a container may have, by its number."""
    own = {str(each.get("name")) for each in mapping_items(main.get("ports"))}
    words: dict[str, Any] = {}
    for port in mapping_items(service.spec.get("ports")):
        number, name = port.get("port"), str(port.get("name") or "")
        target = port.get("targetPort", number)
        if isinstance(target, str) and target not in own:
            target = _number_beside(pod, target)
        key = name if 0 < len(name) <= MAX_PORT_NAME else f"port-{number}"
        more = {field: port[field] for field in PORT_FIELDS if field in port}
        more |= {} if target == key else {"targetPort": target}
        words[key] = {"port": number, **more} if more else number
    return words


def _number_beside(pod: Mapping[str, Any], name: str) -> int | str:
    """The number of a port that another container of the pods calls so; the name itself where none does."""
    ports = (port for each in mapping_items(pod.get("containers")) for port in mapping_items(each.get("ports")))
    numbers = (integer_or_default(port.get("containerPort"), 0) for port in ports if port.get("name") == name)
    return next(numbers, 0) or name
