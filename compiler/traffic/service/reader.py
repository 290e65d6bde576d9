"""Services as the only routes: the one with the release's name divides its requests among the pods that it selects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compiler.model.course import RequestShares
from compiler.model.manifest import Object
from compiler.model.objects import is_service, object_key, own_name
from compiler.traffic.reader import RouteReader


class ServiceReader(RouteReader):
    """No kind of its own: Services stand behind the routes of every provider, and the verifier knows them itself."""

    PROVIDER = "service"

    def shares_of(self, objects: Sequence[Object], release: str, /) -> RequestShares | None:
        """All requests to the Service with the release's name; without it, each Service has requests of its own."""
        names = {own_name(obj): str(obj["metadata"]["name"]) for obj in objects if is_service(object_key(obj))}
        if not names:
            return None
        if release in names:
            return RequestShares({names[release]: 100.0}, {})
        return RequestShares(None, {name: f"Service {name}" for name in names.values()})


READER: Final = ServiceReader()
