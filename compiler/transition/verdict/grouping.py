"""One cause, one finding: breaches that follow from another, or that say one thing of several objects, are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from typing import Final

from compiler.model.verdict import Finding
from compiler.transition.search.breach import PropertyBreach
from compiler.transition.verdict.repetitions import UNPROVEN_FIELDS, Causes

FOR_GOOD: Final = "this lasts if the new pods never become ready"
MAX_SEPARATE: Final = 3
"""Objects of which one thing is said one by one; of more it is said once, with a list."""
MAX_NAMED: Final = 3


def without_consequences(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, less those that only repeat of an object what another one says of it, each once.

    What breaks two properties (`ports-merged`: available and accepted) is two findings, in the same words.
    For people who read a verdict: what may be published despite a finding is decided for each code by itself.
    """
    causes = Causes(each for each in findings if each.severity == "error" or each.code in UNPROVEN_FIELDS)
    stated = {(finding.code, name) for finding in findings if finding.severity == "error" for name in finding.objects}
    given_up = {finding.objects for finding in findings if finding.code == "old-version-given-up"}
    kept = [
        replace(finding, message=f"{finding.message}; {FOR_GOOD}")
        if finding.code == "backend-empty" and finding.objects in given_up
        else finding
        for finding in findings
        if next(causes.of(finding), None) is None and not _only_closes(finding, stated)
    ]
    return tuple(_each_once(kept))


def _each_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One finding of those in the same words, with the objects of all; one of two that say the same of each other."""
    stated: dict[tuple[str, str], Finding] = {}
    mutual: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
    for finding in findings:
        objects = mutual.setdefault((finding.code, tuple(sorted(finding.objects))), finding.objects)
        place = (finding.code, finding.message.removesuffix(f"; {FOR_GOOD}"))
        if place in stated:
            stated[place] = _together(stated[place], finding)
        elif objects == finding.objects:
            stated[place] = finding
    return iter(stated.values())


def _together(first: Finding, other: Finding) -> Finding:
    """Two findings in the same words as one, in the longer form of them."""
    longer = max(first, other, key=lambda each: len(each.message))
    return replace(longer, objects=tuple(dict.fromkeys((*first.objects, *other.objects))))


def _only_closes(finding: Finding, stated: Set[tuple[str, str]]) -> bool:
    """Whether it is about a listener (the first of its objects) whose routes are all said to be lost."""
    routes = finding.objects[1:] if finding.code == "listener-closed" else ()
    return bool(routes) and all(("route-lost", route) in stated for route in routes)


def merged_lists(breaches: Iterable[PropertyBreach]) -> Iterator[PropertyBreach]:
    """Breaches of one code with one help about single objects of one kind, as one that lists them, if they are many.

    So are those about one object and many of a kind, whatever these are called: the ConfigMaps that one workload reads.
    """
    groups: dict[tuple[object, ...], list[PropertyBreach]] = {}
    for number, breach in enumerate(breaches):
        listed = len(breach.objects) in (1, 2) and breach.request is None
        what = (*breach.objects[:-1], breach.objects[-1].kind) if listed else number
        groups.setdefault((breach.code, breach.severity, what, _help_for_each(breach)), []).append(breach)
    for same in groups.values():
        keys = tuple(dict.fromkeys(breach.objects[-1] for breach in same if breach.objects))
        if len(keys) <= MAX_SEPARATE or len(same) == 1:
            yield from same
            continue
        rest = ", ".join(str(key) for key in keys[1:MAX_NAMED])
        more = f" and {len(keys) - MAX_NAMED} more" if len(keys) > MAX_NAMED else ""
        text = f"{same[0].message} ({len(keys)} objects: also {rest}{more})"
        yield replace(same[0], message=text, objects=(*same[0].objects[:-1], *keys), help=_help_for_each(same[0]))


def _help_for_each(breach: PropertyBreach) -> str:
    """The help, for whichever of several objects it is about."""
    return breach.help.replace(str(breach.objects[-1]), "each of them") if breach.objects else breach.help
