"""The door to what a plan and a publish are judged on: it asks Git and the clock, once for each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from compiler.diagnostics.model import Diagnostic
from compiler.git.clone import Clone
from compiler.git.commit import author_of
from compiler.git.confirmed import read_confirmed
from compiler.git.departures import departures
from compiler.git.history import last_publish, published_history
from compiler.git.published_source import compare_with_published, source_refusal
from compiler.git.signature import SignaturePolicy, base_signature_refusal
from compiler.git.source_repository import SourceCommit, source_repository
from compiler.git.unconfirmed_history import unconfirmed_folders, unconfirmed_history
from compiler.model.address import ENVIRONMENT
from compiler.plan.environment_proof import environment_differs
from compiler.plan.facts import PublishFacts
from compiler.plan.other_units import contested_folders, removed_folders, routed_environment
from compiler.plan.permissions import takes_permits_back
from compiler.plan.proof import units_to_prove
from compiler.tree.departure import Departure
from compiler.tree.published_tree import PublishedTree
from compiler.tree.render import BuiltEnvironment
from compiler.tree.unconfirmed import NO_HISTORY, UnconfirmedHistory

NOTHING_PUBLISHED = PublishedTree(None, {}, {})
NOTHING_CONFIRMED = (
    "no commit is confirmed as synced, so the proof starts from several older commits: "
    "run `shipway confirm` once Argo CD has synced"
)


@dataclass(frozen=True, slots=True)
class SpecsFolder:
    """Where the specs are, and the commit that they stand at, where there is one."""

    root: Path
    head: SourceCommit | None


def specs_folder(root: Path) -> SpecsFolder:
    """The folder with the commit that its specs stand at now. Raises Rejected for a repository that cannot be read."""
    source = source_repository(root)
    return SpecsFolder(root, None if source is None else source.head)


def facts_without_repository() -> PublishFacts:
    """Nothing is published, for there is no repository: everything is new."""
    return PublishFacts(NOTHING_PUBLISHED, NO_HISTORY, datetime.now(UTC))


def fetched_facts(
    clone: Clone, base: PublishedTree, built: BuiltEnvironment, specs: SpecsFolder, confirmed: str | None
) -> PublishFacts:
    """The facts on `base`; `confirmed` is the revision that somebody names. May raise `GitError` and Rejected."""
    changed = units_to_prove(built, base)
    known = clone.at_revision(confirmed).commit if confirmed is not None else read_confirmed(clone)
    relation, says = compare_with_published(clone, base, specs.root, specs.head)
    refusal = source_refusal(relation, says)
    last = last_publish(clone, base.commit) if base.commit is not None else None
    unconfirmed = [NOTHING_CONFIRMED] if changed and base.commit is not None and known is None else []
    return PublishFacts(
        base=base,
        history=earlier_states(clone, base, built, known),
        departed=departed_releases(clone, base, built),
        now=datetime.now(UTC),
        confirmed=known,
        published_source=last.facts.source if last is not None else None,
        published_compiler=last.facts.compiler if last is not None else None,
        source_refusal=refusal,
        signature_refusal=untrusted_base(clone, base, built, specs.root),
        notes=(*([says] if says and refusal is None and changed else []), *unconfirmed),
    )


def departed_releases(clone: Clone, base: PublishedTree, built: BuiltEnvironment) -> tuple[Departure, ...]:
    """The releases that left, where a route comes that one of them may still have in the cluster."""
    if base.commit is None or not routed_environment(built, base, NO_HISTORY).units:
        return ()
    applications = built.compiled.documents.environment.model.spec.argocd.path
    return departures(clone, base, published_history(clone).publishes, applications)


def untrusted_base(clone: Clone, base: PublishedTree, built: BuiltEnvironment, root: Path) -> Diagnostic | None:
    """Why nothing is published on `base`, where Argo CD is told to sync only what certain keys signed."""
    keys = built.compiled.documents.environment.model.spec.argocd.signature_keys
    return base_signature_refusal(clone.git, base.commit, SignaturePolicy(keys, author_of(root))) if keys else None


def earlier_states(
    clone: Clone, base: PublishedTree, built: BuiltEnvironment, confirmed: str | None
) -> UnconfirmedHistory:
    """Of the units that change and, where a route comes or goes, of those that may take the same requests; of all
    folders where the project takes a permission back.
    """
    changed = (folder for unit in units_to_prove(built, base) for folder in unit.folders)
    own = [ENVIRONMENT] if environment_differs(built, base) else []
    folders = [*changed, *own, *(name for name in removed_folders(built, base) if name)]
    if base.commit is not None and base.commit != confirmed and takes_permits_back(built, base):
        folders = unconfirmed_folders(clone, confirmed)
    if base.commit is None or not folders or base.commit == confirmed:
        return NO_HISTORY
    history = unconfirmed_history(clone, folders, confirmed)
    contested = [folder for folder in contested_folders(built, base, history) if folder not in folders]
    return unconfirmed_history(clone, [*folders, *contested], confirmed) if contested else history
