"""What Git tells of an environment: the published tree, who published what when, what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import open_clone
from compiler.git.confirmed import read_confirmed
from compiler.git.departures import departures
from compiler.git.destination import target_of
from compiler.git.history import Publish, published_history
from compiler.git.target import Target
from compiler.model.unit import Unit
from compiler.publish.local_build import built_environment
from compiler.source.workspace import Sources
from compiler.tree.departure import Departure
from compiler.tree.ownership import DesiredFiles, ExistingFiles, existing_files, file_changes
from compiler.tree.published_tree import manifests_by_folder
from compiler.tree.render import BuiltEnvironment


@dataclass(frozen=True)
class PublishedEnvironment:
    """An environment's branch as it is now; `target` None: nothing can be published, `commit` None: nothing was.

    `publishes` are the newest first; `confirmed` is a commit's id; `by_hand` are findings about files that somebody
    touched.
    """

    target: Target | None
    commit: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    publishes: tuple[Publish, ...] = ()
    complete: bool = True
    confirmed: str | None = None
    by_hand: tuple[Diagnostic, ...] = ()
    departed: tuple[Departure, ...] = ()

    @cached_property
    def manifests(self) -> Mapping[str, Mapping[str, bytes]]:
        return manifests_by_folder(self.files)

    def last_of(self, unit: Unit) -> Publish | None:
        """The newest publish that changed one of the unit's folders."""
        names = {member.name for member in unit.members}
        return next((each for each in self.publishes if names & set(each.facts.releases)), None)

    def is_confirmed(self, publish: Publish) -> bool:
        """Whether that publish, or a later one, is known to be synced."""
        commits = [each.commit for each in self.publishes]
        return self.confirmed in commits and commits.index(self.confirmed) <= commits.index(publish.commit)

    def departure_confirmed(self, departure: Departure) -> bool:
        """Whether the commit that took the release away, or a later one, is known to be synced."""
        return any(each.commit == departure.commit and self.is_confirmed(each) for each in self.publishes)


def fetch_published(root: Path, built: BuiltEnvironment) -> PublishedEnvironment:
    """Fetches the environment's branch. Raises Rejected where the repository cannot be reached."""
    target = target_of(root, built.compiled.documents.environment.model)
    if target is None:
        return PublishedEnvironment(None)
    with open_clone(target) as clone:
        commit = clone.fetch_head()
        if commit is None:
            return PublishedEnvironment(target)
        tree = clone.at(commit, built.files)
        result = published_history(clone)
        applications = built.compiled.documents.environment.model.spec.argocd.path
        return PublishedEnvironment(
            target=target,
            commit=commit,
            files=tree.files,
            publishes=result.publishes,
            complete=result.complete,
            confirmed=read_confirmed(clone),
            by_hand=manual_edit_findings(existing_files(tree), built),
            departed=departures(clone, tree, result.publishes, applications),
        )


def manual_edit_findings(there: ExistingFiles, built: BuiltEnvironment) -> tuple[Diagnostic, ...]:
    """Findings for files that somebody else edited, added or removed."""
    try:
        file_changes(there, DesiredFiles(built.files))
    except Rejected as rejected:
        return rejected.diagnostics
    return ()


def is_published(unit: Unit, built: BuiltEnvironment, published: PublishedEnvironment) -> bool:
    """Whether the unit is published exactly as its specs say now."""
    return all(built.manifests.get(folder) == published.manifests.get(folder) for folder in unit.folders)


def published_since(root: Path, sources: Sources, unit: Unit) -> int | None:
    """When the unit's present state was published, in seconds since 1970; None if it is not published as it stands."""
    built = built_environment(root, sources)
    published = fetch_published(root, built)
    last = published.last_of(unit)
    return last.time if last is not None and is_published(unit, built, published) else None
