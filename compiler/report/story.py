"""A trace as a story: numbered states, and in each only what has just changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from compiler.model.verdict import PodCounts, TraceState

NO_BACKEND: Final = "none"
NO_PODS: Final = "no pod ready"
LOST_REQUESTS: Final = re.compile(r"\bnobody\b|no request is served")


@dataclass(frozen=True, slots=True)
class Moment:
    """One state: what happened, then who serves which requests and the pods of each workload where these changed."""

    number: int
    event: str
    serving: tuple[tuple[str, str], ...]
    pods: tuple[tuple[str, str], ...]
    last: bool


def trace_moments(trace: tuple[TraceState, ...]) -> Iterator[Moment]:
    """The states in order; the first one shows everything, the others what changed."""
    serving: dict[str, Mapping[str, float]] = {}
    pods: dict[str, PodCounts] = {}
    for number, state in enumerate(trace):
        routes = {name: shares for name, shares in state.serving.items() if serving.get(name) != shares}
        moved = {name: count for name, count in state.pods.items() if pods.get(name) != count}
        serving.update(routes)
        pods.update(moved)
        yield Moment(
            number,
            state.event,
            tuple((name, serving_text(shares)) for name, shares in routes.items()),
            tuple((name, pods_text(count)) for name, count in moved.items()),
            number == len(trace) - 1,
        )


def serving_text(shares: Mapping[str, float]) -> str:
    """`web-blue 75 %, web-green 25 %`; `nobody` answers requests that are lost."""
    if not shares:
        return "no request is served"
    return (
        ", ".join(f"{backend_name(name)} {share:g} %" for name, share in shares.items() if share)
        or "no request is served"
    )


def backend_name(name: str) -> str:
    """`web-blue` of `web-blue@1`: the contract is shown only where it matters; `none` is nobody."""
    workload, _, contract = name.partition("@")
    if workload == NO_BACKEND:
        return "nobody"
    return workload if contract in ("", "-", "?", "1") else f"{workload} (contract {contract})"


def pods_text(count: PodCounts) -> str:
    """`6 ready (4 old, 2 new)`."""
    if not count.ready:
        return NO_PODS
    if count.old and count.new:
        return f"{count.ready} ready ({count.old} old, {count.new} new)"
    return f"{count.ready} ready{' (new)' if count.new else ''}"
