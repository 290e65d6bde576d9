"""A plan from what is published, what the specs say now, and the course that they open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from compiler import __version__
from compiler.assemble.config import Files
from compiler.assemble.cost import NOTHING, Cost, cost_of
from compiler.compile import CompiledEnvironment, CompiledRelease
from compiler.cores import on_every_core
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.emit import emit
from compiler.gitops.clone import Clone, opened
from compiler.gitops.history import last_publish
from compiler.gitops.index import tree_digest
from compiler.gitops.source import source_of
from compiler.gitops.tree import PublishedTree
from compiler.manifest import Object
from compiler.pipeline import Built, build
from compiler.plan.ahead import Ahead, aborted, compiled_objects, course_ahead
from compiler.plan.dangers import dangers
from compiler.plan.differences import changes
from compiler.plan.hindrances import hindrances, strangers
from compiler.plan.model import EnvironmentPlan, ObjectChange, Plan, StepView, Undo, UnitPlan
from compiler.plan.proof import Proof, UnitProof, confirmed_commit, named, options_of, prove
from compiler.plan.states import objects_of, unit_files
from compiler.plan.tracks import labels_of, tracks_of
from compiler.plan.words import track_changes, views
from compiler.render import file_name
from compiler.targets import destination_of, target_of
from compiler.transition import SyncOptions, Verdict, verify_forward, verify_steps
from compiler.units import Unit, units
from compiler.workspace import read_environment

SAFE = Verdict("safe", 1)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every part of one environment's plan is made from."""

    built: Built
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
    sources = read_environment(root, name)
    built = build(sources, partial(destination_of, root))
    target = target_of(root, built.compiled.documents.environment.model)
    with ExitStack() as stack:
        clone = stack.enter_context(opened(target)) if target is not None else None
        base = clone.at(clone.fetch_head()) if clone is not None else PublishedTree(None, {}, {})
        proof = prove(built, base, clone, confirmed, ())
        known = confirmed_commit(clone, confirmed)
        scene = Scene(built, base, proof, sources.data, published_source(clone, base))
        plans = tuple(on_every_core(partial(unit_plan, scene), units(built.compiled)))
        apart = strangers(clone, base, root) if clone is not None and proof.units else []
    notes = [*hindrances(built, base, datetime.now(UTC)), *apart, *proof.notes]
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
            other_changes=other_changes(scene),
            warnings=built.warnings,
            notes=tuple(notes),
        ),
        sources.texts,
    )


def published_source(clone: Clone | None, base: PublishedTree) -> str | None:
    last = last_publish(clone, base.commit) if clone is not None and base.commit is not None else None
    return last.facts.source if last is not None else None


def other_changes(scene: Scene) -> tuple[ObjectChange, ...]:
    released = {folder for unit in units(scene.compiled) for folder in unit.folders}
    before = {path: data for path, data in scene.base.files.items() if path.partition("/")[0] not in released}
    after = {path: data for path, data in scene.built.files.items() if path.partition("/")[0] not in released}
    return changes(before, after)


def unit_plan(scene: Scene, unit: Unit) -> UnitPlan:
    members = [scene.compiled.release(name) for name in unit.folders]
    old = unit_files(scene.base.manifests, unit.folders)
    new = unit_files(scene.built.manifests, unit.folders)
    proof = next((each for each in scene.proof.units if each.unit.name == unit.name), None)
    differences = changes(old, new) if old != new else ()
    before = objects_of(old) if old != new else list(unit.objects)
    return UnitPlan(
        name=unit.name,
        members=unit.folders,
        strategy=members[0].strategy.NAME,
        position=members[0].strategy.position(members[0].subject),
        headline=headline(scene, unit, before) if differences else "",
        before=views(before, unit),
        after=views(unit.objects, unit),
        cost_before=None if not before else sum_costs(members, before),
        cost_after=sum_costs(members, unit.objects),
        verdict=proof.answer if proof is not None else SAFE,
        dangers=dangers(differences),
        steps=steps_of(scene, unit, proof, before),
        undo=undo_of(scene, unit, before) if differences and before else None,
        changes=differences,
        findings=proof.findings if proof is not None else (),
    )


def sum_costs(members: Sequence[CompiledRelease], objects: Sequence[Object]) -> Cost:
    return sum((cost_of_member(member, pods_of(objects, member.name)) for member in members), NOTHING)


def cost_of_member(member: CompiledRelease, pods: int) -> Cost:
    resources = [version.resources for version in member.strategy.tracks(member.subject).values()]
    return cost_of(member.subject.release, pods, resources)


def pods_of(objects: Sequence[Object], release: str) -> int:
    return sum(view.pods for view in tracks_of(objects, release))


