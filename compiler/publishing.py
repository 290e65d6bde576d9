"""Publishing an environment: rendered, proven against what the branch holds at that moment, committed and pushed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from compiler import __version__
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.gitops.clone import Clone
from compiler.gitops.index import tree_digest
from compiler.gitops.ownership import Wanted, changes
from compiler.gitops.publish import Next, NothingToDo, Published, Request, held, publish
from compiler.gitops.source import source_of
from compiler.gitops.target import Target
from compiler.gitops.tree import PublishedTree
from compiler.pipeline import Built, build
from compiler.plan.freezes import freeze_finding
from compiler.plan.proof import Allowed, Proof, prove
from compiler.plan.states import objects_of, unit_files
from compiler.plan.words import track_changes
from compiler.policy_exceptions import expired_exceptions
from compiler.targets import destination_of, target_of
from compiler.workspace import read_environment


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user asked of a publish beyond the specs.

    `plan`: the digest that was reviewed; anything else is refused. `confirmed`: a commit known to be synced.
    `allowed`: codes of findings that may stand, and why. `again`: publish though nothing changed.
    """

    plan: str | None = None
    confirmed: str | None = None
    allowed: tuple[Allowed, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one environment: the commit, or that there was nothing to do; and warnings.

    `uncommitted`: the specs are in a repository, and differ from its last commit.
    """

    environment: str
    target: Target
    result: Published | NothingToDo
    warnings: tuple[Diagnostic, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    uncommitted: bool = False


def publish_environment(root: Path, name: str, wish: Wish) -> Outcome:
    """Publishes one environment. Raises Rejected when anything is wrong or unsafe; nothing is written then."""
    sources = read_environment(root, name)
    built = build(sources, partial(destination_of, root))
    target = target_of(root, built.compiled.documents.environment.model)
    if target is None:
        message = "the specs are in no Git repository, and the environment names none"
        help_text = "run `git init`, or set `spec.gitops.repository`"
        raise Rejected(
            [Diagnostic("repository-missing", message, built.compiled.document.locate(("spec", "gitops")), help_text)]
        )
    refuse_other_plan(wish, built)
    source = source_of(root, sources.files)
    request = Request(
        compiler=__version__,
        folder=root,
        source=None if source is None else source.head,
        dirty=source is not None and source.dirty,
    )
    found: list[Diagnostic] = list(built.warnings)
    compute = partial(next_state, built, wish, found)
    result = publish(target, compute, request)
    return Outcome(name, target, result, tuple(found), sources.texts, source is not None and request.named is None)


def refuse_other_plan(wish: Wish, built: Built) -> None:
    """Reviewed = published: the digest of the plan stands for every byte of the tree."""
    digest = tree_digest(built.files)
    if wish.plan is not None and wish.plan != digest:
        message = f"the plan {wish.plan} was reviewed, but the specs now render to {digest}"
        raise Rejected([Diagnostic("plan-differs", message, None, "run `shipway plan` again and review what it shows")])


def next_state(built: Built, wish: Wish, found: list[Diagnostic], base: PublishedTree, clone: Clone) -> Next:
    """The next state on this base, once it is proven safe from it and from every earlier state not confirmed."""
    proof = prove(built, base, clone, wish.confirmed, wish.allowed)
    now = datetime.now(UTC)
    closed = closed_by_policy(built, base, wish, now)
    if any(diagnostic.severity == "error" for diagnostic in (*closed, *proof.diagnostics)):
        raise Rejected([*found, *closed, *proof.diagnostics])
    found += [diagnostic for diagnostic in proof.diagnostics if diagnostic not in found]
    frozen = freeze_finding(built.compiled.documents.environment, now) is not None
    permits = [each for each in wish.allowed if each.code == "frozen"] if frozen else []
    trailers = (*proof.trailers, *(("Shipway-Allowed", f"frozen: {each.reason}") for each in permits))
    return Next(files=built.files, subject=subject_of(built.compiled.name, deeds(proof, base)), trailers=trailers)


def closed_by_policy(built: Built, base: PublishedTree, wish: Wish, now: datetime) -> list[Diagnostic]:
    """Why nothing may be published now: a freeze (unless allowed), or an exception that has expired."""
    environment = built.compiled.documents.environment
    found = expired_exceptions(environment, now.date())
    frozen = freeze_finding(environment, now)
    allowed = any(each.code == "frozen" for each in wish.allowed)
    # a freeze stands in the environment's spec, so its own coming changes every index
    if frozen is not None and not allowed and changes(held(base), Wanted(built.files)).beyond_indexes:
        found.append(frozen)
    return found


def deeds(proof: Proof, base: PublishedTree) -> list[str]:
    """What becomes of each changed release or group: `web (main 1.4.2 → 1.5.0)`."""
    found = []
    for each in proof.units:
        said = track_changes(each.unit, objects_of(unit_files(base.manifests, each.unit.folders)))
        found.append(f"{each.unit.name} ({', '.join(said)})" if said else each.unit.name)
    return [*found, *(f"-{name}" for name in proof.removed)]


def subject_of(name: str, done: Sequence[str]) -> str:
    if not done:
        return f"{name}: publish"
    return f"{name}: {', '.join(done[:3])}" + (f" and {len(done) - 3} more" if len(done) > 3 else "")
