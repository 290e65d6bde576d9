"""The ports of a release's container: their names, and which of them requests come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from compiler.model.provenance import derived
from compiler.spec.container import NO_PORT, Container, ContainerPort
from compiler.spec.presets import preset_of

MAIN_PORT: Final = "http"
"""the name of the port that a spec gives no name"""


@dataclass(frozen=True, slots=True)
class NamedPort:
    """A port that the container declares."""

    name: str
    number: int
    protocol: str = "TCP"


def declared_ports(container: Container) -> tuple[NamedPort, ...]:
    """Every port, in the order of the spec; `port` comes first where `ports` has none of its number.

    None for a container that has no port.
    """
    if container.port == NO_PORT:
        return ()
    named = tuple(named_port(name, port) for name, port in container.ports.items())
    if container.port is None and named:
        return named
    number = first_port(container)
    if any(port.number == number and port.protocol == "TCP" for port in named):
        return named
    return (NamedPort(MAIN_PORT, number), *named)


def named_port(name: str, port: int | ContainerPort) -> NamedPort:
    if isinstance(port, ContainerPort):
        return NamedPort(derived(name, port), port.port, port.protocol)
    return NamedPort(derived(name, port), port)


def main_port(container: Container) -> NamedPort | None:
    """The port that probes ask and Services lead to."""
    return main_of(container, declared_ports(container))


def main_of(container: Container, ports: Sequence[NamedPort]) -> NamedPort | None:
    """Of the ports that the container declares the one that `port` numbers, or the first of `ports`."""
    known = [port for port in ports if port.protocol == "TCP"] or list(ports)
    return next((port for port in known if port.number == container.port), known[0] if known else None)


def first_port(container: Container) -> int:
    """The number that `port` says, or the preset's."""
    return container.port if isinstance(container.port, int) else preset_of(container).port
