"""The verdict on one change: every property, over every state, with a trace for whatever does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

from compiler.transition.change import Change
from compiler.transition.classes import request_classes, sections
from compiler.transition.directory import directory
from compiler.transition.explore import Exploration, explore
from compiler.transition.model import Finding, SyncOptions, Verdict
from compiler.transition.objects import Key
from compiler.transition.properties import (
    accepted,
    calls,
    certificates,
    config,
    finishes,
    room,
    unblocked,
    undisputed,
    unknown,
    worlds,
)
from compiler.transition.scene import Breach
from compiler.transition.serving import Router
from compiler.transition.trace import trace

UNKNOWN = frozenset({"unknown-kind", "path-unread", "too-large"})
TRACED = 3
TOLD = 5
WHOLE = (accepted, config, certificates, room, undisputed, unknown, unblocked)


def judge(change: Change, reference: Change | None = None, between: Sequence[Change] = ()) -> Verdict:
    """The verdict on one change.

    `reference` says between which converged states requests are owed an answer; `between` are the commits in the
    middle, each at rest: the cluster may have come to what they ask for.
    """
    router = _router(change)
    owner = router if reference is None else _router(reference)
    requests = request_classes(change)
    stuck = list(finishes.breaches(change))
    last = _last_pass(change, stuck)
    result = explore(router, owner, requests, last, [_router(each) for each in between])
    found = [*result.breaches, *worlds.breaches(router, owner, requests, last)]
    found += [*calls.breaches(router, owner, requests, last), *stuck]
    for module in WHOLE:
        found += module.breaches(change)
    findings = tuple(_findings(router, found))
    return Verdict(
        _safety(findings, result),
        result.states,
        (*premises(change.options), *_unjudged(result)),
        findings,
        unblocked.longest_wait(change),
    )


def _router(change: Change) -> Router:
    return Router(change, sections(change), directory(change))


def _last_pass(change: Change, stuck: Sequence[Breach]) -> int:
    """The last pass that the sync reaches: a gate that never opens ends it."""
    gates = [change.member_stage[key] for breach in stuck for key in breach.objects[:1] if key in change.member_stage]
    return min((gate for gate in gates if change.settles(gate)), default=len(change.stages))


@lru_cache(maxsize=64)
def premises(options: SyncOptions) -> tuple[str, ...]:
    """What the answer takes for granted."""
    found = [f"sync option {option}" for option in sorted(options.options)] or ["sync options: Argo CD's defaults"]
    found.append("automated sync with prune and selfHeal" if options.prune else "no prune: removed objects stay")
    found += [f"replicas of {kind} {name or '*'} ignored" for kind, name in sorted(options.replicas_ignored)]
    found.append(f"endpoints lag {options.lag:g} s")
    return (*found, *(f"{name} exists outside of the folders" for name in sorted(options.outside)))


def _unjudged(result: Exploration) -> Iterator[str]:
    """Classes that were not served before, so that nothing is owed: said, lest "safe" be taken to speak of them."""
    for request in result.unserved[:TOLD]:
        yield f"not served before, so nothing is claimed for {request}"
    if len(result.unserved) > TOLD:
        yield f"the same for {len(result.unserved) - TOLD} more request classes"


def _safety(findings: Sequence[Finding], result: Exploration) -> Literal["safe", "unsafe", "unknown"]:
    if any(finding.severity == "error" for finding in findings):
        return "unsafe"
    return "unknown" if result.coarse or any(finding.code in UNKNOWN for finding in findings) else "safe"


def _rank(breach: Breach) -> tuple[bool, int]:
    """Errors first; of these what the API server refuses, then who fights over a field: the rest follows from them."""
    causes = ("accepted", "undisputed")
    return breach.severity != "error", causes.index(breach.property) if breach.property in causes else len(causes)


def _findings(router: Router, breaches: Iterable[Breach]) -> Iterator[Finding]:
    """One finding for each code and set of objects, errors and causes first, each with the shortest of its traces."""
    grouped: dict[tuple[str, str, tuple[Key, ...]], list[Breach]] = {}
    for breach in breaches:
        grouped.setdefault((breach.code, breach.property, breach.objects), []).append(breach)
    firsts: dict[tuple[str, tuple[Key, ...]], Breach] = {}
    for same in grouped.values():
        firsts.setdefault((same[0].code, same[0].objects), same[0])
    for same in sorted(grouped.values(), key=lambda same: _rank(firsts[same[0].code, same[0].objects])):
        traces = [trace(router, breach) for breach in same[:TRACED]] if same[0].cut is not None else [()]
        first = same[0]
        more = f" (and {len(same) - 1} more request class{'es' if len(same) > 2 else ''})" if len(same) > 1 else ""
        objects = tuple(str(key) for key in first.objects)
        shortest = min(traces, key=len)
        yield Finding(first.code, first.property, first.severity, first.message + more, objects, first.help, shortest)
