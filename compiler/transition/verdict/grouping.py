"""One cause, one finding: breaches that follow from another, or that say one thing of several objects, are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from typing import Final

from compiler.model.verdict import Finding
from compiler.transition.search.breach import PropertyBreach

CONSEQUENCES: Final = {"old-version-given-up": "backend-empty", "drain-too-short": "backend-empty"}
"""What says again of a workload that its requests are lost, and the code that says it first: no pod is ready.

So does what a caller meets of its callee, a Service.
"""
FOR_GOOD: Final = "this lasts if the new pods never become ready"
POD_KINDS: Final = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "Pod")
MAX_SEPARATE: Final = 3
"""Objects of which one thing is said one by one; of more it is said once, with a list."""
MAX_NAMED: Final = 3


def without_consequences(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, less those that only repeat for a workload what another one says of it, each once.

    What breaks two properties (`ports-merged`: available and accepted) is two findings, in the same words.
    For people who read a verdict: what may be published despite a finding is decided for each code by itself.
    """
    stated = {(finding.code, name) for finding in findings if finding.severity == "error" for name in finding.objects}
    given_up = {finding.objects for finding in findings if finding.code == "old-version-given-up"}
    return tuple(
        replace(finding, message=f"{finding.message}; {FOR_GOOD}")
        if finding.code == "backend-empty" and finding.objects in given_up
        else finding
        for finding in _each_once(findings)
        if not causes_of(finding) & stated and not _only_closes(finding, stated)
    )


def _each_once(findings: Iterable[Finding]) -> Iterable[Finding]:
    stated: dict[tuple[str, str, tuple[str, ...]], Finding] = {}
    for finding in findings:
        stated.setdefault((finding.code, finding.message, finding.objects), finding)
    return stated.values()


def causes_of(finding: Finding) -> frozenset[tuple[str, str]]:
    """The codes, each with an object, of which any error says already what the finding says of that object."""
    if finding.code == "callee-gone":
        return frozenset(("backend-empty", name) for name in finding.objects if not _has_pods(name))
    cause = CONSEQUENCES.get(finding.code)
    return frozenset((cause, name) for name in finding.objects if _has_pods(name)) if cause else frozenset()


def _only_closes(finding: Finding, stated: Set[tuple[str, str]]) -> bool:
    """Whether it is about a listener (the first of its objects) whose routes are all said to be lost."""
    routes = finding.objects[1:] if finding.code == "listener-closed" else ()
    return bool(routes) and all(("route-lost", route) in stated for route in routes)


def _has_pods(name: str) -> bool:
    """Whether `apps/Deployment ns/name` names a workload."""
    return name.partition(" ")[0].rpartition("/")[2] in POD_KINDS


def merged_lists(breaches: Iterable[PropertyBreach]) -> Iterator[PropertyBreach]:
    """Breaches of one code with one help about single objects of one kind, as one that lists them, if they are many."""
    groups: dict[tuple[str, str, str, str], list[PropertyBreach]] = {}
    for number, breach in enumerate(breaches):
        alone = len(breach.objects) == 1 and breach.request is None
        kind = breach.objects[0].kind if alone else str(number)
        groups.setdefault((breach.code, breach.severity, kind, breach.help), []).append(breach)
    for same in groups.values():
        keys = tuple(dict.fromkeys(key for breach in same for key in breach.objects))
        if len(keys) <= MAX_SEPARATE or len(same) == 1:
            yield from same
            continue
        rest = ", ".join(str(key) for key in keys[1:MAX_NAMED])
        more = f" and {len(keys) - MAX_NAMED} more" if len(keys) > MAX_NAMED else ""
        yield replace(same[0], message=f"{same[0].message} ({len(keys)} objects: also {rest}{more})", objects=keys)
