"""Facts about the repository that holds the specs."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from compiler.diagnostics.model import Rejected
from compiler.diagnostics.refusals import rejection
from compiler.git.git import Git, GitError
from compiler.git.refusals import git_errors_rejected, git_failure_rejection
from compiler.git.settings import Settings, read_settings
from compiler.model.address import without_credentials
from compiler.model.spec_changes import SpecChanges

MAX_CLOCK_SKEW_SECONDS = 86_400
Relation = Literal["same", "newer", "older", "apart", "unknown"]

# no repository, one without a work tree, one inside the specs that only looks like one, no folder
_NO_REPOSITORY = re.compile(
    r"not a git repository|must be run in a work tree|cannot use bare repository|cannot change to", re.IGNORECASE
)
_SPECIFIC_CODES = {"git-missing", "repository-untrusted"}


@dataclass(frozen=True, slots=True)
class SourceCommit:
    """The commit that the specs were read at; `time` is when it was committed, in seconds since 1970."""

    commit: str
    time: int


@dataclass(frozen=True, slots=True)
class SpecsHome:
    """The repository that holds the specs. `origin` may hold credentials, so it is not part of the text form;
    `origin_shown` has none.
    """

    top: Path
    shallow: bool
    origin: str | None = field(repr=False)

    @property
    def origin_shown(self) -> str | None:
        return None if self.origin is None else without_credentials(self.origin)


@dataclass(frozen=True, slots=True)
class Source(SpecsHome):
    """A repository of specs at its head, which is None before its first commit; `dirty`: the specs differ from it."""

    head: SourceCommit | None
    branch: str | None
    dirty: bool


def specs_home(folder: Path) -> SpecsHome | None:
    """The repository that `folder` is in, or None. Raises `Rejected` when there is one that cannot be read."""
    located = _located(folder)
    return None if located is None else located[0]


def source_repository(folder: Path, read: Collection[str] = ()) -> Source | None:
    """The repository that `folder` is in with its head, or None. `dirty` speaks of what is below `folder`, and of the
    files `read` (relative to it) also where Git ignores them: no commit holds those.

    Raises `Rejected` when there is one that cannot be read.
    """
    located = _located(folder)
    if located is None:
        return None
    (home, settings), git = located, Git(folder)
    try:
        head, branch, clean = _head_state(git, settings)
        return Source(
            home.top,
            home.shallow,
            home.origin,
            head=None if head is None else SourceCommit(head, _commit_time(git, head)),
            branch=branch,
            dirty=not (clean and _all_tracked(git, read)),
        )
    except GitError as failure:
        raise _unreadable_repository(folder, failure) from None


def _located(folder: Path) -> tuple[SpecsHome, Settings] | None:
    git = Git(folder)
    try:
        top, shallow = git.text("rev-parse", "--show-toplevel", "--is-shallow-repository").rsplit("\n", 1)
        settings = read_settings(git)
    except GitError as failure:
        if _NO_REPOSITORY.search(failure.stderr):
            return None
        raise _unreadable_repository(folder, failure) from None
    origin = settings.first("remote.origin.url") or None  # Git fetches from the first
    return SpecsHome(Path(top), shallow == "true", origin), settings


def source_relation(folder: Path, ours: SourceCommit, published: str, published_time: int | None) -> Relation:
    """How `ours` stands to the `published` source commit: "older" if it is an ancestor of it, "apart" if neither is.

    A whole repository that does not know `published` does not contain it. In a shallow one the times decide between
    "older" and "unknown"; a time to come decides nothing, for a skewed clock must not block those who have a right one.
    Raises `Rejected` when Git fails.
    """
    if ours.commit == published:
        return "same"
    git = Git(folder)
    with git_errors_rejected(f"the repository of {folder}"):
        if _has_commits(git, published, ours.commit):
            if _precedes(git, published, ours.commit):
                return "newer"
            if _precedes(git, ours.commit, published):
                return "older"
        if git.text("rev-parse", "--is-shallow-repository") != "true":
            return "apart"
    past = published_time is not None and published_time <= time.time() + MAX_CLOCK_SKEW_SECONDS
    return "older" if past and published_time is not None and ours.time < published_time else "unknown"


def spec_changes_since(folder: Path, commit: str, paths: Sequence[str]) -> SpecChanges | None:
    """What of `paths` (relative to `folder`) the work tree has otherwise than `commit`; None where that is not here.

    Raises `Rejected` when Git fails.
    """
    git = Git(folder)
    with git_errors_rejected(f"the repository of {folder}"):
        if not _has_commits(git, commit):
            return None
        options = ("--name-status", "--no-renames", "--no-ext-diff", "--relative", "-z")
        own = read_settings(git).without_own_filters()
        listing = git.run("diff", *options, commit, "--", *paths, settings=own)
        untracked = git.run("ls-files", "-z", "--others", "--", *paths)
    records = os.fsdecode(listing).split("\0")[:-1]
    states = dict(zip(records[1::2], records[::2], strict=True))
    new = frozenset(os.fsdecode(untracked).split("\0")[:-1])
    return SpecChanges(
        frozenset(states) | new,
        frozenset(file for file, state in states.items() if state == "A") | new,
        frozenset(file for file, state in states.items() if state == "D"),
    )


def _head_state(git: Git, settings: Settings) -> tuple[str | None, str | None, bool]:
    """The head's id, the branch, and whether nothing below the folder differs (git-status(1), format 2)."""
    options = ("--porcelain=v2", "--branch", "-z", "--no-renames", "--untracked-files=all")
    listing = git.run("status", *options, "--", ".", settings=settings.without_own_filters())
    records = [record for record in listing.decode("utf-8", "replace").split("\0") if record]
    facts = dict(record[2:].partition(" ")[::2] for record in records if record.startswith("# "))
    oid, branch = facts["branch.oid"], facts["branch.head"]
    clean = all(record.startswith("# ") for record in records)
    return None if oid == "(initial)" else oid, None if branch == "(detached)" else branch, clean


