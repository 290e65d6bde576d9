"""Plans of the environments below a folder: their specs built, the facts fetched, and a plan made of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from compiler import __version__
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import open_clone
from compiler.git.destination import target_of
from compiler.git.source_repository import spec_changes_since
from compiler.git.target import Target
from compiler.model.manifest import Object
from compiler.model.plan import EnvironmentPlan, Plan
from compiler.plan.facts import PublishFacts
from compiler.plan.planner import PlannedPlace, plan_environment
from compiler.publish.facts import SpecsFolder, facts_without_repository, fetched_facts, specs_folder
from compiler.publish.kept_units import with_all_facts
from compiler.publish.local_build import read_and_built
from compiler.publish.pilot_moves import pilot_moves
from compiler.publish.published_shard import on_published_tree
from compiler.source.workspace import Sources
from compiler.support.parallel import WHOLE, Shard
from compiler.tree.render import BuiltEnvironment


def make_plan(
    root: Path,
    names: Sequence[str],
    confirmed: str | None,
    running: Sequence[Object] = (),
    shard: Shard = WHOLE,
) -> tuple[Plan, list[Diagnostic]]:
    """The plan of several environments, and the findings of those that were refused and have none.

    `running` is what the cluster holds today, where a release was not published yet.
    """
    plans: list[EnvironmentPlan] = []
    texts: dict[str, str] = {}
    refused: list[Diagnostic] = []
    specs = specs_folder(root)
    for name in names:
        try:
            plan, own = planned_environment(specs, name, confirmed, running, shard)
        except Rejected as rejected:
            refused += rejected.diagnostics
            continue
        plans.append(plan)
        texts |= own
    head = None if specs.head is None else specs.head.commit
    return Plan(tuple(plans), __version__, head, texts), refused


def planned_environment(
    specs: SpecsFolder,
    name: str,
    confirmed: str | None = None,
    running: Sequence[Object] = (),
    shard: Shard = WHOLE,
) -> tuple[EnvironmentPlan, Mapping[str, str]]:
    """The environment's plan, and the texts of its specs for carets. Raises Rejected as `build` does."""
    root = specs.root
    sources, built = read_and_built(root, name, shard)
    target = target_of(root, built.compiled.documents.environment.model)
    built = with_all_facts(root, sources, built)
    built, facts = (built, facts_without_repository()) if target is None else facts_of(target, specs, built, confirmed)
    facts = replace(with_spec_changes(facts, root, sources), running=tuple(running))
    return plan_environment(built, sources.data, facts, place_of(target, built)), sources.texts


def facts_of(
    target: Target, specs: SpecsFolder, built: BuiltEnvironment, confirmed: str | None
) -> tuple[BuiltEnvironment, PublishFacts]:
    """The environment as it will stand on what is published, and the facts on that."""
    with open_clone(target) as clone:
        base = clone.at(clone.fetch_head(), built.files)
        built = on_published_tree(built, base)
        facts = fetched_facts(clone, base, built, specs, confirmed)
        return built, replace(facts, moves=pilot_moves(clone, built))


def with_spec_changes(facts: PublishFacts, root: Path, sources: Sources) -> PublishFacts:
    """The facts with what changed in the specs since the commit that is published. Raises Rejected as Git fails."""
    if facts.published_source is None:
        return facts
    return replace(facts, spec_changes=spec_changes_since(root, facts.published_source, sources.places))


def place_of(target: Target | None, built: BuiltEnvironment) -> PlannedPlace:
    """Where it would be published; without a repository, the branch and path that it would have."""
    if target is not None:
        return PlannedPlace(target.shown, target.branch, target.path)
    name, gitops = built.compiled.name, built.compiled.documents.environment.model.spec.gitops
    return PlannedPlace("", gitops.branch or f"shipway/{name}", gitops.path or name)
