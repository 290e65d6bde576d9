"""A unit's first publish: over nothing, as a premise says, or over what runs, beside what a release loses there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.model.unit import CompiledUnit, units_of
from compiler.model.verdict import Finding, Verdict
from compiler.plan.allowances import AllowedFinding
from compiler.transition import SyncOptions, verify_forward
from compiler.transition.baseline import compare_with_baseline
from compiler.validate.external_references import references_in

NOTHING_RUNS: Final = "no object with these names runs yet (`--from` names what runs)"


@dataclass(frozen=True, slots=True)
class KnownLosses:
    """What a plain change of an image loses or leaves unproven today as well: it stays so, and stops no publish."""

    findings: frozenset[tuple[str, str]]
    """codes and messages"""
    reason: str

    def permit(self, finding: Finding | None) -> AllowedFinding | None:
        """Why the finding may stand; None where each release does not bring it along anyway."""
        if finding is None or (finding.code, finding.message) not in self.findings:
            return None
        return AllowedFinding(finding.code, self.reason)


@dataclass(frozen=True, slots=True)
class FirstPublish:
    """The verdict on a unit's first publish, and what of it each release has today anyway."""

    verdict: Verdict
    known: KnownLosses | None = None


def judge_first_publish(
    compiled: CompiledEnvironment, unit: CompiledUnit, running: Sequence[Object], options: SyncOptions
) -> FirstPublish:
    """The verdict on the unit's first publish; `running` is what the cluster holds today, empty where nobody says."""
    if not running:
        verdict = verify_forward([], unit.objects, options)
        return FirstPublish(replace(verdict, premises=(*verdict.premises, NOTHING_RUNS)))
    before = _beside_other_units(compiled, unit, running, options.namespace)
    own = {object_key(obj, options.namespace) for obj in unit.objects}
    after = [*(obj for obj in before if object_key(obj, options.namespace) not in own), *unit.objects]
    placed = replace(options, outside=options.outside | _named_outside(before, options.namespace))
    verdict = verify_forward(before, after, placed)
    comparison = compare_with_baseline(verdict, before, after, placed)
    if comparison.standing == "worse":
        return FirstPublish(verdict)
    last = ", for the last time" if comparison.standing == "better" else ""
    known = frozenset((each.code, each.message) for each in comparison.known)
    return FirstPublish(verdict, KnownLosses(known, f"each release {_what(verdict)} this today{last}"))


def _what(verdict: Verdict) -> str:
    return "loses" if verdict.verdict == "unsafe" else "leaves unproven"


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
