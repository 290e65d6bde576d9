"""available, for clients that reach pods by a port of their node: it is closed while a pod there is replaced.

Source: Kubernetes, pkg/scheduler/framework/plugins/nodeports (two pods never share a node's port, so a successor on the
same node starts only once its predecessor has gone).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key, mapping_items, nested_value
from compiler.transition.facts.pods import Template
from compiler.transition.properties.drained import sync_ends_pods
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads with ports of their nodes whose pods this commit ends."""
    change = judged.change
    for key, workload in change.live.workloads.items():
        ports = host_ports(workload.template) if change.moving(key) else ()
        if ports and sync_ends_pods(change, key):
            yield _closed_port(key, ports)


def host_ports(template: Template) -> tuple[int, ...]:
    """The ports of the node on which its pods listen."""
    containers = mapping_items(nested_value(template.raw, "spec", "containers"))
    ports = [port.get("hostPort") for container in containers for port in mapping_items(container.get("ports"))]
    return tuple(sorted({port for port in ports if isinstance(port, int)}))


def _closed_port(key: Key, ports: tuple[int, ...]) -> PropertyBreach:
    numbers = ", ".join(map(str, ports))
    return PropertyBreach(
        "host-port-closed",
        PROPERTY,
        f"clients that reach {key} by port {numbers} of a node are refused while its pod there is replaced",
        (key,),
        "send clients through a Service, or take each node out of the load balancer before its pod is replaced",
        "warning",
    )
