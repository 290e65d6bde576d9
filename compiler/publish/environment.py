"""Publishing an environment: rendered, proven against what the branch holds at that moment, committed and pushed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from compiler import __version__
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import Clone
from compiler.git.destination import publish_destination, target_of
from compiler.git.source_repository import source_repository
from compiler.git.target import Target
from compiler.pipeline import build_environment, render_environment
from compiler.plan.freezes import freeze_finding
from compiler.plan.proof import AllowedFinding, Proof, prove_publish
from compiler.plan.states import parsed_objects, unit_files
from compiler.plan.unit_tracks import track_changes
from compiler.publish.publish import NextState, NothingToDo, PublishedCommit, PublishRequest, publish
from compiler.rules.exceptions import expired_exceptions
from compiler.source.workspace import read_sources
from compiler.tree.index import tree_digest
from compiler.tree.ownership import DesiredFiles, existing_files, file_changes
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What a user asked of a publish beyond the specs.

    `plan`: the digest that was reviewed; anything else is refused. `confirmed`: a commit known to be synced.
    `allowed`: codes of findings that may stand, and why. `again`: publish though nothing changed.
    """

    plan: str | None = None
    confirmed: str | None = None
    allowed: tuple[AllowedFinding, ...] = ()
    again: bool = False


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


def publish_environment(root: Path, name: str, wish: PublishOptions) -> PublishOutcome:
    """Publishes one environment. Raises Rejected when anything is wrong or unsafe; nothing is written then."""
    sources = read_sources(root, name)
    rendered = render_environment(sources)
    built = build_environment(rendered, publish_destination(root, rendered.environment))
    target = target_of(root, built.compiled.documents.environment.model)
    if target is None:
        message = "the specs are in no Git repository, and the environment names none"
        help_text = "run `git init`, or set `spec.gitops.repository`"
        raise Rejected(
            [Diagnostic("repository-missing", message, built.compiled.document.locate(("spec", "gitops")), help_text)]
        )
    refuse_other_plan(wish, built)
    source = source_repository(root, sources.files)
    request = PublishRequest(
        compiler=__version__,
        folder=root,
        source=None if source is None else source.head,
        dirty=source is not None and source.dirty,
    )
    found: list[Diagnostic] = list(built.warnings)
    compute = partial(proven_next_state, built, wish, found)
    result = publish(target, compute, request)
    return PublishOutcome(
        name, target, result, tuple(found), sources.texts, source is not None and request.named is None
    )


def refuse_other_plan(wish: PublishOptions, built: BuiltEnvironment) -> None:
    """Reviewed = published: the digest of the plan stands for every byte of the tree."""
    digest = tree_digest(built.files)
    if wish.plan is not None and wish.plan != digest:
        message = f"the plan {wish.plan} was reviewed, but the specs now render to {digest}"
        raise Rejected([Diagnostic("plan-differs", message, None, "run `shipway plan` again and review what it shows")])


def proven_next_state(
    built: BuiltEnvironment, wish: PublishOptions, found: list[Diagnostic], base: PublishedTree, clone: Clone
) -> NextState:
    """The next state on this base, once it is proven safe from it and from every earlier state not confirmed."""
    proof = prove_publish(built, base, clone, wish.confirmed, wish.allowed)
    now = datetime.now(UTC)
    closed = policy_blockers(built, base, wish, now)
    if closed or not proof.publishable:
        raise Rejected([*found, *closed, *proof.diagnostics])
    found += [diagnostic for diagnostic in proof.diagnostics if diagnostic not in found]
    frozen = freeze_finding(built.compiled.documents.environment, now) is not None
    permits = [each for each in wish.allowed if each.code == "frozen"] if frozen else []
    trailers = (*proof.trailers, *(("Shipway-Allowed", f"frozen: {each.reason}") for each in permits))
    return NextState(
        files=built.files, subject=commit_subject(built.compiled.name, unit_summaries(proof, base)), trailers=trailers
    )


def policy_blockers(
    built: BuiltEnvironment, base: PublishedTree, wish: PublishOptions, now: datetime
) -> list[Diagnostic]:
    """Why nothing may be published now: a freeze (unless allowed), or an exception that has expired."""
    environment = built.compiled.documents.environment
    found = expired_exceptions(environment, now.date())
    frozen = freeze_finding(environment, now)
    allowed = any(each.code == "frozen" for each in wish.allowed)
    # a freeze stands in the environment's spec, so its own coming changes every index
    if (
        frozen is not None
        and not allowed
        and file_changes(existing_files(base), DesiredFiles(built.files)).beyond_indexes
    ):
        found.append(frozen)
    return found


def unit_summaries(proof: Proof, base: PublishedTree) -> list[str]:
    """What becomes of each changed release or group: `web (main 1.4.2 → 1.5.0)`."""
    found = []
    for each in proof.units:
        said = track_changes(each.unit, parsed_objects(unit_files(base.manifests, each.unit.folders)))
        found.append(f"{each.unit.name} ({', '.join(said)})" if said else each.unit.name)
    return [*found, *(f"-{name}" for name in proof.removed)]


def commit_subject(name: str, done: Sequence[str]) -> str:
    if not done:
        return f"{name}: publish"
    return f"{name}: {', '.join(done[:3])}" + (f" and {len(done) - 3} more" if len(done) > 3 else "")