def peak(members: Sequence[CompiledRelease], before: Sequence[Object], after: Sequence[Object]) -> Cost:
    """Pods of both sides at once where a track grows or goes, and one of surge for each track that changes."""
    total = NOTHING
    for member in members:
        old = {view.track: view for view in tracks_of(before, member.name)}
        new = {view.track: view for view in tracks_of(after, member.name)}
        pods = 0
        for track in {*old, *new}:
            one, other = old.get(track), new.get(track)
            pods += max(one.pods if one else 0, other.pods if other else 0)
            pods += one is not None and other is not None and one.version != other.version
        total = total + cost_of_member(member, pods)
    return total


def headline(scene: Scene, unit: Unit, before: Sequence[Object]) -> str:
    """The change in release words: "canary 10 → 25 %, peak 12 pods, 6 cores, 24 GiB"."""
    members = [scene.compiled.release(name) for name in unit.folders]
    said = track_changes(unit, before)
    return ", ".join([*(said or ["no change of versions or traffic"]), f"peak {peak(members, before, unit.objects)}"])


def steps_of(scene: Scene, unit: Unit, proof: UnitProof | None, before: Sequence[Object]) -> tuple[StepView, ...]:
    """This commit, if it changes the unit, and every step after it, each proven from all before it."""
    steps = [] if proof is None else [this_commit(scene, unit, proof, before)]
    ahead = course_ahead(scene.compiled, unit.folders, scene.data)
    earlier = [("the published commit", list(before))] if proof is not None and before else []
    states = [*earlier, ("this commit", list(unit.objects))]
    first = len(states)
    states += [(each.step.name, compiled_objects(each.compiled)) for each in ahead]
    names = [name for name, _ in states]
    options = options_of(scene.compiled, unit)
    proven = verify_steps([objects for _, objects in states], options) if ahead else ()
    for index, each in enumerate(ahead, start=first):
        at, after, step = states[index - 1][1], states[index][1], proven[index - 1]
        steps.append(
            StepView(
                name=each.step.name,
                command=f"shipway {each.step.verb} {scene.compiled.name}/{unit.name}",
                says=each.step.says,
                tracks=views(after, unit),
                peak=peak(each.compiled.releases, at, after),
                verdict=step.forward,
                reverse=step_back(each, unit, step.reverse, options, scene),
                skips=tuple((named(where, names), verdict) for where, verdict in step.skips),
                pause_seconds=each.step.pause_seconds,
                not_before=each.step.not_before,
                changes=changes(files_of(at), files_of(after)) if index == first else (),
            )
        )
    return tuple(steps)


def this_commit(scene: Scene, unit: Unit, proof: UnitProof, before: Sequence[Object]) -> StepView:
    members = [scene.compiled.release(member) for member in unit.folders]
    return StepView(
        name="this commit",
        command="",
        says=members[0].strategy.position(members[0].subject),
        tracks=views(unit.objects, unit),
        peak=peak(members, before, unit.objects),
        verdict=proof.answer,
        reverse=proof.reverse or SAFE,
        skips=proof.skips,
    )


def step_back(step: Ahead, unit: Unit, reverted: Verdict, options: SyncOptions, scene: Scene) -> Verdict:
    """The verdict of reverting a step still to come or, where that is unsafe, of aborting there."""
    back = aborted(step.compiled, unit.folders, scene.data) if reverted.verdict != "safe" else None
    if back is None:
        return reverted
    return verify_forward(compiled_objects(step.compiled), compiled_objects(back.compiled), options)


def files_of(objects: Sequence[Object]) -> dict[str, bytes]:
    return {f"{labels_of(obj).get('app', '')}/{file_name(obj)}": emit(obj) for obj in objects}


def undo_of(scene: Scene, unit: Unit, before: Sequence[Object]) -> Undo:
    """`abort` where a course is open, else the way back to what is published now."""
    shown, now = f"{scene.compiled.name}/{unit.name}", list(unit.objects)
    options = options_of(scene.compiled, unit)
    open_course = aborted(scene.compiled, unit.folders, scene.data)
    if open_course is not None:
        after = compiled_objects(open_course.compiled)
        found = changes(files_of(now), files_of(after))
        # this commit may be that very abort: only what is published now is a way back from it
        if found:
            return Undo(f"shipway abort {shown}", verify_forward(now, after, options), found)
    back = f"shipway rollback {shown}" + (f" --to {scene.source[:12]}" if scene.source is not None else "")
    return Undo(back, verify_forward(now, list(before), options), changes(files_of(now), files_of(list(before))))


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
    source = source_of(root)
    head = source.head.commit if source is not None and source.head is not None else None
    return Plan(tuple(plans), __version__, head, texts), refused
