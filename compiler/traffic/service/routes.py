"""Services as the only routes: the one with the release's name divides its requests among the pods that it selects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compiler.model.manifest import Object
from compiler.model.objects import is_service, object_key, own_name
from compiler.model.request import RouteMatch
from compiler.model.tracks import RequestShares

PROVIDER: Final = "service"
KINDS: Final[frozenset[tuple[str, str]]] = frozenset()
"""No kind of its own: Services stand behind the routes of every provider."""


def matches_of(_obj: Object) -> list[RouteMatch]:
    """None: a Service takes whatever comes to its address."""
    return []


def shares_of(objects: Sequence[Object], release: str) -> RequestShares | None:
    """All requests to the Service that has the release's name; without it, each Service has requests of its own."""
    names = {own_name(obj): str(obj["metadata"]["name"]) for obj in objects if is_service(object_key(obj))}
    if not names:
        return None
    if release in names:
        return RequestShares({names[release]: 100.0}, {})
    return RequestShares(None, {name: f"Service {name}" for name in names.values()})
