"""A plan from what is published, what the specs say now, and the course that they open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from compiler import __version__
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import Clone, open_clone
from compiler.git.destination import publish_destination, target_of
from compiler.git.history import last_publish
from compiler.git.source_repository import source_repository
from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.model.objects import object_labels
from compiler.model.plan import Danger, EnvironmentPlan, ObjectChange, Plan, StepView, Undo, UnitPlan
from compiler.model.unit import Unit, units_of
from compiler.model.verdict import Proven, Verdict
from compiler.pipeline import build_environment, render_environment
from compiler.plan.dangers import dangers_in
from compiler.plan.differences import object_changes
from compiler.plan.peak import cost_of_objects, peak_cost
from compiler.plan.proof import Proof, UnitProof, confirmed_commit, prove_publish, unit_sync_options, with_commit_names
from compiler.plan.publish_blockers import publish_blockers, source_conflicts
from compiler.plan.states import parsed_objects, unit_files
from compiler.plan.unit_tracks import track_changes, unit_track_views
from compiler.plan.upcoming_states import UpcomingState, compiled_objects, state_after_abort, upcoming_states
from compiler.source.document import Files
from compiler.source.workspace import read_sources
from compiler.support.parallel import parallel_map
from compiler.transition import SyncOptions, verify_forward, verify_steps
from compiler.tree.index import tree_digest
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment, file_name
from compiler.tree.yaml import emit

SAFE_VERDICT = Proven(1)


@dataclass(frozen=True, slots=True)
class PlanContext:
    """What every part of one environment's plan is made from."""

    built: BuiltEnvironment
    base: PublishedTree
    proof: Proof
    data: Mapping[str, Files]
    source: str | None
    """the commit of the specs that rendered what is published, where that is known"""

    @property
    def compiled(self) -> CompiledEnvironment:
        return self.built.compiled


def plan_environment(root: Path, name: str, confirmed: str | None = None) -> tuple[EnvironmentPlan, Mapping[str, str]]:
    """The environment's plan, and the texts of its specs for carets. Raises Rejected as `build` does."""
    sources = read_sources(root, name)
    rendered = render_environment(sources)
    built = build_environment(rendered, publish_destination(root, rendered.environment))
    target = target_of(root, built.compiled.documents.environment.model)
    with ExitStack() as stack:
        clone = stack.enter_context(open_clone(target)) if target is not None else None
        base = clone.at(clone.fetch_head()) if clone is not None else PublishedTree(None, {}, {})
        proof = prove_publish(built, base, clone, confirmed, ())
        known = confirmed_commit(clone, confirmed)
        scene = PlanContext(built, base, proof, sources.data, last_published_source(clone, base))
        plans = tuple(parallel_map(partial(unit_plan, scene), units_of(built.compiled)))
        apart = source_conflicts(clone, base, root) if clone is not None and proof.units else []
    notes = [*publish_blockers(built, base, datetime.now(UTC)), *apart, *proof.notes]
    if target is None:
        notes.append("the specs are in no Git repository: everything is shown as new")
    place = built.compiled.documents.environment.model.spec.gitops
    return (
        EnvironmentPlan(
            name=name,
            repository=target.shown if target is not None else "",
            branch=target.branch if target is not None else place.branch or f"shipway/{name}",
            path=target.path if target is not None else place.path or name,
            base=base.commit,
            confirmed=known,
            digest=tree_digest(built.files),
            units=plans,
            other_changes=changes_outside_units(scene),
            warnings=built.warnings,
            notes=tuple(notes),
        ),
        sources.texts,
    )


def last_published_source(clone: Clone | None, base: PublishedTree) -> str | None:
    last = last_publish(clone, base.commit) if clone is not None and base.commit is not None else None
    return last.facts.source if last is not None else None


def changes_outside_units(scene: PlanContext) -> tuple[ObjectChange, ...]:
    released = {folder for unit in units_of(scene.compiled) for folder in unit.folders}
    before = {path: data for path, data in scene.base.files.items() if path.partition("/")[0] not in released}
    after = {path: data for path, data in scene.built.files.items() if path.partition("/")[0] not in released}
    return object_changes(before, after)


def unit_plan(scene: PlanContext, unit: Unit) -> UnitPlan:
    members = [scene.compiled.release(name) for name in unit.folders]
    old = unit_files(scene.base.manifests, unit.folders)
    new = unit_files(scene.built.manifests, unit.folders)
    proof = next((each for each in scene.proof.units if each.unit.name == unit.name), None)
    differences = object_changes(old, new) if old != new else ()
    dangers = dangers_in(differences)
    before = parsed_objects(old) if old != new else list(unit.objects)
    return UnitPlan(
        name=unit.name,
        members=unit.folders,
        strategy=members[0].strategy.NAME,
        position=members[0].strategy.position(members[0].subject),
        headline=change_headline(unit, before, dangers) if differences else "",
        before=unit_track_views(before, unit),
        after=unit_track_views(unit.objects, unit),
        cost_before=None if not before else cost_of_objects(before, unit.folders),
        cost_after=cost_of_objects(unit.objects, unit.folders),
        verdict=proof.verdict if proof is not None else SAFE_VERDICT,
        dangers=dangers,
        steps=step_views(scene, unit, proof, before),
        undo=undo_plan(scene, unit, before) if differences and before else None,
        changes=differences,
        findings=proof.findings if proof is not None else (),
    )


