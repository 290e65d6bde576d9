"""A plan from what is published, what the specs say now, and the course that they open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

from compiler.diagnostics.model import Diagnostic
from compiler.model.address import ENVIRONMENT
from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.objects import object_labels
from compiler.model.plan import Danger, EnvironmentPlan, ObjectChange, StepView, Undo, UnitPlan
from compiler.model.unit import CompiledUnit
from compiler.model.verdict import Proven, Unproven, Verdict
from compiler.plan.course_ahead import CourseAhead
from compiler.plan.dangers import dangers_in
from compiler.plan.differences import object_changes
from compiler.plan.environment_proof import EnvironmentProof
from compiler.plan.facts import PublishFacts
from compiler.plan.graceful import graceful_notes
from compiler.plan.other_units import RoutedEnvironment, settled_environment
from compiler.plan.peak import cost_of_objects, peak_cost
from compiler.plan.proof import Proof, UnitProof, prove_publish, unit_sync_options, with_commit_names
from compiler.plan.proof_beside import later_verdict
from compiler.plan.refusals import publish_refusals, refusal_notes
from compiler.plan.returning_workloads import returning_notes
from compiler.plan.states import parsed_objects, unit_files
from compiler.plan.step_effects import dangers_beside_step
from compiler.plan.undo import course_moved, way_back
from compiler.plan.unit_tracks import track_changes, unit_track_views
from compiler.plan.upcoming_states import UpcomingState, compiled_objects, state_after_abort, upcoming_states
from compiler.source.document import Files
from compiler.support.parallel import parallel_map
from compiler.transition import SyncOptions, verify_forward, verify_steps
from compiler.tree.index import INDEX, plan_digest
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment, file_name
from compiler.tree.yaml import emit

SAFE_VERDICT = Proven(1)
NO_REPOSITORY = "the specs are in no Git repository: everything is shown as new"


@dataclass(frozen=True, slots=True)
class PlannedPlace:
    """Where an environment would be published; `repository` is empty where it is nowhere."""

    repository: str
    branch: str
    path: str


@dataclass(frozen=True)
class PlanContext:
    """What every part of one environment's plan is made from."""

    built: BuiltEnvironment
    base: PublishedTree
    proof: Proof
    data: Mapping[str, Files]
    facts: PublishFacts

    @property
    def compiled(self) -> CompiledEnvironment:
        return self.built.compiled

    @cached_property
    def settled(self) -> RoutedEnvironment:
        """All Applications as this commit leaves them: what later steps, and the ways back, happen beside."""
        return settled_environment(self.built)


def plan_environment(
    built: BuiltEnvironment, data: Mapping[str, Files], facts: PublishFacts, place: PlannedPlace
) -> EnvironmentPlan:
    """The environment's plan: what `publish` would do now, and whether it would."""
    context = PlanContext(built, facts.base, prove_publish(built, facts, ()), data, facts)
    own = context.proof.environment
    unsafe = () if own is None or own.verdict.publishable else refusals_of(own.findings)
    refusals = [*publish_refusals(built, facts).all, *unsafe]
    notes = (
        *([environment_note(own.verdict)] if own is not None and ENVIRONMENT in facts.base.manifests else []),
        *refusal_notes(refusals),
        *removal_notes(context),
        *graceful_notes(
            built.compiled, tuple(f for each in context.proof.units for f in each.unit.folders), facts.base
        ),
        *returning_notes((each.unit for each in context.proof.units), facts),
        *facts.notes,
        *context.built.notes,
        *record_notes(context),
        *(() if place.repository else (NO_REPOSITORY,)),
    )
    return EnvironmentPlan(
        name=built.compiled.name,
        repository=place.repository,
        branch=place.branch,
        path=place.path,
        base=facts.base.commit,
        confirmed=facts.confirmed,
        digest=plan_digest(facts.base.files, built.files),
        units=planned_units(context),
        other_changes=changes_outside_units(context),
        warnings=(*built.warnings, *warnings_of(own)),
        notes=notes,
        refused=tuple(refusals),
        argocd_path=built.environment.spec.argocd.path,
    )


def warnings_of(own: EnvironmentProof | None) -> tuple[Diagnostic, ...]:
    """What was found of the environment's own objects and stops nothing."""
    return () if own is None else tuple(each for each in own.findings if each.severity == "warning")


