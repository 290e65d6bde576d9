"""Publishing an environment: rendered, proven against what the branch holds at that moment, committed and pushed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from compiler import __version__
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import Clone, open_clone
from compiler.git.destination import target_of
from compiler.git.source_repository import source_repository
from compiler.git.target import Target
from compiler.model.manifest import Object
from compiler.plan.allowances import AllowedFinding
from compiler.plan.proof import Proof, prove_publish
from compiler.plan.refusals import publish_refusals
from compiler.plan.states import parsed_objects, unit_files
from compiler.plan.unit_tracks import track_changes
from compiler.plan.way_back_alone import WayBackAlone, refused_beside_way_back
from compiler.publish.facts import SpecsFolder, fetched_facts, specs_folder
from compiler.publish.kept_units import with_kept_facts
from compiler.publish.local_build import built_environment, read_and_built
from compiler.publish.publish import NextState, NothingToDo, PublishedCommit, PublishRequest, publish
from compiler.publish.published_shard import on_published_tree
from compiler.source.workspace import Sources
from compiler.support.parallel import WHOLE, Shard
from compiler.tree.index import plan_digest
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What a user asked of a publish beyond the specs.

    `plan`: the digest that was reviewed; anything else is refused. `confirmed`: a commit known to be synced.
    `allowed`: codes of findings that may stand, and why. `again`: publish though nothing changed. `base`: the commit
    that the branch must still be at. `evidence`: trailers of the commit that say why it was made. `shard`: which part
    of the environment is published. `way_back`: what alone goes while the environment is frozen. `running`: what the
    cluster holds where a release was not published yet.
    """

    plan: str | None = None
    confirmed: str | None = None
    allowed: tuple[AllowedFinding, ...] = ()
    again: bool = False
    base: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    shard: Shard = WHOLE
    way_back: WayBackAlone | None = None
    running: tuple[Object, ...] = ()

    @property
    def allowed_codes(self) -> frozenset[str]:
        return frozenset(each.code for each in self.allowed)


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """What came of one environment: the commit, or that there was nothing to do; and warnings.

    `uncommitted`: the specs are in a repository, and differ from its last commit.
    """

    environment: str
    target: Target
    result: PublishedCommit | NothingToDo
    warnings: tuple[Diagnostic, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    uncommitted: bool = False
    notes: tuple[str, ...] = ()
    """sentences about what was published"""


def publish_environment(root: Path, name: str, options: PublishOptions) -> PublishOutcome:
    """Publishes one environment. Raises Rejected when anything is wrong or unsafe; nothing is written then."""
    sources, built = read_and_built(root, name, options.shard)
    target = target_of(root, built.compiled.documents.environment.model)
    if target is None:
        message = "the specs are in no Git repository, and the environment names none"
        help_text = "run `git init`, or set `spec.gitops.repository`"
        raise Rejected(
            [Diagnostic("repository-missing", message, built.compiled.document.locate(("spec", "gitops")), help_text)]
        )
    source = source_repository(root, sources.files)
    request = PublishRequest(
        compiler=__version__,
        folder=root,
        source=None if source is None else source.head,
        dirty=source is not None and source.dirty,
        allowed=options.allowed_codes,
        signature_keys=built.environment.spec.argocd.signature_keys,
        shard=options.shard,
        expected=built.files,
    )
    specs = SpecsFolder(root, request.source)
    compute = partial(proven_next_state, with_kept_facts(root, sources, built), options, specs)
    result = publish(target, compute, request)
    return PublishOutcome(
        name,
        target,
        result,
        result.warnings,
        sources.texts,
        source is not None and request.named is None,
        built.notes,
    )


def refuse_unpublishable(root: Path, sources: Sources, options: PublishOptions) -> None:
    """Raises Rejected where these sources could not be published now; nothing is written."""
    built = built_environment(root, sources)
    target = target_of(root, built.compiled.documents.environment.model)
    if target is None:
        return
    specs = specs_folder(root)
    with open_clone(target) as clone:
        proven_next_state(built, options, specs, clone.at(clone.fetch_head(), built.files), clone)


def refuse_other_plan(options: PublishOptions, built: BuiltEnvironment, base: PublishedTree) -> None:
    """Reviewed = published: the digest of the plan stands for every byte of the published tree and of the next one."""
    digest = plan_digest(base.files, built.files)
    if options.plan not in (None, digest) and base.files != built.files:
        message = f"the plan {options.plan} was reviewed, but now it is {digest}: the specs or the branch changed"
        raise Rejected([Diagnostic("plan-differs", message, None, "run `shipway plan` again and review what it shows")])


def refuse_other_base(options: PublishOptions, base: PublishedTree) -> None:
    """What was decided from one published state is not carried out on another. Raises Rejected."""
    if options.base not in (None, base.commit):
        message = f"the branch is at {(base.commit or 'nothing')[:12]}, no longer at {(options.base or '')[:12]}"
        raise Rejected(
            [
                Diagnostic(
                    "base-moved", message, None, "nothing to do: the pilot looks again and decides from the new commit"
                )
            ]
        )


def proven_next_state(
    built: BuiltEnvironment,
    options: PublishOptions,
    specs: SpecsFolder,
    base: PublishedTree,
    clone: Clone,
) -> NextState:
    """The next state on this base, once it is proven safe from it and from every earlier state not confirmed."""
    built = on_published_tree(built, base)
    refuse_other_plan(options, built, base)
    refuse_other_base(options, base)
    facts = replace(fetched_facts(clone, base, built, specs, options.confirmed), running=options.running)
    proof = prove_publish(built, facts, options.allowed)
    refused = publish_refusals(built, facts)
    refusals = refused.without(options.allowed_codes)
    if options.way_back is not None:
        refusals = (*refusals, *refused_beside_way_back(built, facts, options.way_back))
    if refusals or not proof.publishable:
        raise Rejected([*built.warnings, *refusals, *proof.diagnostics])
    needed = {each.code for each in refused.all}
    permits = [f"{each.code}: {each.reason}" for each in options.allowed if each.code in needed]
    trailers = (*proof.trailers, *(("Shipway-Allowed", permit) for permit in permits), *options.evidence)
    warnings = (*built.warnings, *(each for each in proof.diagnostics if each not in built.warnings))
    subject = commit_subject(built.compiled.name, unit_summaries(proof, base))
    desired = built.desired
    return NextState(
        desired.files, subject, trailers=trailers, warnings=warnings, keep=desired.keep, changes=refused.changes
    )


def unit_summaries(proof: Proof, base: PublishedTree) -> list[str]:
    """What becomes of each changed release or group: `web (main 1.4.2 → 1.5.0)`."""
    names = []
    for each in proof.units:
        phrases = track_changes(each.unit, parsed_objects(unit_files(base.manifests, each.unit.folders)))
        names.append(f"{each.unit.name} ({', '.join(phrases)})" if phrases else each.unit.name)
    return [*names, *(f"-{name}" for name in proof.removed)]


def commit_subject(name: str, done: Sequence[str]) -> str:
    if not done:
        return f"{name}: publish"
    return f"{name}: {', '.join(done[:3])}" + (f" and {len(done) - 3} more" if len(done) > 3 else "")
