"""The proof of a publish: each changed unit's transition from the head and from every earlier state not confirmed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.objects import object_key
from compiler.model.unit import Unit, units_of
from compiler.model.verdict import Finding, Judgement, Proven, Refuted, Unproven, Verdict, verdict_on
from compiler.plan.allowances import AllowedFinding, matching_allowance, policy_exceptions, trailer_of, with_permit
from compiler.plan.facts import PublishFacts
from compiler.plan.finding_locations import verifier_diagnostic
from compiler.plan.graceful import graceful_options
from compiler.plan.migrations import departed_providers, migration_advice
from compiler.plan.other_units import combinations_of, routes_of_removed_releases, units_on_shared_hosts
from compiler.plan.rules import clients_moved, membership_changed, serving_track_changed
from compiler.plan.states import PublishedFiles, no_course_open, parsed_objects, unit_files
from compiler.plan.upcoming_states import compiled_objects, state_after_abort
from compiler.transition import InertDeclaration, SyncOptions, verify_forward, verify_newest
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment, sync_application
from compiler.tree.unconfirmed import UnconfirmedHistory
from compiler.validate.external_references import external_objects_of

PER_OBJECT: Final = frozenset({"undisputed", "config"})
"""Properties that an object has or lacks by itself; the others are about requests, which pass from one to another."""


@dataclass(frozen=True, slots=True)
class UnitTransitions:
    """The verdicts on one unit's transitions: from the head, going back, and from each earlier state by its commit."""

    unit: Unit
    forward: Verdict
    reverse: Verdict | None
    skips: tuple[tuple[str, Verdict], ...]
    beside: tuple[tuple[str, Verdict], ...] = ()
    """from the head, with the objects of other units on its hosts: their names, the verdict"""


@dataclass(frozen=True, slots=True)
class ReviewedFinding:
    """A finding at the line of a spec; `reason`: it says why something is not proven, and refutes nothing."""

    diagnostic: Diagnostic
    reason: Finding | None = None

    @property
    def refutes(self) -> bool:
        return self.diagnostic.severity == "error" and self.reason is None


@dataclass(frozen=True, slots=True)
class UnitProof:
    """One unit's verdicts: on publishing it, on going back, and from each earlier state (its commit, its verdict)."""

    unit: Unit
    verdict: Verdict
    """on publishing: from the head and every earlier state, back again, by the rules, with the exceptions"""
    reverse: Verdict | None
    skips: tuple[tuple[str, Verdict], ...]
    findings: tuple[Diagnostic, ...] = ()
    """all that was found, at the lines of the specs; what an exception permits is a warning"""
    trailers: tuple[tuple[str, str], ...] = ()
    """the exceptions that were needed, for the commit"""


@dataclass(frozen=True, slots=True)
class Proof:
    """The proofs of all changed units, and the folders that go."""

    units: tuple[UnitProof, ...]
    removed: tuple[str, ...]

    @property
    def publishable(self) -> bool:
        return all(proof.verdict.publishable for proof in self.units)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(diagnostics for proof in self.units for diagnostics in proof.findings)

    @property
    def trailers(self) -> tuple[tuple[str, str], ...]:
        return tuple(trailer for proof in self.units for trailer in proof.trailers)

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(proof.unit.name for proof in self.units) + tuple(f"-{name}" for name in self.removed)


def prove_publish(built: BuiltEnvironment, facts: PublishFacts, allowed: Sequence[AllowedFinding]) -> Proof:
    """Proves what `built` would change on the published tree, from it and from every earlier state not confirmed."""
    exceptions = [*allowed, *policy_exceptions(built.compiled, facts.now)]
    proofs = tuple(
        unit_proof(built, facts.base, prove_transitions(built, unit, facts), exceptions)
        for unit in units_to_prove(built, facts.base)
    )
    return Proof(proofs, removed_folders(built, facts.base))


