"""Rules of a change that need both what is published and what comes: they speak of specs, not of the sync."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from compiler.compile import CompiledEnvironment, CompiledRelease
from compiler.diagnostics.model import Diagnostic, Problem
from compiler.gitops.bootstrap import Unit
from compiler.manifest import Object
from compiler.plan.model import TrackView
from compiler.plan.tracks import tracks_of
from compiler.strategies import blue_green, canary
from compiler.strategies.base import STRATEGY

SECOND_TRACK: Final = (blue_green.NAME, canary.NAME)


def serving_track_changed(compiled: CompiledEnvironment, unit: Unit, before: Sequence[Object]) -> Iterator[Diagnostic]:
    """A new version in the track that serves, where a second track could have brought it in beside the old one.

    A canary's `finish` is no such change: stable takes the version that the canary has proven.
    """
    for name in unit.folders:
        member = compiled.release(name)
        if member.strategy.NAME not in SECOND_TRACK:
            continue
        old = {view.track: view for view in tracks_of(before, name)}
        new = {view.track: view for view in tracks_of([manifest.object for manifest in member.manifests], name)}
        for track, view in old.items():
            if serves(view) and track in new and new[track].version != view.version:
                proven = {other.version for other in old.values() if other.track != track}
                if new[track].version not in proven:
                    yield changed_in_place(member, track, view.version, new[track].version)


def serves(view: TrackView) -> bool:
    return view.share is not None and view.share > 0


def changed_in_place(member: CompiledRelease, track: str, old: str, new: str) -> Diagnostic:
    return member.document.diagnose(
        Problem(
            "serving-track-changed",
            f"{track} serves {old}, and would be rolled to {new} in place: the second track is there to avoid that",
            (*STRATEGY, member.strategy.NAME, track, "version"),
            f"keep {old} here and run `shipway start ENV/{member.name} --version {new} --digest …`",
        )
    )
