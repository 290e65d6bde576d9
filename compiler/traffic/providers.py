"""What a provider is, the providers by the names that specs use, and what each of an environment writes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol, cast, get_args

from compiler.diagnostics.model import Path, Problem
from compiler.model.course import Subject
from compiler.model.frame import frame_of
from compiler.model.manifest import Manifest, Object
from compiler.model.objects import RouteBackend
from compiler.model.topology import Topology
from compiler.spec.base import Model
from compiler.spec.documents import EnvironmentDocument
from compiler.spec.expose import tls_secret_name
from compiler.spec.ports import declared_ports, main_of
from compiler.spec.presets import timing_of
from compiler.traffic import PACKAGES
from compiler.traffic.base import Capability, Exposure
from compiler.traffic.service import provider as service


class Provider(Protocol):
    """A provider's module `provider`: these are its names."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def SPEC(self) -> type[Model]: ...  # noqa: N802 - a module's constant

    @property
    def KINDS(self) -> frozenset[tuple[str, str]]:  # noqa: N802 - a module's constant
        """API group and kind of each object that it writes, beside Services."""
        ...

    @property
    def METRICS(self) -> str | None:  # noqa: N802 - a module's constant
        """Whose metrics the presets of analyses read where the environment does not say it."""
        ...

    @property
    def UNMEASURED_BY(self) -> Mapping[str, str]:  # noqa: N802 - a module's constant
        """The sources of metrics that cannot tell the tracks of its routes apart, and why."""
        ...

    @property
    def CAPABILITIES(self) -> frozenset[Capability]:  # noqa: N802 - a module's constant
        """What it writes of that which not every provider can."""
        ...

    @property
    def REWRITES_BY_PATTERN(self) -> bool:  # noqa: N802 - a module's constant
        """Whether a rewrite makes every path of its host a regular expression, whoever wrote it."""
        ...

    def check(self, exposure: Exposure) -> Sequence[Problem]:
        """What this provider cannot express of the topology."""
        ...

    def render(self, exposure: Exposure) -> Sequence[Manifest]:
        """The Services and routes that make the topology's splits."""
        ...

    def backends_of(self, obj: Object, /) -> Iterable[RouteBackend]:
        """Every Service that an object of `KINDS` names."""
        ...

    def secrets_of(self, obj: Object, /) -> Iterable[tuple[str, Path]]:
        """The Secrets of its own namespace that an object of `KINDS` names, and where."""
        ...


def providers() -> Mapping[str, Provider]:
    """The module `provider` of each package of `PACKAGES`, by the provider's name."""
    return _providers(tuple(PACKAGES))


def capable_providers() -> Mapping[Capability, tuple[str, ...]]:
    """The names of the providers that can do what not every one can, in order."""
    return _capable(tuple(PACKAGES))


def any_routes(names: Iterable[str]) -> bool:
    """Whether one of these providers writes routes; without any, Services alone divide requests."""
    return any(providers()[name].KINDS for name in names)


def providers_by_kind() -> Mapping[tuple[str, str], Provider]:
    """The provider that writes objects of a kind, by API group and kind."""
    return _writers_by_kind(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _writers_by_kind(packages: tuple[str, ...]) -> Mapping[tuple[str, str], Provider]:
    return {kind: provider for provider in _providers(packages).values() for kind in provider.KINDS}


@lru_cache(maxsize=16)
def _capable(packages: tuple[str, ...]) -> Mapping[Capability, tuple[str, ...]]:
    every = sorted(_providers(packages).items())
    names = get_args(Capability)
    return {each: tuple(name for name, able in every if each in able.CAPABILITIES) for each in names}


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
    ports = declared_ports(spec.container)
    main = main_of(spec.container, ports)
    if main is None:
        return {}
    known = (secret, longest, ports, main, capable_providers())
    if spec.internal:
        return {service.NAME: Exposure(frame, topology, spec.expose, service.SPEC(), *known)}
    names = frozenset(provider.name for provider in environment.traffic)
    return {
        each.name: Exposure(frame, topology, spec.expose, each.model, *known, names - {each.name})
        for each in environment.traffic
    }