def change_headline(unit: Unit, before: Sequence[Object], dangers: Sequence[Danger]) -> str:
    """The change in release words: "canary 10 → 25 %, peak 12 pods, 6 cores, 24 GiB"."""
    routes = [f"{danger.object} {danger.message}" for danger in dangers if danger.kind == "route"]
    changes = [*track_changes(unit, before), *routes] or ["no change of versions or traffic"]
    return ", ".join([*changes, f"peak {peak_cost(unit.folders, before, unit.objects)}"])


def step_views(
    scene: PlanContext, unit: Unit, proof: UnitProof | None, before: Sequence[Object]
) -> tuple[StepView, ...]:
    """This commit, if it changes the unit, and every step after it, each proven from all before it."""
    steps = [] if proof is None else [reviewed_step(scene, unit, proof, before)]
    ahead = upcoming_states(scene.compiled, unit.folders, scene.data)
    earlier = [("the published commit", list(before))] if proof is not None and before else []
    states = [*earlier, ("this commit", list(unit.objects))]
    first = len(states)
    states += [(each.step.name, compiled_objects(each.compiled)) for each in ahead]
    names = [name for name, _ in states]
    options = unit_sync_options(scene.compiled, unit)
    proven = verify_steps([objects for _, objects in states], options) if ahead else ()
    for index, each in enumerate(ahead, start=first):
        at, after, step = states[index - 1][1], states[index][1], proven[index - 1]
        steps.append(
            StepView(
                name=each.step.name,
                command=f"shipway {each.step.verb} {scene.compiled.name}/{unit.name}",
                summary=each.step.says,
                tracks=unit_track_views(after, unit),
                peak=peak_cost(unit.folders, at, after),
                verdict=step.forward,
                reverse=revert_verdict(each, unit, step.reverse, options, scene),
                skips=tuple((with_commit_names(where, names), verdict) for where, verdict in step.skips),
                pause_seconds=each.step.pause_seconds,
                not_before=each.step.not_before,
                changes=object_changes(object_files_for_diff(at), object_files_for_diff(after))
                if index == first
                else (),
            )
        )
    return tuple(steps)


def reviewed_step(scene: PlanContext, unit: Unit, proof: UnitProof, before: Sequence[Object]) -> StepView:
    members = [scene.compiled.release(member) for member in unit.folders]
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


def revert_verdict(
    step: UpcomingState, unit: Unit, reverted: Verdict, options: SyncOptions, scene: PlanContext
) -> Verdict:
    """The verdict of reverting a step still to come or, where that is unsafe, of aborting there."""
    back = state_after_abort(step.compiled, unit.folders, scene.data) if not isinstance(reverted, Proven) else None
    if back is None:
        return reverted
    return verify_forward(compiled_objects(step.compiled), compiled_objects(back.compiled), options)


def object_files_for_diff(objects: Sequence[Object]) -> dict[str, bytes]:
    return {f"{object_labels(obj).get('app', '')}/{file_name(obj)}": emit(obj) for obj in objects}


def undo_plan(scene: PlanContext, unit: Unit, before: Sequence[Object]) -> Undo:
    """`abort` where a course is open, else the way back to what is published now."""
    shown, now = f"{scene.compiled.name}/{unit.name}", list(unit.objects)
    options = unit_sync_options(scene.compiled, unit)
    open_course = state_after_abort(scene.compiled, unit.folders, scene.data)
    if open_course is not None:
        after = compiled_objects(open_course.compiled)
        found = object_changes(object_files_for_diff(now), object_files_for_diff(after))
        # this commit may be that very abort: only what is published now is a way back from it
        if found:
            return Undo(f"shipway abort {shown}", verify_forward(now, after, options), found)
    back = f"shipway rollback {shown}" + (f" --to {scene.source[:12]}" if scene.source is not None else "")
    return Undo(
        back,
        verify_forward(now, list(before), options),
        object_changes(object_files_for_diff(now), object_files_for_diff(list(before))),
    )


def make_plan(root: Path, names: Sequence[str], confirmed: str | None) -> tuple[Plan, list[Diagnostic]]:
    """The plan of several environments, and the findings of those that were refused and have none."""
    plans: list[EnvironmentPlan] = []
    texts: dict[str, str] = {}
    refused: list[Diagnostic] = []
    for name in names:
        try:
            plan, own = plan_environment(root, name, confirmed)
        except Rejected as rejected:
            refused += rejected.diagnostics
            continue
        plans.append(plan)
        texts |= own
    source = source_repository(root)
    head = source.head.commit if source is not None and source.head is not None else None
    return Plan(tuple(plans), __version__, head, texts), refused
