"""The ports of its node that a pod needs for itself, and which of them shut each other out.

Source: Kubernetes, pkg/scheduler/util/utils.go `GetHostPorts` (containers and sidecars); kube-scheduler,
framework/types.go `HostPortInfo.CheckConflict`; pkg/apis/core/v1/defaults.go `defaultHostNetworkPorts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from compiler.model.objects import mapping_items

EVERY_ADDRESS: Final = "0.0.0.0"  # noqa: S104 - what a port is compared with, nothing is bound


class HostPort(NamedTuple):
    """A port of a node: its number, its protocol, and the address of the node."""

    number: int
    protocol: str = "TCP"
    address: str = EVERY_ADDRESS

    def clashes(self, other: HostPort) -> bool:
        """Whether one pod alone may have both."""
        one_address = self.address == other.address or EVERY_ADDRESS in (self.address, other.address)
        return self[:2] == other[:2] and one_address


def written_host_ports(containers: Iterable[Mapping[str, Any]]) -> frozenset[HostPort]:
    """The ports that containers say by `hostPort`."""
    return frozenset(_ports_of_fields(containers, ("hostPort",)))


def shared_network_ports(containers: Iterable[Mapping[str, Any]]) -> frozenset[HostPort]:
    """The ports of containers on the node's network, where each of them is the node's."""
    return frozenset(_ports_of_fields(containers, ("hostPort", "containerPort")))


def _ports_of_fields(containers: Iterable[Mapping[str, Any]], fields: tuple[str, ...]) -> Iterator[HostPort]:
    for port in (port for container in containers for port in mapping_items(container.get("ports"))):
        number = next((port[field] for field in fields if port.get(field)), 0)
        if isinstance(number, int) and number > 0:
            yield HostPort(number, str(port.get("protocol") or "TCP"), str(port.get("hostIP") or EVERY_ADDRESS))


def clashing_port(wanted: Iterable[HostPort], held: Iterable[HostPort]) -> HostPort | None:
    """The first of the wanted ports that a held one shuts out."""
    every = list(held)
    return next((port for port in sorted(wanted) if any(port.clashes(other) for other in every)), None)
