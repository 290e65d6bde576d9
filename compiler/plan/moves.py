"""Moving a live release from one strategy to another: what each such move takes, for the plan to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from compiler.compile import CompiledRelease
from compiler.diagnostics.model import Diagnostic, Problem
from compiler.manifest import Object
from compiler.plan.tracks import labels_of, track_of
from compiler.strategies import blue_green, canary, rolling, versioned
from compiler.strategies.base import STRATEGY

TRACKS: Final = {
    "blue": blue_green.NAME,
    "green": blue_green.NAME,
    "stable": canary.NAME,
    "canary": canary.NAME,
    rolling.TRACK: rolling.NAME,
}
PREVIEWS: Final = ("Ingress", "HTTPRoute")


def published_strategy(objects: Sequence[Object], release: str) -> str | None:
    """The strategy that the published manifests of the release are of, by their tracks; None without any."""
    for obj in objects:
        if obj.get("kind") == "Deployment" and labels_of(obj).get("app") == release:
            return TRACKS.get(track_of(obj), versioned.NAME)
    return None


def move_advice(member: CompiledRelease, before: Sequence[Object]) -> Diagnostic | None:
    """The steps of a move that cannot be one commit; None where the strategy stays or one commit is enough."""
    old, new = published_strategy(before, member.name), member.strategy.NAME
    if old is None or old == new:
        return None
    steps = []
    if old == blue_green.NAME and previewed(before, member.name):
        steps.append("`preview: off` in blueGreen, published by itself: its route goes before its Service does")
    if new == rolling.NAME and member.topology.gated is False:
        steps.append("`rolling` with `gated: true`: its pods are ready before requests move to them")
        steps.append("`gated` removed, at any later time")
    if not steps:
        return None
    numbered = "; ".join(f"{number}. {text}" for number, text in enumerate(steps, start=1))
    return member.document.diagnose(
        Problem(
            "strategy-move",
            f"{member.name} moves from {old} to {new}, which takes more than this commit",
            (*STRATEGY, new),
            f"publish these in turn: {numbered}",
            severity="warning",
            on_key=True,
        )
    )


def previewed(before: Sequence[Object], release: str) -> bool:
    return any(obj.get("kind") in PREVIEWS and obj["metadata"]["name"] == f"{release}-preview" for obj in before)
