"""available, for clients that reach pods by a port of their node: it is closed while a pod there is replaced.

Source: Kubernetes, pkg/scheduler/framework/plugins/nodeports (two pods never share a node's port, so a successor on the
same node starts only once its predecessor has gone).
"""

from __future__ import annotations

from collections.abc import Iterator

from compiler.model.objects import Key
from compiler.transition.facts.host_ports import HostPort
from compiler.transition.properties.drained import sync_ends_pods
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.search.judged_change import JudgedChange

PROPERTY = "available"


def breaches(judged: JudgedChange) -> Iterator[PropertyBreach]:
    """The workloads with ports of their nodes whose pods this commit ends."""
    change = judged.change
    for key, workload in change.live.workloads.items():
        ports = workload.template.host_ports if change.moving(key) else frozenset[HostPort]()
        if ports and sync_ends_pods(change, key):
            yield _closed_port(key, ports)


def _closed_port(key: Key, ports: frozenset[HostPort]) -> PropertyBreach:
    numbers = ", ".join(map(str, sorted({port.number for port in ports})))
    return PropertyBreach(
        "host-port-closed",
        PROPERTY,
        f"clients that reach {key} by port {numbers} of a node are refused while its pod there is replaced",
        (key,),
        "send clients through a Service, or take each node out of the load balancer before its pod is replaced",
        "warning",
    )
