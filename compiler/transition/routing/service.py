"""Services: which ready pods stand behind a port.

Source: Kubernetes, pkg/controller/endpointslice (`podutil.FindPort` resolves a named port in each pod for itself),
pkg/apis/core/v1/defaults.go (`targetPort` is `port` by default).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from compiler.model.manifest import Object
from compiler.model.objects import (
    INTEGER,
    Key,
    integer_or_default,
    mapping_items,
    mapping_or_empty,
    nested_value,
    string_entries,
)
from compiler.transition.facts.pods import PodPort, Template

UNNAMED_PORT = 0
"""By what a route leads that names no port: to an InferencePool, which says the port of its pods, or to the one port
of a Service (Istio, pilot/pkg/networking/core/route/route.go `GetDestinationCluster`)."""
POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"
PodReach = Literal["serves", "refuses", "absent"]


@dataclass(frozen=True, slots=True, eq=False)
class ServiceFacts:
    """The facts of one Service: `ports` by number and by name lead to target ports (a number, or a pod's name).

    `pod` is the one pod of a StatefulSet that it selects by the label which the controller writes.
    """

    key: Key
    selector: Mapping[str, str]
    external: bool
    unready: bool
    ports: Mapping[int | str, int | str]
    node_ports: frozenset[tuple[str, int]]
    pod: str = ""
    protocols: Mapping[int | str, str] = field(default_factory=dict)
    headless: bool = False

    @property
    def selects_pods(self) -> bool:
        """Whether the Service has a selector, so that somebody keeps its endpoints."""
        return bool(self.selector or self.pod)

    @property
    def effect(self) -> tuple[object, ...]:
        """All that the object says about requests: two forms of equal effect lead them alike."""
        return tuple([getattr(self, name) for name in self.__slots__])

    def takes(self, template: Template) -> bool:
        """Whether the selector takes pods of this template (of the one StatefulSet that it names, if it does)."""
        return self.selects_pods and all(template.labels.get(k) == v for k, v in self.selector.items())


def read(obj: Object, key: Key) -> ServiceFacts:
    """The facts of a Service; a port is found by its number (of two protocols, that of TCP) and by its name."""
    spec = mapping_or_empty(obj.get("spec"))
    ports: dict[int | str, int | str] = {}
    protocols: dict[int | str, str] = {}
    nodes: set[tuple[str, int]] = set()
    for port in mapping_items(spec.get("ports")):
        number = integer_or_default(port.get("port"), 0)
        target = port.get("targetPort", number)
        resolved = (
            target if isinstance(target, str) and not INTEGER.fullmatch(target) else integer_or_default(target, number)
        )
        protocol = str(port.get("protocol") or "TCP")
        if "name" in port:
            ports[str(port["name"])], protocols[str(port["name"])] = resolved, protocol
        if protocols.get(number) != "TCP":
            ports[number], protocols[number] = resolved, protocol
        ports.setdefault(UNNAMED_PORT, resolved)
        protocols.setdefault(UNNAMED_PORT, protocol)
        if port.get("nodePort"):
            nodes.add((str(port.get("protocol", "TCP")), integer_or_default(port["nodePort"], 0)))
    external = spec.get("type") == "ExternalName"
    selector = string_entries(spec.get("selector"))
    pod = selector.pop(POD_NAME, "")
    index = selector.pop(POD_INDEX, "")
    return ServiceFacts(
        key,
        selector,
        external,
        nested_value(spec, "publishNotReadyAddresses") is True,
        ports,
        frozenset(nodes),
        pod or (f"-{index}" if index else ""),
        protocols,
        spec.get("clusterIP") == "None",
    )


def read_inference_pool(obj: Object, key: Key) -> ServiceFacts:
    """The facts of an InferencePool, as those of a Service that routes name without a port.

    Source: Gateway API Inference Extension, api/v1/inferencepool_types.go (a selector as a Service has it) and
    apix/v1alpha2/inferencepool_types.go (plain labels, and one `targetPortNumber`).
    """
    spec = mapping_or_empty(obj.get("spec"))
    selector = mapping_or_empty(spec.get("selector"))
    labels = selector.get("matchLabels")
    numbers = [integer_or_default(each.get("number"), 0) for each in mapping_items(spec.get("targetPorts"))]
    target = next(iter(numbers), integer_or_default(spec.get("targetPortNumber"), 0))
    return ServiceFacts(
        key,
        string_entries(labels if isinstance(labels, dict) else selector),
        external=False,
        unready=False,
        ports={UNNAMED_PORT: target},
        node_ports=frozenset(),
    )


def service_reach(service: ServiceFacts, port: int | str, template: Template) -> PodReach:
    """What a ready pod of this template does for a request to the Service's port.

    A pod listens on the ports that its containers declare; one that declares none is taken to listen where asked.
    """
    if not service.takes(template) or port not in service.ports:
        return "absent"
    target, protocol = service.ports[port], service.protocols.get(port, "TCP")
    if isinstance(target, str):
        return "serves" if (target, protocol) in template.named else "absent"
    return "serves" if template.listens(PodPort(target, protocol)) else "refuses"


def service_port_numbers(service: ServiceFacts) -> list[int]:
    """The port numbers that clients inside the cluster use; a pool has none but that of its pods."""
    return [port for port in service.ports if isinstance(port, int) and (port or len(service.ports) == 1)]
