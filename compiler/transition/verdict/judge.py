"""The verdict on one change: every property, over every state, with a trace for whatever does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import ModuleType

from compiler.model.objects import Key
from compiler.model.request import Request
from compiler.model.verdict import Finding, Judgment, Proven, Verdict, verdict_on
from compiler.transition.properties import BESIDE_OTHERS, OF_A_COMMIT, OF_EACH_CLASS, OF_THE_CHANGE, WARNINGS_ONLY
from compiler.transition.properties.config import named_data
from compiler.transition.properties.finishes import awaited, unblocked
from compiler.transition.properties.unread import unknown
from compiler.transition.search.breach import PropertyBreach, request_class_too_large
from compiler.transition.search.guarantee import guarantee_for
from compiler.transition.search.judged_change import JudgedChange
from compiler.transition.search.object_index import index_objects
from compiler.transition.search.request_classes import request_classes
from compiler.transition.search.router import Router
from compiler.transition.search.served_class import ServedClass, served_classes
from compiler.transition.sync.change import Change
from compiler.transition.verdict.comparison import compared_objects
from compiler.transition.verdict.grouping import merged_lists
from compiler.transition.verdict.premises import folder_premises, premises, unserved_notes
from compiler.transition.verdict.trace import breach_trace

UNKNOWN_CODES = frozenset(
    {
        "unknown-kind", "field-unproven", "pods-outside", "path-unread", "too-large", "namespace-unknown",
        "definition-of-others",
    }
)  # fmt: skip
PASSING_CODES = frozenset({"drain-too-short", "ready-before-listening"})
MAX_TRACED_BREACHES = 3
OF_EACH_CLASS_TO_REFUTE = tuple(module for module in OF_EACH_CLASS if module not in WARNINGS_ONLY)
ON_THE_WAY_BACK = tuple(module for module in OF_THE_CHANGE if module not in OF_A_COMMIT)
ON_THE_WAY_BACK_TO_REFUTE = tuple(module for module in ON_THE_WAY_BACK if module not in WARNINGS_ONLY)


def judge_change(change: Change, requests: Sequence[Request]) -> Verdict:
    """The verdict on one change, and on its `requests`, each of another class."""
    return _verdict_of(_judged_change(change, requests))


def judge_unfinished(change: Change, reference: Change, between: Sequence[Change]) -> Verdict:
    """The verdict on a change that begins where another sync ended half-way.

    `reference` says between which converged states requests must be answered; `between` are the commits in the
    middle, each at rest: the cluster may have come to what they ask for.
    """
    return _verdict_of(_judged_change(change, request_classes(change), reference, between))


def judge_beside(change: Change, reference: Change, published: Change) -> Verdict:
    """The verdict on one Application's change while others stand still, before and after their own.

    `reference` leads to what all of them come to; only requests that `published` answers at its start must be answered.
    """
    judged, owner = _judged_change(change, request_classes(change), reference), _router_for(published)
    every = (*judged.requests, *request_classes(reference), *request_classes(published))
    answered = tuple(request for request in dict.fromkeys(every) if guarantee_for(owner, request).served)
    if not answered:
        return Proven(1, premises(change.options))  # nobody is answered yet, so no request can be lost
    return _verdict_of(replace(judged, requests=answered), BESIDE_OTHERS)


def judge_return(change: Change, requests: Sequence[Request]) -> Verdict:
    """The verdict on the way back to what the cluster has held: the API server has taken each of its objects."""
    return _verdict_of(_judged_change(change, requests), OF_EACH_CLASS, ON_THE_WAY_BACK)


def return_errors(change: Change, requests: Sequence[Request]) -> tuple[Finding, ...]:
    """The errors of that verdict, without all that is only worked out for its warnings and counts."""
    judged = _judged_change(change, requests)
    breaches = _breaches(judged, served_classes(judged), OF_EACH_CLASS_TO_REFUTE, ON_THE_WAY_BACK_TO_REFUTE)
    errors = (breach for breach in breaches if breach.severity == "error")
    return tuple(_grouped_findings(judged.router, merged_lists(errors)))


def _verdict_of(
    judged: JudgedChange, of_class: Sequence[ModuleType] = OF_EACH_CLASS, of_all: Sequence[ModuleType] = OF_THE_CHANGE
) -> Verdict:
    change = judged.change
    classes = list(served_classes(judged))
    breaches = _breaches(judged, classes, of_class, of_all)
    findings = tuple(_grouped_findings(judged.router, merged_lists(breaches)))
    unserved = [served.guarantee.request for served in classes if served.unserved_before]
    stated = (*premises(change.options), *folder_premises(change), *unserved_notes(unserved))
    states = sum(served.states for served in classes)
    wait = unblocked.longest_wait(change)
    compared, names = compared_objects(change, states), tuple(map(str, unserved))
    judgment = Judgment(states, stated, findings, wait, compared=compared, unserved=names)
    return verdict_on(judgment, [finding for finding in findings if finding.code in UNKNOWN_CODES])


def _judged_change(
    change: Change, requests: Sequence[Request], reference: Change | None = None, between: Sequence[Change] = ()
) -> JudgedChange:
    router = _router_for(change)
    owner = router if reference is None else _router_for(reference)
    routers = tuple(_router_for(each) for each in between)
    standing, starting = unknown.standing_unread(change), dict(named_data.starting_templates(change))
    judged = JudgedChange(router, owner, tuple(requests), routers, len(change.stages), standing, starting)
    stuck = tuple(awaited.breaches(judged))
    return replace(judged, last=_last_reached_pass(change, stuck), stuck=stuck) if stuck else judged


def _breaches(
    judged: JudgedChange, classes: Iterable[ServedClass], of_class: Sequence[ModuleType], of_all: Sequence[ModuleType]
) -> list[PropertyBreach]:
    breaches = [breach for served in classes for breach in _class_breaches(served, of_class)]
    for module in of_all:
        breaches += judged.stuck if module is awaited else module.breaches(judged)
    return breaches


def _class_breaches(served: ServedClass, properties: Sequence[ModuleType]) -> list[PropertyBreach]:
    """The breaches of one class: of equal ones the first error, which has the shortest way to it.

    A rule is lost once, whichever of the objects that decide it is written first.
    """
    if served.too_large:
        return [request_class_too_large(served.guarantee.request)]
    firsts: dict[tuple[str, tuple[Key, ...]], PropertyBreach] = {}
    for breach in _errors_first(breach for module in properties for breach in module.breaches(served)):
        objects = breach.objects[:1] if breach.code == "route-lost" else breach.objects
        firsts.setdefault((breach.code, objects), breach)
    return list(firsts.values())


def _errors_first(breaches: Iterable[PropertyBreach]) -> list[PropertyBreach]:
    return sorted(breaches, key=lambda breach: breach.severity != "error")


def _router_for(change: Change) -> Router:
    return Router(change, index_objects(change))


def _last_reached_pass(change: Change, stuck: Sequence[PropertyBreach]) -> int:
    """The last pass that the sync reaches: a gate that never opens ends it."""
    gates = [change.member_stage[key] for breach in stuck for key in breach.objects[:1] if key in change.member_stage]
    return min((gate for gate in gates if change.settles(gate)), default=len(change.stages))


def _breach_severity(breach: PropertyBreach) -> tuple[bool, int]:
    """Errors first; of these what the API server refuses, then who fights over a field: the rest follows from them.

    What is over once the pods have changed comes after what stays.
    """
    causes = ("accepted", "undisputed")
    if breach.code in PASSING_CODES:
        return breach.severity != "error", len(causes) + 1
    return breach.severity != "error", causes.index(breach.property) if breach.property in causes else len(causes)


def _grouped_findings(router: Router, breaches: Iterable[PropertyBreach]) -> Iterator[Finding]:
    """One finding for each code and set of objects, errors and causes first, each with the shortest of its traces.

    Where it is an error for one request class and a warning for another, it is an error.
    """
    grouped: dict[tuple[str, str, tuple[Key, ...]], list[PropertyBreach]] = {}
    for breach in _errors_first(breaches):
        grouped.setdefault((breach.code, breach.property, breach.objects), []).append(breach)
    firsts: dict[tuple[str, tuple[Key, ...]], PropertyBreach] = {}
    for same in grouped.values():
        firsts.setdefault((same[0].code, same[0].objects), same[0])
    for group in sorted(grouped.values(), key=lambda same: _breach_severity(firsts[same[0].code, same[0].objects])):
        first = group[0]
        same = [breach for breach in group if breach.severity == first.severity]
        traces = [breach_trace(router, breach) for breach in same[:MAX_TRACED_BREACHES]] if first.cut else [()]
        more = f" (and {len(same) - 1} more request class{'es' if len(same) > 2 else ''})" if len(same) > 1 else ""
        objects = tuple(str(key) for key in first.objects)
        shortest = min(traces, key=len)
        yield Finding(
            first.code, first.property, first.severity, first.message + more, objects, first.help, shortest,
            fields=first.fields,
        )  # fmt: skip