def removed_folders(built: BuiltEnvironment, base: PublishedTree) -> tuple[str, ...]:
    """The published folders that this commit removes."""
    return tuple(sorted(base.folders - top_level_folders(built.files)))


def unit_proof(
    built: BuiltEnvironment, base: PublishedTree, transitions: UnitTransitions, exceptions: Sequence[AllowedFinding]
) -> UnitProof:
    """The proof of one unit: what its transitions and the rules show, less what exceptions permit."""
    unit = transitions.unit
    before = parsed_objects(unit_files(base.manifests, unit.folders))
    rules = (
        *membership_changed(built.compiled, unit, before),
        *serving_track_changed(built.compiled, unit, before),
        *clients_moved(built.compiled, unit, before),
        *routes_of_removed_releases(built.compiled, unit, base.manifests, removed_folders(built, base)),
    )
    members = [built.compiled.release(name) for name in unit.folders]
    moves = [each for member in members for each in migration_advice(built.compiled, member, before)]
    moves += [each for member in members for each in departed_providers(built.compiled, member, before)]
    advice = [ReviewedFinding(each) for each in (*dict.fromkeys(moves), *rules)]
    reviewed = [*advice, *reviewed_findings(built.compiled, transitions)]
    permits = [matching_allowance(each.diagnostic, unit, exceptions) for each in reviewed]
    judged = list(zip(reviewed, permits, strict=True))
    trailers = (("Shipway-Allowed", trailer_of(unit, permit)) for permit in permits if permit is not None)
    return UnitProof(
        unit,
        publish_verdict(transitions.forward, judged),
        transitions.reverse,
        transitions.skips,
        tuple(with_permit(each.diagnostic, permit) for each, permit in judged),
        tuple(dict.fromkeys(trailers)),
    )


def publish_verdict(forward: Verdict, reviewed: Sequence[tuple[ReviewedFinding, AllowedFinding | None]]) -> Verdict:
    """The one verdict on publishing a unit: what refutes it counts unless it is permitted, then what is not proven.

    What is unproven stays so, but may be published, where an exception names every reason.
    """
    facts = (forward.states, forward.premises, forward.findings, forward.longest_wait)
    if any(each.refutes and permit is None for each, permit in reviewed):
        return Refuted(*facts, compared=forward.compared)
    reasons = [(each.reason, permit) for each, permit in reviewed if each.reason is not None]
    if reasons:
        permitted = all(permit is not None for _, permit in reasons)
        return Unproven(*facts, tuple(reason for reason, _ in reasons), permitted, compared=forward.compared)
    return Proven(*facts, compared=forward.compared)


def top_level_folders(files: PublishedFiles) -> frozenset[str]:
    return frozenset(path.rpartition("/")[0] for path in files)


def units_to_prove(built: BuiltEnvironment, base: PublishedTree) -> list[Unit]:
    """The units whose manifests differ from the published ones."""
    return [
        unit
        for unit in units_of(built.compiled)
        if any(base.manifests.get(folder) != built.manifests.get(folder) for folder in unit.folders)
    ]


def prove_transitions(built: BuiltEnvironment, unit: Unit, facts: PublishFacts) -> UnitTransitions:
    """The unit's verdicts. A first install has nothing to go back to, and nothing before it."""
    options = unit_sync_options(built.compiled, unit)
    before = parsed_objects(unit_files(facts.base.manifests, unit.folders))
    after = list(unit.objects)
    beside = tuple(verdicts_beside_others(built, unit, facts.base, before))
    if not before:
        return UnitTransitions(unit, verify_forward(before, after, options), None, (), beside)
    earlier = starting_points(unit, before, facts.history)
    commits = [*(objects for _, objects in reversed(earlier.readable)), before, after]
    names = [*(commit for commit, _ in reversed(earlier.readable)), "the published commit", "this commit"]
    step = verify_newest(commits, options)
    unread = ((commit, unreadable_state_verdict(problem)) for commit, problem in earlier.unreadable)
    skips = (*((with_commit_names(where, names), verdict) for where, verdict in step.skips), *unread)
    reverse = revert_or_abort_verdict(built, unit, step.reverse, options)
    return UnitTransitions(unit, step.forward, reverse, skips, beside)


