"""What a change of a unit does to its versions and its requests, in release words."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.model.manifest import Object
from compiler.model.plan import TrackView
from compiler.model.unit import CompiledUnit
from compiler.plan.tracks import objects_by_release, tracks_of, tracks_of_own


def unit_track_views(objects: Sequence[Object], unit: CompiledUnit) -> tuple[TrackView, ...]:
    """The unit's tracks; those of a group's members with the member's name before their own."""
    if len(unit.folders) == 1:
        return tracks_of(objects, unit.folders[0])
    own = objects_by_release(objects)
    return tuple(
        TrackView(f"{member} {view.track}", view.version, view.contract, view.pods, view.share, view.requests)
        for member in unit.folders
        for view in tracks_of_own(own.get(member, []), member)
    )


def track_changes(unit: CompiledUnit, before: Sequence[Object]) -> list[str]:
    """One phrase for each track that changes: `canary 10 → 25 %`."""
    old = {view.track: view for view in unit_track_views(before, unit)}
    new = {view.track: view for view in unit_track_views(unit.objects, unit)}
    texts = (track_change(track, old.get(track), new.get(track)) for track in sorted({*old, *new}))
    return [text for text in texts if text]


def track_change(track: str, old: TrackView | None, new: TrackView | None) -> str:
    if old is None and new is not None:
        return f"{track} added with {new.version}" + (f" at {new.share:g} %" if new.share else "")
    if old is not None and new is None:
        return f"{track} ({old.version}) removed"
    if old is None or new is None:
        return ""
    texts = []
    if old.version != new.version:
        texts.append(f"{old.version} → {new.version}")
    if old.share != new.share and old.share is not None and new.share is not None:
        texts.append(f"{old.share:g} → {new.share:g} %")
    if old.pods != new.pods:
        texts.append(f"{old.pods} → {new.pods} pods")
    return f"{track} {', '.join(texts)}" if texts else ""
