"""Moving a live release to another strategy, or to another provider: what each such move takes, for the plan to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compiler.diagnostics.model import Diagnostic, Problem
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.course import STRATEGY
from compiler.model.manifest import Object
from compiler.plan.tracks import objects_of_release, shown_tracks
from compiler.strategies import STRATEGIES, blue_green, rolling
from compiler.traffic.readers import reader_of


def published_strategy(objects: Sequence[Object], release: str) -> str | None:
    """The strategy that made the published objects of the release; None without any."""
    return shown_tracks(objects_of_release(objects, release))[0]


def strategy_migration_advice(member: CompiledRelease, before: Sequence[Object]) -> Diagnostic | None:
    """The steps of a move that cannot be one commit; None where the strategy stays or one commit is enough."""
    old, new = published_strategy(before, member.name), member.strategy.NAME
    if old is None or old == new:
        return None
    steps = []
    if old == blue_green.NAME and was_previewed(before, member.name):
        steps.append("`blueGreen` as it was, with `preview: off`: the preview's route must go before its Service")
    if member.strategy.ONE_TRACK and not member.topology.gated and not STRATEGIES[old].ONE_TRACK:
        gated = new if "gated" in member.strategy.SPEC.model_fields else rolling.NAME
        steps.append(f"`{gated}` with `gated: true`: its pods must be ready before requests move to them")
    if not steps:
        return None
    numbered = "; ".join(f"{number}. {text}" for number, text in enumerate([*steps, f"`{new}` as it is now"], start=1))
    return member.document.diagnose(
        Problem(
            "strategy-move",
            f"{member.name} moves from {old} to {new}, which takes more than this commit",
            (*STRATEGY, new),
            f"publish these in turn, and confirm each: {numbered}",
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
    """Whether a route of the release leads to the color that does not serve."""
    return any(obj["metadata"]["name"] == f"{release}-preview" and reader_of(obj) is not None for obj in before)


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
            f"publish these in turn, and confirm each: 1. `traffic` with both, {was} and {now}; "
            f"2. {now} alone, once clients reach it",
            severity="warning",
            on_key=True,
        )
    )


def departed_providers(
    compiled: CompiledEnvironment, member: CompiledRelease, before: Sequence[Object]
) -> Iterator[Diagnostic]:
    """The last step to another router: that no client uses the old one any more is nothing that a manifest shows."""
    old = routing_providers(before, member.name)
    new = routing_providers([manifest.object for manifest in member.manifests], member.name)
    left = [provider for provider in old if provider not in new]
    if not left or not set(old) & set(new):
        return
    was, now = " and ".join(left), " and ".join(new)
    yield compiled.document.diagnose(
        Problem(
            "provider-left",
            f"{compiled.name} leaves {was}: its routes are removed, which is safe only if clients reach {now} by now; "
            "DNS and load balancers decide that, and Shipway cannot see them",
            ("spec", "traffic"),
            f"watch the requests of {was}; when there are none any more, publish with "
            f'`--allow provider-left --reason "clients reach {now}"`',
            on_key=True,
        )
    )


def routing_providers(objects: Sequence[Object], release: str) -> list[str]:
    """The providers whose routes the release has."""
    readers = (reader_of(obj) for obj in objects_of_release(objects, release))
    return list(dict.fromkeys(reader.PROVIDER for reader in readers if reader is not None))
