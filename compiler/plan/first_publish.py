"""A unit's first publish: over nothing, as a premise says, or over what runs, beside what a release loses there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.model.unit import CompiledUnit, units_of
from compiler.model.verdict import Finding, Judgement, Verdict, verdict_on
from compiler.transition import SyncOptions, verify_forward
from compiler.transition.baseline import compare_with_baseline
from compiler.validate.external_references import references_in

NOTHING_RUNS: Final = "nothing of these names runs yet (`--from` judges against what does)"


def first_publish_verdict(
    compiled: CompiledEnvironment, unit: CompiledUnit, running: Sequence[Object], options: SyncOptions
) -> Verdict:
    """The verdict on the unit's first publish; `running` is what the cluster holds today, empty where nobody says.

    Over what runs, losses that a plain change of an image has there today are warnings: the commit is no worse.
    """
    if not running:
        verdict = verify_forward([], unit.objects, options)
        return replace(verdict, premises=(*verdict.premises, NOTHING_RUNS))
    before = _beside_other_units(compiled, unit, running, options.namespace)
    own = {object_key(obj, options.namespace) for obj in unit.objects}
    after = [*(obj for obj in before if object_key(obj, options.namespace) not in own), *unit.objects]
    placed = replace(options, outside=options.outside | _named_outside(before, options.namespace))
    verdict = verify_forward(before, after, placed)
    comparison = compare_with_baseline(verdict, before, after, placed)
    if comparison.standing == "worse":
        return verdict
    last = ", for the last time" if comparison.standing == "better" else ""
    return _with_known_losses(verdict, comparison.known, f"each release loses this today{last}")


def _beside_other_units(
    compiled: CompiledEnvironment, unit: CompiledUnit, running: Iterable[Object], namespace: str
) -> list[Object]:
    """What runs without that which other units of the environment write: each is judged for itself."""
    others: set[Key] = set()
    for other in units_of(compiled):
        if other.name != unit.name:
            others |= {object_key(obj, namespace) for obj in other.objects}
    return [obj for obj in running if object_key(obj, namespace) not in others]


def _named_outside(objects: Iterable[Object], namespace: str) -> frozenset[str]:
    """What running pods name exists, or they would not run."""
    named = {name for obj in objects for name in references_in(obj)}
    return frozenset(f"{kind} {namespace}/{name}" for kind, name in named)


def _with_known_losses(verdict: Verdict, known: Sequence[Finding], sentence: str) -> Verdict:
    """The verdict in which what each release loses today anyway is a warning that says so."""
    texts = {(each.code, each.message) for each in known}
    findings = tuple(
        replace(each, severity="warning", message=f"{each.message}; {sentence}")
        if (each.code, each.message) in texts
        else each
        for each in verdict.findings
    )
    judged = Judgement(verdict.states, verdict.premises, findings, verdict.longest_wait, compared=verdict.compared)
    return verdict_on(judged, [])
