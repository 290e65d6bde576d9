"""How running routes become words of `spec.expose`: a provider's module `adoption` holds an `AdoptedRoutes` as ADOPTED.

Without the module, routes of the provider's kinds go beside the specs as they stand.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, cast

from compiler.model.manifest import Object
from compiler.traffic import PACKAGES
from compiler.traffic.reader import GroupKind

Spec = Mapping[str, Any]


class UnsayableRouteError(Exception):
    """A route that `expose` cannot say, and why."""


@dataclass(frozen=True, slots=True)
class RoutedRequests:
    """Which requests a route leads to its one Service: each host with each path. No host: every one.

    The paths of a route of calls are services and methods; none means all.
    """

    hosts: tuple[str, ...]
    paths: tuple[tuple[str, str], ...]
    service: str
    port: int | str
    strip: bool = False
    timeout: int | None = None
    at: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """the paths of each host where they differ; `paths` has them all"""


class AdoptedRoutes(ABC):
    """The running routes of a provider: which of them its releases write, and in what words."""

    PROVIDER: ClassVar[str]
    KIND: ClassVar[GroupKind]
    """API group and kind of the route that a release writes"""
    CALLS: ClassVar[GroupKind | None] = None
    """those of the route that a release writes for calls of gRPC"""
    REWRITES: ClassVar[frozenset[str]] = frozenset()
    """the annotations of a route that `stripPrefix` stands for"""
    KINDS: ClassVar[frozenset[GroupKind]]
    """every kind of route that may run, `KIND` among them"""
    RULES: ClassVar[str]
    """the field of `spec` that the release's next version may change: it is written as the release has it"""

    def authored(self, spec: Spec, /) -> Spec:
        """The spec of an object of `KINDS` without what the API server has written into it."""
        return spec

    @abstractmethod
    def backends(self, spec: Spec, /) -> Iterable[str]:
        """The names of the Services that a route of `KINDS` leads to, in order."""

    @abstractmethod
    def requests(self, obj: Object, /) -> RoutedRequests:
        """What a route of `KIND` or `CALLS` does, all of it.

        Raises UnsayableRouteError where `expose` has no words for a part.
        """

    def words(self, spec: Spec, settings: Any, /) -> Mapping[str, Any]:
        """The words of `expose` for what is the provider's own; `settings` are those of the environment."""
        return {}


def adopted_routes() -> Mapping[GroupKind, AdoptedRoutes]:
    """By each kind of route that may run."""
    return _adopted_by_kind(tuple(PACKAGES))


@lru_cache(maxsize=16)
def _adopted_by_kind(packages: tuple[str, ...]) -> Mapping[GroupKind, AdoptedRoutes]:
    names = (f"{package}.adoption" for package in packages)
    adopted = [cast(AdoptedRoutes, import_module(name).ADOPTED) for name in names if find_spec(name)]
    return {kind: routes for routes in adopted for kind in sorted(routes.KINDS)}


def single_backend(backends: Iterable[tuple[str, int | str]]) -> tuple[str, int | str]:
    """The one Service and port that all rules lead to. Raises UnsayableRouteError where there are several or none."""
    distinct = list(dict.fromkeys(backends))
    services = list(dict.fromkeys(name for name, _ in distinct))
    if len(services) > 1:
        raise UnsayableRouteError(
            f"it leads to {', '.join(services)}, but a release writes routes only to its own Service"
        )
    if len(distinct) != 1:
        ports = ", ".join(str(port) for _, port in distinct) or "none"
        raise UnsayableRouteError(f"it leads to several ports ({ports}), but `expose` routes to one")
    return distinct[0]
