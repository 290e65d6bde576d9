"""Facts about the repository that holds the specs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from compiler.diagnostics.model import Rejected
from compiler.gitops.refusals import refuse
from compiler.gitops.target import without_credentials

if TYPE_CHECKING:
    from git import Commit, Repo

Relation = Literal["same", "newer", "older", "apart", "unknown"]


@dataclass(frozen=True, slots=True)
class SourceCommit:
    """The commit that the specs were read at; `time` is when it was committed, in seconds since 1970."""

    commit: str
    time: int


@dataclass(frozen=True, slots=True)
class Source:
    """A repository of specs. `head` is None before its first commit; `dirty`: the specs differ from `head`.

    `origin` may hold credentials, so it is not part of the text form; `origin_shown` has none.
    """

    top: Path
    head: SourceCommit | None
    branch: str | None
    dirty: bool
    shallow: bool
    origin: str | None

    def __repr__(self) -> str:
        return f"Source(top={self.top!s}, head={self.head}, dirty={self.dirty}, origin={self.origin_shown})"

    @property
    def origin_shown(self) -> str | None:
        return None if self.origin is None else without_credentials(self.origin)


def source_of(folder: Path) -> Source | None:
    """The repository that `folder` is in, or None; `dirty` speaks of what is below `folder` only.

    Raises `Rejected` when there is one that cannot be read.
    """
    with _repository(folder) as repo:
        if repo is None or repo.working_tree_dir is None:
            return None
        head = repo.head.commit if repo.head.is_valid() else None
        origin = next((r for r in repo.remotes if r.name == "origin"), None)
        return Source(
            top=Path(repo.working_tree_dir),
            head=None if head is None else SourceCommit(head.hexsha, head.committed_date),
            branch=None if repo.head.is_detached else repo.active_branch.name,
            dirty=repo.is_dirty(untracked_files=True, path=str(folder.resolve())),
            shallow=(Path(repo.common_dir) / "shallow").is_file(),
            origin=None if origin is None else origin.url,
        )


def relation(folder: Path, ours: SourceCommit, published: str, published_time: int | None) -> Relation:
    """How `ours` stands to the `published` source commit: "older" if it is an ancestor of it.

    Where the repository of `folder` does not know `published` (a shallow clone, a render of an old checkout), the
    times decide between "older" and "unknown".
    """
    if ours.commit == published:
        return "same"
    with _repository(folder) as repo:
        theirs = None if repo is None else _known(repo, published)
        mine = None if repo is None else _known(repo, ours.commit)
        if repo is not None and theirs is not None and mine is not None:
            if repo.is_ancestor(theirs, mine):
                return "newer"
            if repo.is_ancestor(mine, theirs):
                return "older"
            if not (Path(repo.common_dir) / "shallow").is_file():
                return "apart"
    return "older" if published_time is not None and ours.time < published_time else "unknown"


def _known(repo: Repo, commit: str) -> Commit | None:
    from git import BadName, BadObject  # noqa: PLC0415  68 ms that only these calls need

    try:
        return repo.commit(commit)
    except (BadName, BadObject, ValueError):
        return None


@contextmanager
def _repository(folder: Path) -> Iterator[Repo | None]:
    """GitPython's typed calls read what they can without starting git; its failures leave as `Rejected`."""
    # 68 ms that only these calls need
    from git import InvalidGitRepositoryError, NoSuchPathError, Repo  # noqa: PLC0415

    try:
        with Repo(folder, search_parent_directories=True) as repo:
            yield repo
    except (InvalidGitRepositoryError, NoSuchPathError):
        yield None
    except Rejected:
        raise
    except Exception as error:  # GitPython meets a damaged repository with a dozen kinds of error
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        message = f"the repository of {folder} cannot be read: {without_credentials(first)}"
        raise refuse("source-unreadable", message, "see what `git status` says there") from None
