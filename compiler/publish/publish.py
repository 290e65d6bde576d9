"""Publishing: one commit per environment, on top of whatever the branch holds at that moment."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.diagnostics.refusals import rejection
from compiler.git.clone import Clone, open_clone
from compiler.git.commit import Author, author_of, prefixed_changes, write_commit
from compiler.git.git import GitError
from compiler.git.published_source import compare_with_published, source_refusal
from compiler.git.push import Conflict, contended_rejection, push, refuse_checked_out
from compiler.git.refusals import git_errors_rejected
from compiler.git.signature import SignaturePolicy, refuse_own_signature, signing_author
from compiler.git.source_repository import SourceCommit
from compiler.git.target import Target
from compiler.support.parallel import WHOLE, Shard
from compiler.tree.ownership import DesiredFiles, FileChanges, existing_files, file_changes
from compiler.tree.paths import join_path
from compiler.tree.published_tree import PublishedTree
from compiler.tree.trailers import TrailerFacts, commit_message

MAX_ATTEMPTS = 10
_LONGEST_PAUSE = 8.0


@dataclass(frozen=True, slots=True)
class NextState:
    """What to publish on the base it was computed for: files by their path below the target's path, each folder with
    its index, and what the commit says. `keep` and `overwrite` are as in `Wanted`; `trailers` are extra ones.
    `warnings` are findings that do not keep it from being published.
    """

    files: Mapping[str, bytes]
    subject: str
    body: str = ""
    trailers: tuple[tuple[str, str], ...] = ()
    keep: Set[str] = frozenset()
    overwrite: Set[str] = frozenset()
    warnings: tuple[Diagnostic, ...] = ()
    changes: FileChanges | None = None
    """what leads there from the base, where that is known: of 1,000 releases it takes 0.05 s"""


ComputeNextState = Callable[[PublishedTree, Clone], NextState]
"""From the published state (and the copy, for earlier states) to the next. Called again for each new base."""


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """Who publishes: the compiler's version, the specs' folder and commit (None: there is none), the identity.

    `dirty`: the specs differ from `source`: it still tells how old they are, but is not what is published. Without
    `author`, the identity is the one Git would use in `folder`.
    """

    compiler: str
    folder: Path
    source: SourceCommit | None = None
    author: Author | None = None
    attempts: int = MAX_ATTEMPTS
    dirty: bool = False
    allowed: Set[str] = frozenset()
    """codes of refusals that somebody answers for"""
    signature_keys: Sequence[str] = ()
    """the keys of which one must sign the commit; none: the settings alone say whether it is signed"""
    shard: Shard = WHOLE
    """which part of the environment is published; each of the others may move the branch once meanwhile"""
    expected: Mapping[str, bytes] = field(default_factory=dict)
    """most of what the branch holds: of this nothing is read"""

    @property
    def named(self) -> SourceCommit | None:
        """The source that the commit names: one from which the same can be made again."""
        return None if self.dirty else self.source


@dataclass(frozen=True, slots=True)
class PublishedCommit:
    """A commit that the branch now holds, on `parent` (None: it began the branch), and what it changed.

    Paths count from the top of the repository. `notes` are sentences about what could not be decided.
    """

    commit: str
    parent: str | None
    written: tuple[str, ...]
    removed: tuple[str, ...]
    attempts: int
    notes: tuple[str, ...] = ()
    added: frozenset[str] = frozenset()
    """those of `written` that were not there before"""
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """The branch, at `commit` (empty: it is not there yet), already holds exactly this."""

    commit: str
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One base, and what is to be done on it."""

    clone: Clone
    request: PublishRequest
    base: PublishedTree
    next: NextState
    changes: FileChanges
    notes: list[str] = field(default_factory=list)


def publish(target: Target, compute: ComputeNextState, request: PublishRequest) -> PublishedCommit | NothingToDo:
    """Makes the branch hold what `compute` gives, as one commit, or finds that it does.

    Raises `Rejected` when a file of ours was touched by hand, when an older source would overwrite a newer one, when
    the repository declines, and whatever `compute` raises; the branch is then as it was.
    """
    with git_errors_rejected(f"the settings of {request.folder}"):
        author = request.author or author_of(request.folder)
    request = replace(request, author=signing_author(SignaturePolicy(request.signature_keys, author)))
    conflict = Conflict("")
    with open_clone(target) as clone:
        for number in _attempts(request.attempts + request.shard.count - 1):
            outcome = _attempt(clone, compute, request)
            if isinstance(outcome, PublishedCommit):
                return replace(outcome, attempts=number)
            if isinstance(outcome, NothingToDo):
                return outcome
            conflict = outcome
        message = (
            f"{target.shown}: somebody else pushed to `{target.branch}` during each of {request.attempts} attempts"
        )
        raise contended_rejection(clone, message, conflict)


