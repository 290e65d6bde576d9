"""The proof of a publish: each changed unit's transition from the head and from every earlier state not confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from compiler.diagnostics.model import Diagnostic
from compiler.model.compiled import CompiledEnvironment, CompiledRelease
from compiler.model.manifest import Object
from compiler.model.unit import CompiledUnit
from compiler.model.verdict import Finding, Proven, Unproven, Verdict
from compiler.plan.allowances import AllowedFinding, matching_allowance, policy_exceptions, trailer_of, with_permit
from compiler.plan.environment_proof import EnvironmentProof, environment_differs, prove_environment
from compiler.plan.facts import PublishFacts
from compiler.plan.finding_locations import verifier_diagnostic
from compiler.plan.first_publish import KnownLosses, judge_first_publish
from compiler.plan.graceful import graceful_options
from compiler.plan.migrations import departed_providers, migration_advice
from compiler.plan.other_units import RoutedEnvironment, differs, removed_folders, routed_environment
from compiler.plan.proof_beside import BesideOthers, judged_beside, with_working_orders
from compiler.plan.publish_verdict import findings_that_count, publish_verdict
from compiler.plan.renames import routes_left_behind, routes_of_removed_releases
from compiler.plan.reviewed import ReviewedFinding, repeated_findings, with_hidden_codes
from compiler.plan.rules import membership_changed, serving_track_changed
from compiler.plan.starting_points import starting_points
from compiler.plan.states import parsed_objects, unit_files
from compiler.plan.upcoming_states import compiled_objects, state_after_abort
from compiler.strategies import versioned
from compiler.transition import InertDeclaration, SyncOptions, verify_forward, verify_newest
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment, environment_application, sync_application
from compiler.validate.external_references import external_objects_of

CLIENTS_MOVED: Final = "clients-moved"


@dataclass(frozen=True, slots=True)
class UnitTransitions:
    """The verdicts on one unit's transitions: from the head, going back, and from each earlier state by its commit."""

    unit: CompiledUnit
    forward: Verdict
    reverse: Verdict | None
    skips: tuple[tuple[str, Verdict], ...]
    beside: BesideOthers
    """among the objects of other units that may take the same requests"""
    known: KnownLosses | None = None
    """of a first publish over what runs"""


@dataclass(frozen=True, slots=True)
class UnitProof:
    """One unit's verdicts: on publishing it, on going back, and from each earlier state (its commit, its verdict)."""

    unit: CompiledUnit
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
    """The proofs of all changed units, that of the environment's own objects, and the folders that go."""

    units: tuple[UnitProof, ...]
    removed: tuple[str, ...]
    environment: EnvironmentProof | None = None
    """None where none of its own objects changes"""

    @property
    def all(self) -> tuple[UnitProof | EnvironmentProof, ...]:
        """Every proof, the environment's own the last."""
        return (*self.units, *([] if self.environment is None else [self.environment]))

    @property
    def publishable(self) -> bool:
        return all(proof.verdict.publishable for proof in self.all)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(diagnostics for proof in self.all for diagnostics in proof.findings)

    @property
    def trailers(self) -> tuple[tuple[str, str], ...]:
        return tuple(trailer for proof in self.all for trailer in proof.trailers)

    @property
    def changed(self) -> tuple[str, ...]:
        return tuple(proof.unit.name for proof in self.units) + tuple(f"-{name}" for name in self.removed)


def prove_publish(built: BuiltEnvironment, facts: PublishFacts, allowed: Sequence[AllowedFinding]) -> Proof:
    """Proves what `built` would change on the published tree, from it and from every earlier state not confirmed."""
    exceptions = [*allowed, *policy_exceptions(built.compiled, facts.now)]
    transitions = all_transitions(built, facts)
    proofs = tuple(unit_proof(built, facts, each, exceptions) for each in transitions)
    removed = removed_folders(built, facts.base)
    if not environment_differs(built, facts.base):
        return Proof(proofs, removed)
    own = prove_environment(built, facts, environment_sync_options(built.compiled), exceptions)
    return Proof(proofs, removed, own)


