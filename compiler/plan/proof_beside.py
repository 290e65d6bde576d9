"""One unit's transition among the objects of others: a route of one may take requests that another one answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.model.manifest import Object
from compiler.model.objects import object_key
from compiler.model.unit import CompiledUnit
from compiler.model.verdict import Finding, Judgment, Proven, Unproven, Verdict, verdict_on
from compiler.plan.other_units import RoutedEnvironment, RoutedUnit, routed_unit, rows_of
from compiler.plan.route_overlap import route_matches
from compiler.transition import OtherObjects, SyncOptions, verify_beside

PER_OBJECT: Final = frozenset({"undisputed", "config"})
"""Properties that an object has or lacks by itself; the others are about requests, which pass from one to another."""


MOVE_CLIENTS: Final = (
    "no order of these changes works: publish the new route on a host or a path of its own beside the old one, "
    "let clients move, then remove the old one"
)


@dataclass(frozen=True, slots=True)
class BesideVerdict:
    """A verdict beside others: how the way is called. `remedy` are the commits that work; empty: what is published
    must be confirmed first.
    """

    way: str
    verdict: Verdict
    remedy: str


@dataclass(frozen=True, slots=True)
class BesideOthers:
    """All verdicts on one unit beside others, and whether it may be synced before, or after, those that change too."""

    verdicts: tuple[BesideVerdict, ...] = ()
    changing: tuple[str, ...] = ()
    goes_first: bool = True
    goes_last: bool = True


@dataclass(frozen=True, slots=True)
class UnitBeside:
    """A unit that this commit changes, and the others that may take requests of its own."""

    unit: CompiledUnit
    before: Sequence[Object]
    others: Sequence[RoutedUnit]
    options: SyncOptions

    @property
    def names(self) -> str:
        return ", ".join(other.name for other in self.others)

    def verdict(self, row: Sequence[Sequence[Object]], start: Sequence[Object]) -> Verdict:
        """The verdict on the unit's sync from `start`, while the others are as in the row."""
        others = OtherObjects(
            _joined(row),
            _joined(other.published for other in self.others),
            _joined(other.states[0] for other in self.others),
        )
        verdict = verify_beside(others, start, self.before, self.unit.objects, self.options)
        return verdict_beside(verdict, [*start, *self.unit.objects])

    def goes_first(self, *, proven: bool) -> bool:
        """Whether it may be synced while the others are as published; specs may not ask for equal routes."""
        row = [other.published for other in self.others]
        return not self._ties(self.unit.objects, row) and (proven or self._is_proven(row))

    def goes_last(self, *, proven: bool) -> bool:
        """Whether it may be synced once the others have come to what they will be."""
        row = [other.states[0] for other in self.others]
        return not self._ties(self.before, row) and (proven or self._is_proven(row))

    def _is_proven(self, row: Sequence[Sequence[Object]]) -> bool:
        return isinstance(self.verdict(row, self.before), Proven)

    def _ties(self, own: Sequence[Object], row: Sequence[Sequence[Object]]) -> bool:
        return not route_matches(own).isdisjoint(route_matches(_joined(row)))


def judged_beside(
    environment: RoutedEnvironment, unit: CompiledUnit, before: Sequence[Object], options: SyncOptions
) -> BesideOthers:
    """The unit's transition from the published and from each unconfirmed state, in every state of the others."""
    others = environment.beside(unit.name)
    if not others:
        return BesideOthers()
    beside = UnitBeside(unit, before, others, options)
    verdicts = tuple(_verdicts(beside, environment.units[unit.name].earlier))
    changing = tuple(other.name for other in others if other.changing)
    proven = all(isinstance(each.verdict, Proven) for each in verdicts)
    return BesideOthers(verdicts, changing, beside.goes_first(proven=proven), beside.goes_last(proven=proven))


def later_verdict(
    forward: Verdict,
    settled: RoutedEnvironment,
    name: str,
    states: tuple[Sequence[Object], Sequence[Object]],
    options: SyncOptions,
) -> Verdict:
    """The verdict on a unit's transition from the first state to the second once the others have settled: `forward`,
    which is on the unit alone, unless one of the others takes requests that it must not.
    """
    before, after = states
    others = settled.sharing(routed_unit(name, after, before)) if isinstance(forward, Proven) else []
    if not others:
        return forward
    row = _joined(other.published for other in others)
    verdict = verify_beside(OtherObjects(row, row, row), before, before, after, options)
    beside = verdict_beside(verdict, [*before, *after])
    return forward if isinstance(beside, Proven) else beside


def _verdicts(beside: UnitBeside, earlier: Sequence[Sequence[Object]]) -> Iterator[BesideVerdict]:
    rows, way = rows_of(beside.others), f" while Argo CD also syncs {beside.names}"
    if rows is None:
        yield BesideVerdict(way, too_many_states(beside.names), "publish fewer of them in one commit")
        return
    for start in (beside.before, *earlier):
        for row in rows:
            known = start is beside.before and all(map(RoutedUnit.is_newest, beside.others, row))
            shown = way if known else f"{way}, from states that are not confirmed"
            yield BesideVerdict(shown, beside.verdict(row, start), MOVE_CLIENTS if known else "")


def with_working_orders(judged: Mapping[str, BesideOthers], installed: Collection[str]) -> dict[str, BesideOthers]:
    """The verdicts by unit with the commits that work: an order of two that is safe for both, where there is one."""
    return {name: _with_remedy(name, judged, installed) for name in judged}


def _with_remedy(name: str, judged: Mapping[str, BesideOthers], installed: Collection[str]) -> BesideOthers:
    own = judged[name]
    others = [judged[other] for other in own.changing if other in judged]
    remedy = MOVE_CLIENTS
    if name not in installed:
        remedy = "publish it with `expose: {internal: true}` first, and its path once Argo CD is Healthy"
    elif others and own.goes_first and all(other.goes_last for other in others):
        remedy = _order_that_works(name, ", ".join(own.changing))
    elif others and own.goes_last and all(other.goes_first for other in others):
        remedy = _order_that_works(", ".join(own.changing), name)
    verdicts = (replace(each, remedy=remedy) if each.remedy == MOVE_CLIENTS else each for each in own.verdicts)
    return replace(own, verdicts=tuple(verdicts))


def _order_that_works(first: str, second: str) -> str:
    return f"publish {first} alone first, confirm it once Argo CD is Healthy, then publish {second}"


def too_many_states(names: str) -> Verdict:
    """What is said where the others may be in too many states to look at each."""
    message = f"{names} change what they route at once: not all orders of their syncs are explored"
    return Unproven(0, reasons=(Finding("too-large", "available", "warning", message, (), "publish them in turn"),))


def _joined(states: Iterable[Sequence[Object]]) -> list[Object]:
    return [obj for state in states for obj in state]


def verdict_beside(verdict: Verdict, objects: Sequence[Object]) -> Verdict:
    """The verdict without what concerns other objects than these alone, each by itself: who writes their fields and
    what their pods read is judged with their own Application, whose options these are not.
    """
    names = {str(object_key(obj)) for obj in objects}
    findings = tuple(finding for finding in verdict.findings if not of_others_alone(finding, names))
    reasons = verdict.reasons if isinstance(verdict, Unproven) else ()
    judgment = Judgment(verdict.states, verdict.premises, findings, verdict.longest_wait, compared=verdict.compared)
    return verdict_on(judgment, reasons)


def of_others_alone(finding: Finding, own: Collection[str]) -> bool:
    return finding.property in PER_OBJECT and bool(finding.objects) and not any(name in own for name in finding.objects)