def verdicts_beside_others(
    built: BuiltEnvironment, unit: Unit, base: PublishedTree, before: Sequence[Object]
) -> Iterator[tuple[str, Verdict]]:
    """The unit's transition among the objects of the others on its hosts: a route may take requests of theirs."""
    others = units_on_shared_hosts(built.compiled, unit, base.manifests, removed_folders(built, base))
    options = unit_sync_options(built.compiled, unit)
    for objects in combinations_of(others) if others else ():
        verdict = verify_forward([*objects, *before], [*objects, *unit.objects], options)
        yield ", ".join(other.name for other in others), verdict_beside(verdict, [*before, *unit.objects])


def verdict_beside(verdict: Verdict, objects: Sequence[Object]) -> Verdict:
    """The verdict without what concerns other objects than these alone, each by itself: who writes their fields and
    what their pods read is judged with their own Application, whose options these are not.
    """
    names = {str(object_key(obj)) for obj in objects}
    findings = tuple(finding for finding in verdict.findings if not of_others_alone(finding, names))
    reasons = verdict.reasons if isinstance(verdict, Unproven) else ()
    judgement = Judgement(verdict.states, verdict.premises, findings, verdict.longest_wait, compared=verdict.compared)
    return verdict_on(judgement, reasons)


def of_others_alone(finding: Finding, own: Collection[str]) -> bool:
    return finding.property in PER_OBJECT and bool(finding.objects) and not any(name in own for name in finding.objects)


def unit_sync_options(compiled: CompiledEnvironment, unit: Unit) -> SyncOptions:
    """How the unit's Application syncs; what its specs name as existing in the cluster does exist there."""
    namespace = compiled.documents.environment.model.spec.namespace
    names = {name for folder in unit.folders for name in external_objects_of(compiled.release(folder))}
    outside = frozenset(f"{kind} {namespace}/{name}" for kind, name in names)
    spec = compiled.documents.environment.model.spec
    inert = tuple(InertDeclaration(each.kind, each.field, each.reason) for each in spec.policy.verify.inert)
    return replace(
        SyncOptions.from_application(sync_application(compiled, unit)),
        outside=outside,
        inert=inert,
        graceful=graceful_options(compiled),
        kubernetes=spec.kubernetes,
        kubernetes_assumed=False,
    )


def with_commit_names(where: str, names: Sequence[str]) -> str:
    """`commit 2 ended after wave 0 …` with the commits' own names instead of their numbers."""
    return re.sub(r"commit (\d+)", lambda result: names[int(result[1])], where)


def revert_or_abort_verdict(built: BuiltEnvironment, unit: Unit, reverted: Verdict, options: SyncOptions) -> Verdict:
    """The verdict of reverting the commit or, where that is unsafe, of `abort`.

    A canary that grew shrinks before its share does when the commit is reverted; `abort` takes the share at once.
    """
    back = state_after_abort(built.compiled, unit.folders, built.data) if not isinstance(reverted, Proven) else None
    if back is None:
        return reverted
    by_abort = verify_forward(unit.objects, compiled_objects(back.compiled), options)
    return by_abort if isinstance(by_abort, Proven) else reverted


@dataclass(frozen=True, slots=True)
class StartingPoints:
    """Earlier states by their commits, the newest first: those that can be read, and what was wrong with the others."""

    readable: tuple[tuple[str, list[Object]], ...]
    unreadable: tuple[tuple[str, Diagnostic], ...]


