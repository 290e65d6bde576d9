"""The providers by the names that they have in specs, and what each of an environment writes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, cast

from compiler.model.course import Subject
from compiler.model.frame import frame_of
from compiler.model.topology import Topology
from compiler.spec.base import Model
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.expose import tls_secret_name
from compiler.spec.ports import declared_ports, main_port
from compiler.spec.presets import timing_of
from compiler.traffic import PACKAGES
from compiler.traffic.base import Exposure, Provider
from compiler.traffic.service import provider as service


def providers() -> Mapping[str, Provider]:
    """The module `provider` of each package of `PACKAGES`, by the provider's name."""
    return _providers(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _providers(packages: tuple[str, ...]) -> Mapping[str, Provider]:
    modules = (cast(Provider, import_module(f"{package}.provider")) for package in packages)
    return {module.NAME: module for module in modules}


def provider_models() -> Mapping[str, type[Model]]:
    """The model of each provider's part of the spec, by the provider's name."""
    return {name: provider.SPEC for name, provider in providers().items()}


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
