"""What HTTPRoutes and GRPCRoutes have in common: the Gateway that they hang on, backends with weights, headers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from compiler.model.manifest import Object
from compiler.model.provenance import derived
from compiler.model.topology import Match, Retirement, ShareMechanism, Split
from compiler.traffic.base import Exposure, split_service_name, track_service_name

GROUP: Final = "gateway.networking.k8s.io"
HTTP_DATE: Final = "%a, %d %b %Y %H:%M:%S GMT"
"""English, for no locale is set. The library's `email.utils` would load fourteen modules, which takes 6 ms."""
WeightedMatch = tuple[Match, dict[str, int]]
"""Requests, and the weight of each track for them."""


def weighted_matches(split: Split) -> list[WeightedMatch]:
    """The pinned requests, then the split's own: of equal paths, more headers win, and then the earlier rule."""
    pinned = [
        (match, {share.track: 100 * (share.track == track) for share in split.shares}) for match, track in split.pinned
    ]
    return [*pinned, (split.match, {share.track: share.percent for share in split.shares})]


def header_matches(split: Split, match: Match) -> Object:
    """The condition of a header, as part of a route's match."""
    header = match.header or split.match.header
    return {} if header is None else {"headers": [{"type": "Exact", "name": header[0], "value": header[1]}]}


def retirement_filters(split: Split) -> list[Object]:
    if split.retirement is None:
        return []
    headers = [{"name": name, "value": value} for name, value in retirement_headers(split.retirement).items()]
    return [{"type": "ResponseHeaderModifier", "responseHeaderModifier": {"set": headers}}]


def parent_ref(exposure: Exposure) -> Object:
    settings = exposure.settings
    ref: Object = {"group": GROUP, "kind": "Gateway", "name": settings.gateway}
    if settings.namespace is not None:
        ref["namespace"] = settings.namespace
    if settings.section_name is not None:
        ref["sectionName"] = settings.section_name
    return ref


def backend_refs(exposure: Exposure, split: Split, weights: dict[str, int], port: int) -> list[Object]:
    """The Services of a split's tracks, each with its weight."""
    if split.by is ShareMechanism.PODS:
        return [backend_ref(split_service_name(exposure, split), 100, port)]
    # by name, so that a switch is a change of weights and nothing else
    return [backend_ref(track_service_name(exposure, track), weights[track], port) for track in sorted(weights)]


def backend_ref(name: str, weight: int, port: int) -> Object:
    """A backend with its weight: Gateway API's default is 1, which would divide evenly."""
    return {"group": "", "kind": "Service", "name": name, "port": port, "weight": weight}


def retirement_headers(retirement: Retirement) -> dict[str, str]:
    """`Deprecation` as a structured date (RFC 9745), `Sunset` as an HTTP date (RFC 8594), both at midnight UTC."""
    headers = {}
    if retirement.deprecated is not None:
        headers["Deprecation"] = derived(
            f"@{int(midnight_utc(retirement.deprecated).timestamp())}", retirement.deprecated
        )
    if retirement.sunset is not None:
        headers["Sunset"] = derived(f"{midnight_utc(retirement.sunset):{HTTP_DATE}}", retirement.sunset)
    return headers


def midnight_utc(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=UTC)
