"""VirtualServices: what Istio's admission refuses. Source: Istio, pkg/config/validation `validateHTTPRoute`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding
from compiler.traffic import ObjectCheck


def check_virtual_service(obj: Object) -> Iterator[ObjectFinding]:
    """Weights that are not all zero."""
    for index, rule in enumerate(obj["spec"].get("http", ())):
        weights = [route.get("weight", 1) for route in rule.get("route", ())]
        if weights and not any(weights):
            place = ("spec", "http", index, "route")
            yield object_finding("route-invalid", place, "all weights are 0: nobody would answer")


CHECKS: Final[Mapping[tuple[str, str], ObjectCheck]] = {
    ("networking.istio.io", "VirtualService"): check_virtual_service
}
