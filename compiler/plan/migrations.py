"""Moving a live release to another strategy, or to another provider: what each such move takes, for the plan to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.course import STRATEGY
from compiler.model.manifest import Object
from compiler.plan.tracks import labels_or_empty, track_of
from compiler.strategies import blue_green, canary, rolling, versioned
from compiler.traffic.gateway_api import provider as gateway_api
from compiler.traffic.ingress_nginx import provider as ingress_nginx

STRATEGY_BY_TRACK: Final = {
    "blue": blue_green.NAME,
    "green": blue_green.NAME,
    "stable": canary.NAME,
    "canary": canary.NAME,
    rolling.MAIN_TRACK: rolling.NAME,
}
PROVIDER_BY_KIND: Final = {"Ingress": ingress_nginx.NAME, "HTTPRoute": gateway_api.NAME}
PREVIEW_KINDS: Final = ("Ingress", "HTTPRoute")


def published_strategy(objects: Sequence[Object], release: str) -> str | None:
    """The strategy that the published manifests of the release are of, by their tracks; None without any."""
    for obj in objects:
        if obj.get("kind") == "Deployment" and labels_or_empty(obj).get("app") == release:
            return STRATEGY_BY_TRACK.get(track_of(obj), versioned.NAME)
    return None


def strategy_migration_advice(member: CompiledRelease, before: Sequence[Object]) -> Diagnostic | None:
    """The steps of a move that cannot be one commit; None where the strategy stays or one commit is enough."""
    old, new = published_strategy(before, member.name), member.strategy.NAME
    if old is None or old == new:
        return None
    steps = []
    if old == blue_green.NAME and was_previewed(before, member.name):
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


def migration_advice(
    compiled: CompiledEnvironment, member: CompiledRelease, before: Sequence[Object]
) -> Iterator[Diagnostic]:
    """What the moves of a release that are under way take."""
    for advice in (strategy_migration_advice(member, before), provider_migration_advice(compiled, member, before)):
        if advice is not None:
            yield advice


def was_previewed(before: Sequence[Object], release: str) -> bool:
    return any(obj.get("kind") in PREVIEW_KINDS and obj["metadata"]["name"] == f"{release}-preview" for obj in before)


def provider_migration_advice(
    compiled: CompiledEnvironment, member: CompiledRelease, before: Sequence[Object]
) -> Diagnostic | None:
    """The steps to another router; None where one that routes now goes on, or nothing is routed on one side."""
    old = routing_providers(before, member.name)
    new = routing_providers([manifest.object for manifest in member.manifests], member.name)
    if not old or not new or set(old) & set(new):
        return None
    was, now = " and ".join(old), " and ".join(new)
    return compiled.document.diagnose(
        Problem(
            "provider-move",
            f"{compiled.name} moves from {was} to {now}, which takes more than this commit",
            ("spec", "traffic"),
            f"publish these in turn: 1. `traffic` with both, {was} and {now}; 2. {now} alone, once clients reach it",
            severity="warning",
            on_key=True,
        )
    )


def routing_providers(objects: Sequence[Object], release: str) -> list[str]:
    """The providers whose routes the release has."""
    kinds = {str(obj.get("kind")) for obj in objects if labels_or_empty(obj).get("app") == release}
    return [provider for kind, provider in PROVIDER_BY_KIND.items() if kind in kinds]