def unit_proof(
    built: BuiltEnvironment, facts: PublishFacts, transitions: UnitTransitions, exceptions: Sequence[AllowedFinding]
) -> UnitProof:
    """The proof of one unit: what its transitions and the rules show, less what exceptions permit."""
    unit, base = transitions.unit, facts.base
    before = parsed_objects(unit_files(base.manifests, unit.folders))
    rules = (
        *membership_changed(built.compiled, unit, before),
        *serving_track_changed(built.compiled, unit, before),
        *routes_of_removed_releases(built.compiled, unit, base.manifests, removed_folders(built, base)),
        *routes_left_behind(built.compiled, unit, base.manifests, facts.departed),
    )
    members = [built.compiled.release(name) for name in unit.folders]
    moves = [each for member in members for each in migration_advice(built.compiled, member, before)]
    moves += [each for member in members for each in departed_providers(built.compiled, member, before)]
    advice = [ReviewedFinding(each) for each in (*dict.fromkeys(moves), *rules)]
    reviewed = [*advice, *reviewed_findings(built.compiled, transitions)]
    permits = [
        matching_allowance(each.diagnostic, (unit.name, *unit.folders), exceptions)
        or (transitions.known.permit(each.finding) if transitions.known and not each.way else None)
        for each in reviewed
    ]
    judged = list(zip(reviewed, permits, strict=True))
    trailers = (("Shipway-Allowed", trailer_of(unit.name, permit)) for permit in permits if permit is not None)
    repeated = repeated_findings(judged)
    verdict = publish_verdict(transitions.forward, judged)
    forward = [each.finding for each in repeated if not each.way]
    return UnitProof(
        unit,
        replace(verdict, findings=tuple(each for each in verdict.findings if each not in forward)),
        transitions.reverse,
        transitions.skips,
        tuple(with_permit(each.diagnostic, permit) for each, permit in with_hidden_codes(judged, repeated)),
        tuple(dict.fromkeys(trailers)),
    )


def units_to_prove(built: BuiltEnvironment, base: PublishedTree) -> list[CompiledUnit]:
    """The units whose manifests differ from the published ones."""
    return [unit for unit in built.units if differs(built, base, unit)]


def all_transitions(built: BuiltEnvironment, facts: PublishFacts) -> list[UnitTransitions]:
    """The verdicts on all changed units, each alone and among the others that may take its requests."""
    environment = routed_environment(built, facts.base, facts.history)
    transitions = [prove_transitions(built, unit, facts, environment) for unit in units_to_prove(built, facts.base)]
    installed = {each.unit.name for each in transitions if each.reverse is not None}
    beside = with_working_orders({each.unit.name: each.beside for each in transitions}, installed)
    return [replace(each, beside=beside[each.unit.name]) for each in transitions]


def prove_transitions(
    built: BuiltEnvironment, unit: CompiledUnit, facts: PublishFacts, environment: RoutedEnvironment
) -> UnitTransitions:
    """The unit's verdicts. A first install has nothing to go back to, and nothing before it."""
    options = unit_sync_options(built.compiled, unit)
    before = parsed_objects(unit_files(facts.base.manifests, unit.folders))
    after = list(unit.objects)
    beside = judged_beside(environment, unit, before, options)
    if not before:
        first = judge_first_publish(built.compiled, unit, facts.running, options)
        return UnitTransitions(unit, first.verdict, None, (), beside, first.known)
    earlier = starting_points(unit.folders, before, facts.history)
    commits = [*(objects for _, objects in reversed(earlier.readable)), before, after]
    names = [*(commit for commit, _ in reversed(earlier.readable)), "the published commit", "this commit"]
    step = verify_newest(commits, options)
    unread = ((commit, unreadable_state_verdict(problem)) for commit, problem in earlier.unreadable)
    skips = (*((with_commit_names(where, names), verdict) for where, verdict in step.skips), *unread)
    reverse = revert_or_abort_verdict(built, unit, step.reverse, options)
    return UnitTransitions(unit, step.forward, reverse, skips, beside)


def unit_sync_options(compiled: CompiledEnvironment, unit: CompiledUnit) -> SyncOptions:
    """How the unit's Application syncs; what its specs name as existing in the cluster does exist there."""
    members = [compiled.release(folder) for folder in unit.folders]
    return _options_of(compiled, sync_application(compiled, unit), members)


