"""What each provider of an environment writes from, for one release."""

from __future__ import annotations

from typing import Any

from compiler.model.course import Subject
from compiler.model.frame import frame_of
from compiler.model.topology import Topology
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.expose import tls_secret_name
from compiler.spec.ports import declared_ports, main_port
from compiler.spec.presets import timing_of
from compiler.traffic.base import Exposure
from compiler.traffic.service import provider as service


def exposures_of(environment: EnvironmentDocument, subject: Subject[Any], topology: Topology) -> dict[str, Exposure]:
    """By the provider's name: the environment's, two while moving from one to the other; Services alone for what is
    internal, and nothing for what has no port.
    """
    spec = subject.release.spec
    frame = frame_of(environment.model.spec.namespace, subject, topology)
    secret = tls_secret_name(subject.name, spec.expose.tls)
    longest = timing_of(spec).longest_request
    ports, main = declared_ports(spec.container), main_port(spec.container)
    if main is None:
        return {}
    known = (secret, longest, ports, main)
    if spec.internal:
        return {service.NAME: Exposure(frame, topology, spec.expose, service.SPEC(), *known)}
    names = frozenset(provider.name for provider in environment.traffic)
    return {
        each.name: Exposure(frame, topology, spec.expose, each.model, *known, names - {each.name})
        for each in environment.traffic
    }