def _commit_time(git: Git, commit: str) -> int:
    """By `rev-list`: a format's fields are empty where the commit names an encoding that it does not have."""
    return int(git.text("rev-list", "--timestamp", "--max-count=1", commit).partition(" ")[0])


def _all_tracked(git: Git, files: Collection[str]) -> bool:
    """Whether Git holds each of the files below the folder; it names them by their paths without links."""
    if not files:
        return True
    tracked = set(os.fsdecode(git.run("ls-files", "-z")).split("\0"))
    top = os.path.realpath(git.directory)
    return all(os.path.relpath(os.path.realpath(git.directory / file), top) in tracked for file in files)


def _has_commits(git: Git, *commits: str) -> bool:
    """Whether all are there: `cat-file -e` ends in the same way for a missing one as for a failure."""
    asked = "".join(f"{commit}^{{commit}}\n" for commit in commits).encode()
    answers = git.run("cat-file", "--batch-check=%(objecttype)", stdin=asked).decode().splitlines()
    return answers == ["commit"] * len(commits)


def _precedes(git: Git, commit: str, other: str) -> bool:
    """Whether `commit` is an ancestor of `other`: nothing of it is left out of the other's history."""
    return not git.text("rev-list", "--max-count=1", commit, f"^{other}")


def _unreadable_repository(folder: Path, failure: GitError) -> Rejected:
    """By the causes that say what to do about them; else what Git's own files do is a matter of that repository."""
    place = f"the repository of {folder}"
    refused = git_failure_rejection(failure, place)
    if refused.diagnostics[0].code in _SPECIFIC_CODES:
        return refused
    texts = failure.stderr.strip().splitlines() or ["no message"]
    return rejection(
        "source-unreadable", f"{place} cannot be read: {texts[-1]}", "run `git status` there to see the reason"
    )