def starting_points(unit: Unit, head: Sequence[Object], history: UnconfirmedHistory) -> StartingPoints:
    """Earlier states of the present and of the previous course: back to the second state at rest before the head."""
    readable: list[tuple[str, list[Object]]] = []
    unreadable: list[tuple[str, Diagnostic]] = []
    rests = 0 if not no_course_open(head) else 1
    last: Mapping[str, bytes] | None = None
    for state in history.states:
        files = unit_files(state.manifests, unit.folders)
        if not files or rests >= 2:
            break
        if files == last:
            continue
        try:
            objects = parsed_objects(files)
        except Rejected as rejected:
            unreadable.append((state.commit[:12], rejected.diagnostics[0]))
            last = files
            continue
        if not objects:
            break
        if objects == list(head):
            continue
        last = files
        readable.append((state.commit[:12], objects))
        rests += no_course_open(objects)
    return StartingPoints(tuple(readable), tuple(unreadable))


def unreadable_state_verdict(problem: Diagnostic) -> Verdict:
    """Of a way from a state that cannot be read nothing is known: a parser's failure does not mean absence."""
    file = problem.loc.file if problem.loc is not None else "a file"
    message = f"nothing is proven, for `{file}` cannot be read in that commit ({problem.message})"
    help_text = "review by hand what that commit held, and publish with `--allow earlier-state-unreadable --reason …`"
    return Unproven(0, reasons=(Finding("earlier-state-unreadable", "available", "warning", message, (), help_text),))


def reviewed_findings(compiled: CompiledEnvironment, transitions: UnitTransitions) -> Iterator[ReviewedFinding]:
    """All findings of a unit at the lines of its specs."""
    for way, finding, reason in findings_that_count(ways_of(compiled, transitions)):
        yield ReviewedFinding(verifier_diagnostic(compiled, transitions.unit, finding, way), reason)


def findings_that_count(
    ways: Iterable[tuple[str, Verdict, str]],
) -> Iterator[tuple[str, Finding, Finding | None]]:
    """Each finding once, with the way that it was found on, and itself where it is why something is not proven.

    The first way is the one from the head. Of the others errors count, and what is not proven; not their warnings.
    """
    seen: set[tuple[str, str]] = set()
    for way, verdict, remedy in ways:
        reasons = verdict.reasons if isinstance(verdict, Unproven) else ()
        for finding in (*verdict.errors, *reasons) if way else verdict.findings:
            if (finding.code, finding.message) not in seen:
                seen.add((finding.code, finding.message))
                either = f"{remedy}; else {finding.help}" if remedy else finding.help
                unproven = finding in reasons
                shown = replace(finding, severity="error" if unproven else finding.severity, help=either)
                yield way, shown, finding if unproven else None


def ways_of(compiled: CompiledEnvironment, transitions: UnitTransitions) -> Iterator[tuple[str, Verdict, str]]:
    """Each transition of a unit: how it is called, its verdict, and what makes it impossible."""
    yield "", transitions.forward, ""
    for others, verdict in transitions.beside:
        yield f" beside {others}", verdict, ready_first(transitions)
    confirm = f"once Argo CD has synced what is published and is Healthy, say so: `shipway confirm {compiled.name}`"
    for commit, verdict in transitions.skips:
        yield f" when Argo CD goes straight here from {commit}", verdict, confirm
    if transitions.reverse is not None and not closes_course(compiled, transitions.unit):
        yield " on the way back", transitions.reverse, ""


def ready_first(transitions: UnitTransitions) -> str:
    """How a release that has not been published yet gets a route where another one answers now."""
    first = "publish it with `expose: {internal: true}` first, and its path once Argo CD is Healthy"
    return first if transitions.reverse is None else ""


def closes_course(compiled: CompiledEnvironment, unit: Unit) -> bool:
    """A commit after which no course is open: going back is then a course of its own, not an undo."""
    members = [release for release in compiled.releases if release.name in unit.folders]
    return all(not release.strategy.ahead(release.subject) for release in members)
