"""The repository of the specs: earlier revisions of a spec, and commits of edited ones."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from compiler.diagnostics.refusals import rejection
from compiler.git.commit import author_of
from compiler.git.git import Git, GitError, network_seconds
from compiler.git.refusals import git_errors_rejected
from compiler.git.settings import read_settings
from compiler.git.source_repository import source_repository
from compiler.git.tree import commit_at
from compiler.model.address import branch_fault

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that changed a file; `time` is the committer's, in seconds since 1970."""

    commit: str
    time: int
    author: str
    subject: str


def revisions(root: Path, files: Sequence[str], limit: int = 200) -> tuple[Revision, ...]:
    """The commits that changed one of `files` (relative to `root`), the newest first; none outside a repository.

    Raises Rejected where the repository cannot be read.
    """
    source = source_repository(root)
    if source is None or source.head is None:
        return ()
    with git_errors_rejected(str(root)):
        listing = Git(root).run("log", "-z", "--no-color", f"--max-count={limit}", _FORMAT, "--", *files)
    return _revisions(listing)


def _revisions(listing: bytes) -> tuple[Revision, ...]:
    records = [record.split("\n", 3) for record in listing.decode("utf-8", "replace").split("\0") if record]
    return tuple(
        Revision(commit, int(time) if time.isdigit() else 0, _branch_part(who), _branch_part(what))
        for commit, time, who, what in records
    )


def spec_texts_at(root: Path, commits: Sequence[str], files: Sequence[str]) -> list[dict[str, str | None]]:
    """For each commit's id the texts of `files` (relative to `root`) as they were there; None: there was no such file.

    Raises Rejected where the repository cannot be read.
    """
    git = Git(root)
    with git_errors_rejected(str(root)):
        prefix = git.text("rev-parse", "--show-prefix")
        asked = [f"{commit}:{prefix}{file}" for commit in commits for file in files]
        if any("\n" in name for name in asked):
            raise rejection("revision-unknown", "a file's name has a line break", "rename the file")
        names = "".join(f"{name}\n" for name in asked).encode()
        texts = iter(_batch_texts(git.run("cat-file", "--batch", stdin=names)))
    return [{file: next(texts) for file in files} for _ in commits]


def _batch_texts(stream: bytes) -> Iterator[str | None]:
    """What `git cat-file --batch` says of each name, in order; None for what is missing or no file."""
    at = 0
    while at < len(stream):
        end = stream.index(b"\n", at)
        head = stream[at:end].rsplit(b" ", 2)
        at = end + 1
        if head[-1] == b"missing" or not head[-1].isdigit():
            yield None
            continue
        size = int(head[-1])
        yield stream[at : at + size].decode("utf-8", "replace") if head[-2] == b"blob" else None
        at += size + 1


def resolve_commit(root: Path, rev: str) -> Revision:
    """The commit that `rev`, a user's word, means in the repository of the specs. Raises Rejected."""
    git = Git(root)
    commit = commit_at(git, rev, str(root))
    with git_errors_rejected(str(root)):
        listing = git.run("log", "-z", "--no-color", "--max-count=1", _FORMAT, "--end-of-options", commit, "--")
    return _revisions(listing)[0]


def has_uncommitted(root: Path, folder: str) -> bool:
    """Whether something below `root/folder` differs from the last commit; False where no repository has it.

    Looking starts no program that the repository's own settings name.
    """
    git = Git(root)
    try:
        own = read_settings(git).without_own_filters()
        return bool(git.run("status", "--porcelain", "-z", "--untracked-files=all", "--", folder, settings=own))
    except GitError:
        return False