def _attempts(count: int) -> Iterator[int]:
    """1, 2, …, with a pause before each but the first that differs between two who collide."""
    for number in range(1, count + 1):
        if number > 1:
            longest = min(_LONGEST_PAUSE, 0.1 * 2**number)
            time.sleep(random.uniform(0.02, longest))  # noqa: S311  spreads retries, guards nothing
        yield number


def _attempt(
    clone: Clone, compute: ComputeNextState, request: PublishRequest
) -> PublishedCommit | NothingToDo | Conflict:
    base = clone.at(clone.fetch_head(), request.expected)
    plan = compute(base, clone)
    if not plan.files and request.shard != WHOLE:
        return NothingToDo(base.commit or "", plan.warnings)
    if not plan.files:
        raise rejection("publish-empty", "there is nothing to publish: the environment has no files", _EMPTY_HELP)
    changes = plan.changes
    if changes is None:
        changes = file_changes(existing_files(base), DesiredFiles(plan.files, plan.keep, plan.overwrite))
    if base.commit is not None and not changes:
        return NothingToDo(base.commit, plan.warnings)
    attempt = _Attempt(clone, request, base, plan, changes)
    _refuse_older(attempt)
    refuse_checked_out(clone)
    return _write_and_push(attempt)


def _write_and_push(attempt: _Attempt) -> PublishedCommit | Conflict:
    clone, path = attempt.clone, attempt.clone.target.path
    written = prefixed_changes(path, attempt.changes.written)
    removed = [join_path(path, name) for name in attempt.changes.removed]
    author = attempt.request.author or author_of(attempt.request.folder)
    if attempt.base.commit is None:
        clone.begin()
    commit = write_commit(clone.git, attempt.base.commit, written, removed, _publish_message(attempt), author)
    refuse_own_signature(clone.git, commit, SignaturePolicy(attempt.request.signature_keys, author))
    conflict = push(clone, clone.target.ref, commit, attempt.base.commit)
    if conflict is not None:
        return conflict
    _verify_pushed(attempt, commit)
    added = frozenset(join_path(path, name) for name in attempt.changes.written if name not in attempt.base.entries)
    parent, notes = attempt.base.commit, tuple(attempt.notes)
    return PublishedCommit(
        commit, parent, tuple(sorted(written)), tuple(removed), 1, notes, added, attempt.next.warnings
    )


def _publish_message(attempt: _Attempt) -> str:
    source = attempt.request.named
    facts = TrailerFacts(
        environment=attempt.clone.target.environment,
        source=source.commit if source else None,
        source_time=source.time if source else None,
        compiler=attempt.request.compiler,
        releases=tuple(folder for folder in attempt.changes.beyond_indexes if folder and not folder.startswith("_")),
        extra=attempt.next.trailers,
    )
    return commit_message(attempt.next.subject, attempt.next.body, facts)


def _refuse_older(attempt: _Attempt) -> None:
    """A render of an older source that ends later must not undo a newer one: the lease alone cannot see that."""
    stands, message = compare_with_published(
        attempt.clone, attempt.base, attempt.request.folder, attempt.request.source
    )
    refusal = source_refusal(stands, message)
    if refusal is not None and refusal.code not in attempt.request.allowed:
        raise Rejected([refusal])
    if message:
        attempt.notes.append(message)


def _verify_pushed(attempt: _Attempt, commit: str) -> None:
    """Raises `Rejected` unless the branch holds the commit: a server may say yes and do something else."""
    clone, ref = attempt.clone, attempt.clone.target.ref
    try:
        now = clone.remote_refs(ref).get(ref)
    except GitError:
        attempt.notes.append(f"{clone.target.shown} accepted the commit, but could not be read afterwards to check it")
        return
    if now != commit and not _branch_contains(clone, commit):
        where = f"is at {now}, not at {commit}" if now else f"does not exist there, and should be at {commit}"
        message = f"{clone.target.shown} accepted the push, but `{clone.target.branch}` {where}"
        raise rejection("publish-not-found", message, "look for a hook or a mirror that rewrites the branch")


def _branch_contains(clone: Clone, commit: str) -> bool:
    """Whether somebody published on top of the commit since it was pushed."""
    if clone.fetch_head() is None:
        return False
    clone.deepen(50)
    return commit in clone.git.text("rev-list", "refs/shipway/base").splitlines()


_EMPTY_HELP = "check the folder of the specs: publishing nothing would remove all releases"
