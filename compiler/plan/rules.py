"""Rules of a change that need both what is published and what comes: they speak of specs, not of the sync."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.course import STRATEGY
from compiler.model.frame import GROUP
from compiler.model.manifest import Object
from compiler.model.objects import object_labels
from compiler.model.plan import TrackView
from compiler.model.unit import Unit
from compiler.plan.tracks import pod_labels_of, tracks_of
from compiler.spec.container import Version


def serving_track_changed(compiled: CompiledEnvironment, unit: Unit, before: Sequence[Object]) -> Iterator[Diagnostic]:
    """A new version in the track that serves, where a second track could have brought it in beside the old one.

    A canary's `finish` is no such change: stable takes the version that the canary has proven.
    """
    for name in unit.folders:
        member = compiled.release(name)
        if member.strategy.IN_PLACE:
            continue
        old = {view.track: view for view in tracks_of(before, name)}
        new = {view.track: view for view in tracks_of([manifest.object for manifest in member.manifests], name)}
        for track, view in old.items():
            if has_requests(view) and track in new and new[track].version != view.version:
                proven = {other.version for other in old.values() if other.track != track}
                if new[track].version not in proven:
                    yield changed_in_place(compiled, member, track, view.version)


def membership_changed(compiled: CompiledEnvironment, unit: Unit, before: Sequence[Object]) -> Iterator[Diagnostic]:
    """A release that joins, leaves or changes its group: its objects would pass from one Application to another.

    Argo CD then sees two owners (controller/state.go, SharedResourceWarning), and a pruned Application deletes what
    the other one has taken over.
    """
    for name in unit.folders:
        member = compiled.release(name)
        held = [
            obj
            for obj in before
            if object_labels(obj).get("app") == name and obj["kind"] in ("Deployment", "StatefulSet")
        ]
        if not held:
            continue
        # the pods' label: `app.kubernetes.io/part-of` may be a spec's own
        was = pod_labels_of(held[0]).get(GROUP)
        now = member.subject.membership.group if member.subject.membership is not None else None
        if was != now:
            yield membership_handover(compiled, member, was, now)


def membership_handover(
    compiled: CompiledEnvironment, member: CompiledRelease, was: str | None, now: str | None
) -> Diagnostic:
    old, new = f"{compiled.name}-{was or member.name}", f"{compiled.name}-{now or member.name}"
    return member.document.diagnose(
        Problem(
            "group-membership-changed",
            f"{member.name} was published {group_text(was)} and now is {group_text(now)}: Argo CD would "
            "prune the objects that move",
            ("metadata", "name"),
            f"hand over by hand: 1. suspend auto-sync of {old} and {new}; 2. delete the Application {old}, not what it "
            f"made (`argocd app delete {old} --cascade=false`); "
            "3. publish with `--allow group-membership-changed --reason …`; "
            f"4. sync {new}, which adopts the objects, and resume auto-sync",
            on_key=True,
        )
    )


def group_text(group: str | None) -> str:
    return "by itself" if group is None else f"in the group {group}"


def has_requests(view: TrackView) -> bool:
    return view.share is not None and view.share > 0


def changed_in_place(compiled: CompiledEnvironment, member: CompiledRelease, track: str, old: str) -> Diagnostic:
    new = member.strategy.tracks(member.subject)[track]
    return member.document.diagnose(
        Problem(
            "serving-track-changed",
            f"{track} serves {old}, and would be replaced by {new.version} in place, which the second track "
            "exists to avoid",
            (*STRATEGY, member.strategy.NAME, track, "version"),
            f"keep {old} here and run `{start_command(compiled.name, member, new)}`",
        )
    )


def start_command(environment: str, member: CompiledRelease, version: Version) -> str:
    """The command that brings the version in beside the one that serves."""
    if member.subject.membership is not None:
        what = f"{version.version}@{version.digest}" if version.digest else version.version
        return shlex.join(
            [
                "shipway",
                "start",
                f"{environment}/{member.subject.membership.group}",
                "--member",
                f"{member.name}={what}",
            ]
        )
    digest = ["--digest", version.digest] if version.digest else []
    return shlex.join(["shipway", "start", f"{environment}/{member.name}", "--version", version.version, *digest])
