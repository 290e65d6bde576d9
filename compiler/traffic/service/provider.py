"""service: no router. Services alone divide requests: by a selector, or by the ratio of pods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from compiler.diagnostics.model import Path, Problem
from compiler.model.manifest import Manifest, Object
from compiler.model.objects import RouteBackend
from compiler.model.topology import ShareMechanism, Split
from compiler.spec.base import Model
from compiler.traffic.base import (
    EXPOSE,
    Capability,
    Exposure,
    distinct_manifests,
    entry_services,
    pool_service,
    switch_service,
    track_services,
    unannounced_deprecations,
)

NAME: Final = "service"


class PlainService(Model):
    """It has no settings."""


SPEC = PlainService
KINDS: Final = frozenset[tuple[str, str]]()
METRICS: Final = None
UNMEASURED_BY: Final[Mapping[str, str]] = {}
CAPABILITIES: Final = frozenset[Capability]()
REWRITES_BY_PATTERN: Final = False


def check(exposure: Exposure) -> Sequence[Problem]:
    problems = unannounced_deprecations(
        exposure, ("a Service does not add headers to answers, so it cannot announce a date")
    )
    for split in exposure.topology.splits:
        if split.by is ShareMechanism.WEIGHT and not serves_whole(exposure, split):
            problems.append(
                Problem(
                    "provider-lacks",
                    "a Service cannot divide requests by weight or header: it has no router",
                    (*split.path[:-1], "by"),
                    f"use `by: pods`, or a traffic provider with a router ({', '.join(exposure.capable['weight'])})",
                    on_key=True,
                )
            )
    nodes = exposure.expose.service.node_ports
    pools = [split for split in exposure.topology.splits if split.by is ShareMechanism.PODS]
    if nodes and len(pools) > 1:
        problems.append(
            Problem(
                "node-port-twice",
                "each version has its own Service, and a nodePort can be used only once",
                (*EXPOSE, "service", "nodePort"),
                "remove `nodePort`: Kubernetes chooses one for each Service",
                on_key=True,
            )
        )
    return problems


def serves_whole(exposure: Exposure, split: Split) -> bool:
    """Whether one track of a release that only pods call answers all of the split: there is nothing to divide yet, and
    a release that is to leave gives its routes up this way.
    """
    return exposure.expose.internal and len(exposure.topology.workloads) == 1 and not split.pinned


def render(exposure: Exposure) -> Sequence[Manifest]:
    services = [service for split in exposure.topology.splits for service in services_of(exposure, split)]
    return distinct_manifests([*services, *entry_services(exposure)])


def services_of(exposure: Exposure, split: Split) -> list[Manifest]:
    match split.by:
        case ShareMechanism.PODS:
            return [pool_service(exposure, split)]
        case ShareMechanism.TRACK:
            return track_services(exposure, split)
        case _:
            return [switch_service(exposure, split)]


def backends_of(obj: Object) -> Iterable[RouteBackend]:
    raise LookupError(f"{NAME} writes no route: {obj['kind']}")


def secrets_of(obj: Object) -> Iterable[tuple[str, Path]]:
    raise LookupError(f"{NAME} writes no route: {obj['kind']}")