def refusals_of(findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that no exception permits."""
    return tuple(each for each in findings if each.severity == "error")


def environment_note(verdict: Verdict) -> str:
    """What is proven of the environment's own objects."""
    proven = f"{verdict.verdict}, {verdict.states} states" if verdict.scope == "states" else verdict.verdict
    of_no_request = verdict.verdict == "safe" and verdict.scope != "states"
    return f"the environment's own objects: {'nothing that serves changes' if of_no_request else proven}"


RECORD_ALONE = "no manifest changes: a publish would only renew the record of their source (.shipway)"


def record_notes(context: PlanContext) -> Iterator[str]:
    """That a publish makes a commit though no file but an index differs."""
    base, built = context.base.files, context.built.files
    if base and base != built and not object_changes(base, built):
        differing = {path for path in base.keys() | built.keys() if base.get(path) != built.get(path)}
        yield from [RECORD_ALONE] if all(path.endswith(INDEX) for path in differing) else []


def staying(context: PlanContext) -> list[str]:
    """The removed releases whose objects stay in the cluster: their Applications go without a finalizer."""
    cascade = context.compiled.documents.environment.model.spec.argocd.cascade
    return [] if cascade else [name for name in context.proof.removed if name and not name.startswith("_")]


def removal_notes(context: PlanContext) -> Iterator[str]:
    """What stays of each release that leaves, and how it goes."""
    namespace = context.compiled.documents.environment.model.spec.namespace
    for name in staying(context):
        objects = parsed_objects(unit_files(context.base.manifests, [name]))
        kinds = ",".join(sorted({str(obj["kind"]).lower() for obj in objects}))
        yield (
            f"{name} is removed, but its {len(objects)} objects stay in the cluster and still serve (no "
            f"`argocd.cascade`). To delete them too, bring its file back, then publish and confirm each of these: "
            f"1. `expose: {{internal: true}}` in the file; 2. `cascade: true` in environment.yaml; 3. no file. "
            f"Or delete by hand, after this commit, what `kubectl -n {namespace} get {kinds} -l app={name}` lists, "
            f"its routes first"
        )


def changes_outside_units(context: PlanContext) -> tuple[ObjectChange, ...]:
    released = {folder for unit in context.built.units for folder in unit.folders} | set(staying(context))
    before = {path: data for path, data in context.base.files.items() if path.partition("/")[0] not in released}
    after = {path: data for path, data in context.built.files.items() if path.partition("/")[0] not in released}
    return object_changes(before, after)


def planned_units(context: PlanContext) -> tuple[UnitPlan, ...]:
    """All units of the shard; of those that do not change the courses ahead are proven when a report reads them."""
    units = [unit for unit in context.built.units if context.built.shard.holds(unit.shown)]
    proofs = {each.unit.name: each for each in context.proof.units}
    changed = [(unit, proofs[unit.name]) for unit in units if unit.name in proofs]
    plans = iter(parallel_map(partial(changed_unit_plan, context), changed, "releases proven"))
    return tuple(next(plans) if unit.name in proofs else resting_unit_plan(context, unit) for unit in units)


def step_command(unit: CompiledUnit, verb: str) -> str:
    """The command that makes the step's edit."""
    return f"shipway {verb} {unit.shown}"


def resting_unit_plan(context: PlanContext, unit: CompiledUnit) -> UnitPlan:
    """The plan of a unit that this commit leaves as it is. Its course is proven when a report reads it."""
    facts = context.built.unit_facts[unit.name]
    return UnitPlan(
        name=unit.name,
        members=unit.folders,
        strategy=facts.strategy,
        position=facts.position,
        headline="",
        before=facts.tracks,
        after=facts.tracks,
        cost_before=facts.cost,
        cost_after=facts.cost,
        verdict=SAFE_VERDICT,
        dangers=(),
        steps=CourseAhead(facts.ahead, partial(proven_course_ahead, context, unit)) if facts.ahead else (),
        undo=None,
        changes=(),
        previews=facts.previews,
        next_command=step_command(unit, facts.next_verb) if facts.ahead else "",
        moves=context.facts.moves.get(unit.name, ()),
    )


def changed_unit_plan(context: PlanContext, changed: tuple[CompiledUnit, UnitProof]) -> UnitPlan:
    """The plan of a unit that this commit changes, by its proof."""
    unit, proof = changed
    facts = context.built.unit_facts[unit.name]
    old = unit_files(context.base.manifests, unit.folders)
    differences = object_changes(old, unit_files(context.built.manifests, unit.folders))
    before = parsed_objects(old)
    dangers = dangers_beside_step(dangers_in(differences), before, unit.objects, unit.folders)
    return UnitPlan(
        name=unit.name,
        members=unit.folders,
        strategy=facts.strategy,
        position=facts.position,
        headline=change_headline(unit, before, dangers) if differences else "",
        before=unit_track_views(before, unit),
        after=facts.tracks,
        cost_before=None if not before else cost_of_objects(before, unit.folders),
        cost_after=facts.cost,
        verdict=proof.verdict,
        dangers=dangers,
        steps=step_views(context, unit, proof, before),
        undo=undo_plan(context, unit, before) if differences and before else None,
        changes=differences,
        previews=facts.previews,
        findings=proof.findings,
        moves=context.facts.moves.get(unit.name, ()),
    )


def change_headline(unit: CompiledUnit, before: Sequence[Object], dangers: Sequence[Danger]) -> str:
    """The change in release words: "canary 10 → 25 %, peak 12 pods, 6 cores, 24 GiB"."""
    routes = [f"{danger.object}: {danger.message}" for danger in dangers if danger.kind == "route"]
    changes = [*track_changes(unit, before), *routes] or ["no change of versions or traffic"]
    return ", ".join([*changes, f"peak {peak_cost(unit.folders, before, unit.objects)}"])


def step_views(
    context: PlanContext, unit: CompiledUnit, proof: UnitProof | None, before: Sequence[Object]
) -> tuple[StepView, ...]:
    """This commit, if it changes the unit, and every step after it, each proven from all before it."""
    steps = [] if proof is None else [reviewed_step(context, unit, proof, before)]
    ahead = upcoming_states(context.compiled, unit.folders, context.data)
    earlier = [("the published commit", list(before))] if proof is not None and before else []
    states = [*earlier, ("this commit", list(unit.objects))]
    first = len(states)
    states += [(each.step.name, compiled_objects(each.compiled)) for each in ahead]
    names = [name for name, _ in states]
    options = unit_sync_options(context.compiled, unit)
    proven = verify_steps([objects for _, objects in states], options) if ahead else ()
    for index, each in enumerate(ahead, start=first):
        at, after, step = states[index - 1][1], states[index][1], proven[index - 1]
        reverted = later_verdict(step.reverse, context.settled, unit.name, (after, at), options)
        reverse, back = way_out(each, unit, reverted, options, context)
        steps.append(
            StepView(
                name=each.step.name,
                command=step_command(unit, each.step.verb),
                summary=each.step.summary,
                tracks=unit_track_views(after, unit),
                peak=peak_cost(unit.folders, at, after),
                verdict=later_verdict(step.forward, context.settled, unit.name, (at, after), options),
                reverse=reverse,
                back=back,
                skips=tuple((with_commit_names(where, names), verdict) for where, verdict in step.skips),
                pause_seconds=each.step.pause_seconds,
                not_before=each.step.not_before,
                changes=object_changes(object_files_for_diff(at), object_files_for_diff(after))
                if index == first
                else (),
            )
        )
    return tuple(steps)


def proven_course_ahead(context: PlanContext, unit: CompiledUnit) -> tuple[StepView, ...]:
    """The steps still to come of a unit that does not change."""
    return step_views(context, unit, None, unit.objects)


def reviewed_step(context: PlanContext, unit: CompiledUnit, proof: UnitProof, before: Sequence[Object]) -> StepView:
    members = [context.compiled.release(member) for member in unit.folders]
    return StepView(
        name="this commit",
        command="",
        summary=members[0].strategy.position(members[0].subject),
        tracks=unit_track_views(unit.objects, unit),
        peak=peak_cost(unit.folders, before, unit.objects),
        verdict=proof.verdict,
        reverse=proof.reverse or SAFE_VERDICT,
        skips=proof.skips,
    )


REVERT: Final = "git revert COMMIT"
"""The way back from a step whose commit is not made yet."""


def way_out(
    step: UpcomingState, unit: CompiledUnit, reverted: Verdict, options: SyncOptions, context: PlanContext
) -> tuple[Verdict, str]:
    """The verdict of reverting a step still to come or, where that is unsafe, of aborting there; and the command."""
    back = state_after_abort(step.compiled, unit.folders, context.data) if not isinstance(reverted, Proven) else None
    if back is None:
        return reverted, REVERT
    states = compiled_objects(step.compiled), compiled_objects(back.compiled)
    verdict = later_verdict(verify_forward(*states, options), context.settled, unit.name, states, options)
    return verdict, f"shipway abort {context.compiled.name}/{unit.name}"


def object_files_for_diff(objects: Sequence[Object]) -> dict[str, bytes]:
    return {f"{object_labels(obj).get('app', '')}/{file_name(obj)}": emit(obj) for obj in objects}


def undo_plan(context: PlanContext, unit: CompiledUnit, before: Sequence[Object]) -> Undo:
    """`abort` where this commit moves an open course, else the way back to what is published now."""
    shown, now = f"{context.compiled.name}/{unit.name}", list(unit.objects)
    open_course = state_after_abort(context.compiled, unit.folders, context.data)
    views = unit_track_views(before, unit), unit_track_views(unit.objects, unit)
    if open_course is not None and course_moved(unit, context.facts.spec_changes, *views):
        after = compiled_objects(open_course.compiled)
        changes = object_changes(object_files_for_diff(now), object_files_for_diff(after))
        # this commit may be that very abort: only what is published now is a way back from it
        if changes:
            return Undo(f"shipway abort {shown}", undo_verdict(context, unit, now, after), changes)
    way = way_back(context.compiled, unit, context.facts)
    if not way.known:
        return Undo("", Unproven(0), (), way.note)
    changes = object_changes(object_files_for_diff(now), object_files_for_diff(list(before)))
    return Undo(way.command, undo_verdict(context, unit, now, list(before)), changes, way.note)


def undo_verdict(context: PlanContext, unit: CompiledUnit, now: list[Object], after: list[Object]) -> Verdict:
    """The verdict on going back once this commit is synced, beside the other releases as it leaves them."""
    options = unit_sync_options(context.compiled, unit)
    return later_verdict(verify_forward(now, after, options), context.settled, unit.name, (now, after), options)
