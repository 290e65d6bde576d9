"""Ports that contradict each other, Services that take a taken name, and releases that answer no requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.compiled import CompiledRelease
from compiler.spec.container import NO_PORT, Container, Probe
from compiler.spec.documents import ChosenOption
from compiler.spec.expose import Expose, NamedServicePort, ServicePorts
from compiler.spec.ports import NamedPort, declared_ports
from compiler.spec.release import ReleaseSpec
from compiler.strategies import STRATEGIES
from compiler.support.suggest import did_you_mean
from compiler.traffic.base import EXPOSE

CONTAINER: Final[Path] = ("spec", "container")
PROBES: Final[Path] = (*CONTAINER, "probes")


def check_ports(spec: ReleaseSpec) -> Iterator[Problem]:
    """What is wrong with the ports of a container, of its Services and of its probes."""
    ports = declared_ports(spec.container)
    yield from double_ports(ports)
    names = [port.name for port in ports]
    if not names:
        return
    yield from service_target_problems(spec.expose.service.ports, (*EXPOSE, "service"), names)
    for name, service in spec.expose.services.items():
        yield from service_target_problems(service.ports, (*EXPOSE, "services", name), names)
    yield from probe_port_problems(spec.container, names)


def check_service_names(release: CompiledRelease) -> Iterator[Problem]:
    """A further Service under the name of one that the release has anyway."""
    name, splits = release.name, release.topology.splits
    tracks = {share.track for split in splits for share in split.shares}
    suffixes = {*tracks, *(split.name for split in splits), *(f"{track}-smoke" for track in tracks)}
    identity = release.subject.release.spec.identity
    own = {name, *(f"{name}-{suffix}" for suffix in suffixes), *([identity.service] if identity else [])}
    for further in release.subject.release.spec.expose.services:
        if further in own:
            message = f"the release already has a Service named {further}"
            yield Problem(
                "service-name-taken",
                message,
                (*EXPOSE, "services", further),
                "give this Service another name",
                on_key=True,
            )


def double_ports(ports: Sequence[NamedPort]) -> Iterator[Problem]:
    """A name or a number that two ports of the container have: the second is never found."""
    taken: set[object] = set()
    for port in ports:
        if {port.name, (port.number, port.protocol)} & taken:
            message = f"two ports of the container have the name {port.name} or the number {port.number}"
            place = (*CONTAINER, "ports", port.name)
            yield Problem("port-twice", message, place, "give each port its own name and number", on_key=True)
        taken |= {port.name, (port.number, port.protocol)}


def service_target_problems(ports: ServicePorts, place: Path, names: list[str]) -> Iterator[Problem]:
    """A port of a Service that leads to none of the container: the first one leads to the main port by itself."""
    for index, (name, port) in enumerate(ports.items()):
        target = port.target_port if isinstance(port, NamedServicePort) else None
        wanted = name if target is None and index else target
        if not isinstance(wanted, str) or wanted in names:
            continue
        guess = did_you_mean(wanted, names)
        fix = f"did you mean `{guess}`?" if guess else f"add `targetPort`; the container's ports are {', '.join(names)}"
        message = f"the container has no port named {wanted}"
        where = (*place, "ports", name) if target is None else (*place, "ports", name, "targetPort")
        yield Problem("service-port-target", message, where, fix, on_key=target is None)


def probe_port_problems(container: Container, names: list[str]) -> Iterator[Problem]:
    """A probe that asks a port by a name that no port has."""
    for name in ("startup", "readiness", "liveness"):
        probe = getattr(container.probes, name)
        if isinstance(probe, Probe) and isinstance(probe.port, str) and probe.port not in names:
            message = f"the container has no port named {probe.port}"
            fix = f"the container's ports are {', '.join(names)}"
            yield Problem("service-port-target", message, (*PROBES, name, "port"), fix)


def check_worker(spec: ReleaseSpec, strategy: ChosenOption) -> Iterator[Problem]:
    """What answers no requests has nothing that requests come by, and no tracks among which they are divided."""
    if spec.container.probes.readiness == "off":
        message = (
            "without a readiness probe, requests reach pods that are still starting; give the reason why that does "
            "no harm"
        )
        fix = "write `readiness: {off: REASON}`; for a worker that answers no requests, `container: {port: none}`"
        yield Problem("readiness-off", message, (*PROBES, "readiness"), fix)
    if spec.container.port != NO_PORT:
        return
    if not STRATEGIES[strategy.name].ONE_TRACK:
        message = f"`{strategy.name}` divides requests among tracks, but this container has no port for requests"
        yield Problem(
            "worker-strategy", message, strategy.path, "use `rolling`, or give the container a port", on_key=True
        )
    for place in worker_doors(spec):
        message = f"`{place[-1]}` is set, but this container has no port for requests"
        yield Problem("worker-exposed", message, place, f"remove `{place[-1]}`, or `port: {NO_PORT}`", on_key=True)


def worker_doors(spec: ReleaseSpec) -> Iterator[Path]:
    """Where the spec says how a container without a port is reached or asked."""
    yield from ((*EXPOSE, name) for name in exposed_keys(spec.expose))
    if spec.container.ports:
        yield (*CONTAINER, "ports")
    if spec.smoke_test is not None:
        yield ("spec", "smokeTest")
    for name in ("startup", "readiness", "liveness"):
        probe = getattr(spec.container.probes, name)
        if isinstance(probe, Probe) and not (probe.command or probe.off):
            yield (*PROBES, name)


def exposed_keys(expose: Expose) -> list[str]:
    fields = type(expose).model_fields
    return [str(fields[name].alias or name) for name in sorted(expose.model_fields_set - {"internal"})]