def environment_sync_options(compiled: CompiledEnvironment) -> SyncOptions:
    """How Argo CD syncs the environment's own objects, beside all its releases."""
    return _options_of(compiled, environment_application(compiled), compiled.releases)


def _options_of(compiled: CompiledEnvironment, application: Object, releases: Iterable[CompiledRelease]) -> SyncOptions:
    spec = compiled.documents.environment.model.spec
    names = {name for release in releases for name in external_objects_of(release)}
    inert = tuple(InertDeclaration(each.kind, each.field, each.reason) for each in spec.policy.verify.inert)
    return replace(
        SyncOptions.from_application(application),
        outside=frozenset(f"{kind} {spec.namespace}/{name}" for kind, name in names),
        inert=inert,
        graceful=graceful_options(compiled),
        kubernetes=spec.kubernetes,
        kubernetes_assumed=False,
    )


def with_commit_names(where: str, names: Sequence[str]) -> str:
    """`a sync of commit 2 that ended after wave 0 …` with the commits' own names instead of their numbers."""
    return re.sub(r"commit (\d+)", lambda result: names[int(result[1])], where)


def revert_or_abort_verdict(
    built: BuiltEnvironment, unit: CompiledUnit, reverted: Verdict, options: SyncOptions
) -> Verdict:
    """The verdict of reverting the commit or, where that is unsafe, of `abort`.

    A canary that grew shrinks before its share does when the commit is reverted; `abort` takes the share at once.
    """
    back = state_after_abort(built.compiled, unit.folders, built.data) if not isinstance(reverted, Proven) else None
    if back is None:
        return reverted
    by_abort = verify_forward(unit.objects, compiled_objects(back.compiled), options)
    return by_abort if isinstance(by_abort, Proven) else reverted


def unreadable_state_verdict(problem: Diagnostic) -> Verdict:
    """Of a way from a state that cannot be read nothing is known: a parser's failure does not mean absence."""
    file = problem.loc.file if problem.loc is not None else "a file"
    message = f"`{file}` cannot be read in that commit ({problem.message}), so nothing is proven"
    help_text = "review by hand what that commit held, and publish with `--allow earlier-state-unreadable --reason …`"
    return Unproven(0, reasons=(Finding("earlier-state-unreadable", "available", "warning", message, (), help_text),))


def reviewed_findings(compiled: CompiledEnvironment, transitions: UnitTransitions) -> Iterator[ReviewedFinding]:
    """All findings of a unit at the lines of its specs."""
    lasting = any(member.strategy.NAME == versioned.NAME for member in transitions.unit.members)
    for way, finding, reason in findings_that_count(ways_of(compiled, transitions)):
        # a version that clients name keeps its contract: there is no switch that they could be told of
        moved = lasting and finding.code == CLIENTS_MOVED
        shown = replace(finding, severity="error") if moved else finding
        yield ReviewedFinding(verifier_diagnostic(compiled, transitions.unit, shown, way), reason, finding, way)


def ways_of(compiled: CompiledEnvironment, transitions: UnitTransitions) -> Iterator[tuple[str, Verdict, str]]:
    """Each transition of a unit: how it is called, its verdict, and what makes it impossible."""
    yield "", transitions.forward, ""
    confirm = f"once Argo CD has synced what is published and reports Healthy, run `shipway confirm {compiled.name}`"
    for beside in transitions.beside.verdicts:
        yield beside.way, beside.verdict, beside.remedy or confirm
    for commit, verdict in transitions.skips:
        yield f" when Argo CD goes straight here from {commit}", verdict, confirm
    if transitions.reverse is not None and not closes_course(compiled, transitions.unit):
        yield " on the way back", transitions.reverse, ""


def closes_course(compiled: CompiledEnvironment, unit: CompiledUnit) -> bool:
    """A commit after which no course is open: going back is then a course of its own, not an undo."""
    members = [release for release in compiled.releases if release.name in unit.folders]
    return all(not release.strategy.ahead(release.subject) for release in members)
