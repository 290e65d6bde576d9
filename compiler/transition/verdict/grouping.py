"""One cause, one finding: breaches that follow from another, or that say one thing of several objects, are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from compiler.model.objects import Key
from compiler.transition.search.breach import PropertyBreach

CONSEQUENCES: Final = {"old-version-given-up": "backend-empty", "drain-too-short": "backend-empty"}
"""What says again of a workload that its requests are lost, and the code that says it first: no pod is ready."""
FOR_GOOD: Final = "it stays so if the new pods never become ready"
MAX_SEPARATE: Final = 3
"""Objects of which one thing is said one by one; of more it is said once, with a list."""
MAX_NAMED: Final = 3


def without_consequences(breaches: Sequence[PropertyBreach]) -> list[PropertyBreach]:
    """The breaches, less those that only repeat for a workload what another breach says of it."""
    stated = {(breach.code, key) for breach in breaches if breach.severity == "error" for key in breach.objects}
    given_up = {breach.objects for breach in breaches if breach.code == "old-version-given-up"}
    return [
        replace(breach, message=f"{breach.message}; {FOR_GOOD}")
        if breach.code == "backend-empty" and breach.objects in given_up
        else breach
        for breach in breaches
        if not any((CONSEQUENCES.get(breach.code), key) in stated for key in breach.objects if _has_pods(key))
    ]


def _has_pods(key: Key) -> bool:
    return key.kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Rollout", "Pod")


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
