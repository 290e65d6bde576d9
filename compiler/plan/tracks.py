"""Which track holds what, and its share of the requests: as the strategy and the provider read their objects back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compiler.model.course import RequestShares, ShownTracks
from compiler.model.frame import CONTRACT
from compiler.model.manifest import Object
from compiler.model.objects import (
    equality_selector_matches,
    integer_or_default,
    is_service,
    mapping_or_empty,
    nested_value,
    object_key,
    object_labels,
    string_entries,
)
from compiler.model.plan import TrackView
from compiler.strategies import STRATEGIES
from compiler.strategies.base import containers_of
from compiler.traffic.readers import route_readers

NO_SHARES = RequestShares(None, {})
ShareByName = Mapping[str, float]


def tracks_of(objects: Sequence[Object], release: str) -> tuple[TrackView, ...]:
    """The release's tracks in the order of its strategy, with their shares of the requests without conditions."""
    return tracks_of_own(objects_of_release(objects, release), release)


def tracks_of_own(own: Sequence[Object], release: str) -> tuple[TrackView, ...]:
    """The tracks of a release of which `own` are all objects."""
    _, shown = shown_tracks(own)
    shares = shares_by_track(request_shares(own, release), own, shown.workloads)
    return tuple(track_view(track, shown.workloads[track], shares) for track in shown.workloads)


def objects_of_release(objects: Sequence[Object], release: str) -> list[Object]:
    return [obj for obj in objects if object_labels(obj).get("app") == release]


def objects_by_release(objects: Iterable[Object]) -> dict[str, list[Object]]:
    """The objects of each release, by the label that every one of them has."""
    by_release: dict[str, list[Object]] = {}
    for obj in objects:
        by_release.setdefault(str(object_labels(obj).get("app", "")), []).append(obj)
    return by_release


def shown_tracks(own: Sequence[Object]) -> tuple[str | None, ShownTracks]:
    """The name of the strategy that made one release's objects, and the tracks that they show; None: nobody did."""
    for name, strategy in STRATEGIES.items():
        shown = strategy.tracks_of(own)
        if shown is not None:
            return name, shown
    return None, ShownTracks({})


def request_shares(own: Sequence[Object], release: str) -> RequestShares:
    """How the release's requests are divided among its Services, by the first provider that has a route of it."""
    result = (reader.shares_of(own, release) for reader in route_readers())
    return next((shares for shares in result if shares is not None), NO_SHARES)


def shares_by_track(shares: RequestShares, own: Sequence[Object], workloads: Mapping[str, Object]) -> RequestShares:
    """The shares of Services as those of the tracks behind them, by the number of their pods."""
    behind = {obj["metadata"]["name"]: selected_tracks(obj, workloads) for obj in own if is_service(object_key(obj))}
    words = {track: text for name, text in shares.own.items() for track in behind.get(name, ())}
    if shares.percent is None or not any(behind.get(name) for name in shares.percent):
        return RequestShares(None, words)
    percent = dict.fromkeys(workloads, 0.0)
    for name, share in shares.percent.items():
        for track, part in behind.get(name, {}).items():
            percent[track] += share * part
    largest = max(percent.values())
    # what the main track answers anyway is no news
    return RequestShares(percent, {track: text for track, text in words.items() if percent[track] < largest})


def selected_tracks(service: Object, workloads: Mapping[str, Object]) -> ShareByName:
    """The tracks that a Service selects, each with its part of the selected pods (0 to 1)."""
    selector = string_entries(nested_value(service, "spec", "selector"))
    pods = {
        track: pods_wanted(workload)
        for track, workload in workloads.items()
        if equality_selector_matches(selector, pod_labels_of(workload))
    }
    total = sum(pods.values())
    return {track: count / total for track, count in pods.items()} if total else {}


def track_view(track: str, workload: Object, shares: RequestShares) -> TrackView:
    contract = pod_labels_of(workload).get(CONTRACT, "1")
    return TrackView(
        track=track,
        version=version_of(workload),
        contract=int(contract) if contract.isdigit() else 1,
        pods=pods_wanted(workload),
        share=None if shares.percent is None else round(shares.percent[track], 1),
        requests=shares.own.get(track, ""),
    )


def pod_labels_of(workload: Object) -> Mapping[str, str]:
    """The labels of its pods; none where somebody has taken the workload's form away."""
    return string_entries(nested_value(workload, "spec", "template", "metadata", "labels"))


def pods_wanted(workload: Object) -> int:
    """The replicas of a workload; one where it says nothing."""
    return integer_or_default(mapping_or_empty(workload.get("spec")).get("replicas"), 1)


def version_of(workload: Object) -> str:
    """The tag of the first container's image; the image itself where it has none."""
    image = str(containers_of(workload)[0].get("image", "")).partition("@")[0]
    return image.rpartition(":")[2] if ":" in image.rpartition("/")[2] else image