def uncommitted_files(root: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Those of `files` that differ from the last commit. Raises Rejected outside a repository."""
    git = Git(root)
    with git_errors_rejected(str(root)):
        status = git.run("status", "--porcelain", "-z", "--untracked-files=all", "--", *files).decode(
            "utf-8", "replace"
        )
        prefix = git.text("rev-parse", "--show-prefix")
    names = [record[3:].removeprefix(prefix) for record in status.split("\0") if record]
    return tuple(name for name in names if name in files)


def commit_files(root: Path, files: Sequence[str], branch: str | None, subject: str, body: str) -> tuple[str, str]:
    """Commits these files of the work tree and nothing else; the commit's id and its branch ("" on a detached head).

    `branch` names a new branch (or the next free name like it), which is made first; None stays on the branch that is
    checked out. Raises Rejected where Git refuses; the files stay as they are.
    """
    git = Git(root)
    text = f"{_branch_part(subject)}\n\n{body}".encode()
    try:
        author = author_of(root)
        current = _current_branch(git)
        if branch is not None:
            current = _unused_branch(git, branch)
            git.run("switch", "--quiet", "--create", current)
        git.run("add", "--", *files)
        options = ["--quiet", "--only", "--cleanup=whitespace", "-F", "-"]
        git.run("commit", *options, "--", *files, stdin=text, environment=author.environment)
        return git.text("rev-parse", "HEAD"), current or ""
    except GitError as failure:
        reasons = failure.stderr.strip().splitlines()
        reason = next(
            (line for line in reasons if line.startswith("fatal: ")), reasons[-1] if reasons else "no message"
        )
        message = f"git {failure.verb} failed: {reason}; the edit is in the file"
        raise rejection("commit-refused", message, "run `git status`, then commit by hand") from None


def push_command(root: Path, branch: str | None = None) -> str | None:
    """The literal command that shares what no remote has yet, on the branch of the same name or on another `branch`;
    None where there is no remote, or nothing to share.
    """
    git = Git(root)
    with git_errors_rejected(str(root)):
        remote = remote_name(git)
        if remote is None or not git.text("rev-list", "--max-count=1", "HEAD", "--not", "--remotes"):
            return None
        other = branch or ("shipway" if _current_branch(git) is None else None)
        where = "HEAD" if other is None else f"HEAD:refs/heads/{other}"
    place = "" if str(root) == "." else f" -C {shlex.quote(str(root))}"
    return f"git{place} push {shlex.quote(remote)} {where}"


def push_branch(root: Path, branch: str) -> None:
    """Pushes the branch to the remote of the specs, which it tracks from then on. Raises Rejected where Git refuses."""
    git = Git(root)
    with git_errors_rejected(str(root)):
        push = ("push", "--quiet", "--set-upstream", remote_name(git) or "origin", f"refs/heads/{branch}")
        git.run(*push, seconds=network_seconds())


def push_head(root: Path, branch: str) -> None:
    """Pushes the commit that is checked out to a branch of the remote. Raises Rejected where Git refuses."""
    git = Git(root)
    with git_errors_rejected(str(root)):
        push = ("push", "--quiet", remote_name(git) or "origin", f"HEAD:refs/heads/{branch}")
        git.run(*push, seconds=network_seconds())


def head_commit(root: Path) -> str:
    """The id of the commit that is checked out. Raises Rejected."""
    with git_errors_rejected(str(root)):
        return Git(root).text("rev-parse", "--verify", "HEAD")


def remote_address(root: Path) -> str:
    """The address of the remote of the specs, as it is configured; empty where there is none. Raises Rejected."""
    git = Git(root)
    with git_errors_rejected(str(root)):
        remote = remote_name(git)
        return git.text("remote", "get-url", "--", remote) if remote is not None else ""


def remote_name(git: Git) -> str | None:
    """`origin`, else the first remote that there is."""
    remotes = git.text("remote").splitlines()
    return "origin" if "origin" in remotes else next(iter(remotes), None)


def branch_name(words: Sequence[str]) -> str:
    """A branch's name made of words that may hold anything."""
    name = "-".join(_UNSAFE.sub("-", word).strip("-") for word in words)[:_LONGEST].strip("-") or "shipway"
    return name if branch_fault(name) is None else "shipway"


def _current_branch(git: Git) -> str | None:
    return git.text("branch", "--show-current") or None


def _unused_branch(git: Git, wanted: str) -> str:
    taken = set(git.text("for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines())
    names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _branch_part(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+", " ", text).strip()[:500]


_FORMAT = "--format=%H%n%ct%n%an%n%s"
