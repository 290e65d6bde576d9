"""A move of the pilot's in the repository of the specs: one commit, pushed only if nobody was faster.

The commit is made without touching a file; the work tree follows once the remote has it. Whatever is killed between two
calls leaves the specs as they were, or as they are to be.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from compiler.diagnostics.model import Diagnostic
from compiler.diagnostics.refusals import rejection
from compiler.git.commit import author_of, commit_tree
from compiler.git.git import Git, GitError, network_seconds
from compiler.git.refusals import git_errors_rejected, git_failure_rejection
from compiler.git.spec_repository import remote_name
from compiler.tree.trailers import DECISION

_LOST_RACE: Final = re.compile(r"non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A clean work tree at `commit` of `branch`; `remote` None: it has no remote.

    `base` is the commit of the remote's branch, empty where it has no such branch. `ours`: the work tree has moves of
    the pilot's that the remote does not have yet. `fault`: why the remote could not be asked; the work tree is then as
    it was.
    """

    root: Path
    branch: str
    commit: str
    remote: str | None
    base: str = ""
    ours: bool = False
    fault: tuple[Diagnostic, ...] = ()


def refreshed_checkout(root: Path) -> Checkout:
    """The checkout, brought to the newest commit of its branch; moves of the pilot's that are not pushed stay on top.

    Raises Rejected: outside a repository, on a detached head, with changes that are not committed, or where the branch
    has commits of a person's that its remote does not have and the other way round.
    """
    git = Git(root)
    with git_errors_rejected(str(root)):
        branch = git.text("branch", "--show-current")
        if not branch:
            raise rejection("pilot-checkout", "no branch is checked out", "run `git switch main` first")
        if git.text("status", "--porcelain", "--untracked-files=no"):
            message = "the work tree has changes that are not committed"
            raise rejection("pilot-checkout", message, "commit or undo them: the pilot moves what is committed")
        remote = remote_name(git)
        here = Checkout(root, branch, git.text("rev-parse", "HEAD"), remote)
        if remote is None:
            return here
        try:
            base = fetched_commit(git, remote, branch)
        except GitError as failure:
            return replace(here, fault=git_failure_rejection(failure, remote).diagnostics)
        if not base:
            return here
        ours = follow_remote(git, remote, branch, base)
        return replace(here, commit=git.text("rev-parse", "HEAD"), base=base, ours=ours)


def tracks_remote(git: Git, remote: str, branch: str) -> bool:
    return bool(git.text("ls-remote", "--heads", remote, f"refs/heads/{branch}", seconds=network_seconds()))


def fetched_commit(git: Git, remote: str, branch: str) -> str:
    """The newest commit of the remote's branch, which is here then; empty where it has none. Raises GitError."""
    if not tracks_remote(git, remote, branch):
        return ""
    git.run("fetch", "--quiet", "--no-tags", remote, f"refs/heads/{branch}", seconds=network_seconds())
    return git.text("rev-parse", "FETCH_HEAD")


def follow_remote(git: Git, remote: str, branch: str, theirs: str) -> bool:
    """Moves the branch to the remote's commit `theirs`; True where moves of the pilot's are on top of it.

    What only this machine has is left, for the next push to bring.
    """
    ours, common = git.text("rev-parse", "HEAD"), git.text("merge-base", "HEAD", theirs)
    if common == ours:
        git.run("merge", "--quiet", "--ff-only", theirs)
        return False
    only_moves = are_moves(git, f"{theirs}..HEAD")
    if common == theirs:
        return only_moves
    if not only_moves or not moved_onto(git, theirs):
        message = f"`{branch}` here and on {remote} have diverged: each has commits that the other does not have"
        raise rejection("pilot-checkout", message, "run `git pull --rebase`, then push")
    return True


def are_moves(git: Git, commits: str) -> bool:
    """Whether the pilot made each of the commits."""
    format_text = f"--format=%H %(trailers:key={DECISION},valueonly,separator=%x20)"
    lines = git.text("log", "--no-color", format_text, commits).splitlines()
    return all(line.partition(" ")[2].strip() for line in lines)


def moved_onto(git: Git, commit: str) -> bool:
    """Whether the branch's own commits could be put on top of the commit; the branch is left as it was otherwise."""
    try:
        git.run("rebase", "--quiet", commit)
    except GitError:
        git.run("rebase", "--abort")
        return False
    return True


def commit_texts(checkout: Checkout, texts: Mapping[str, str], message: str) -> str:
    """The id of a new commit on the checkout's, with these texts by path below its root. Raises Rejected."""
    git = Git(checkout.root)
    with git_errors_rejected(str(checkout.root)), tempfile.TemporaryDirectory(prefix="shipway-") as folder:
        index = {"GIT_INDEX_FILE": f"{folder}/index"}
        author = author_of(checkout.root)
        prefix = git.text("rev-parse", "--show-prefix")
        git.run("read-tree", checkout.commit, environment=index)
        lines = []
        for file, text in sorted(texts.items()):
            blob = git.run("hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()
            lines.append(f"100644 {blob}\t{prefix}{file}\0")
        git.run("update-index", "-z", "--index-info", stdin="".join(lines).encode(), environment=index)
        tree = git.run("write-tree", environment=index).decode().strip()
        return commit_tree(git, tree, checkout.commit, message, author)


def push_move(checkout: Checkout, commit: str, branch: str) -> bool:
    """Whether the remote's `branch` holds the commit now; False: somebody else was faster.

    Raises Rejected where the remote declines or cannot be reached. Without a remote there is nobody to ask.
    """
    if checkout.remote is None:
        return True
    git = Git(checkout.root)
    base = checkout.base if branch == checkout.branch else ""
    lease = f"--force-with-lease=refs/heads/{branch}:{base}"
    try:
        git.run("push", "--quiet", lease, checkout.remote, f"{commit}:refs/heads/{branch}", seconds=network_seconds())
    except GitError as failure:
        if _LOST_RACE.search(failure.stderr) and "hook declined" not in failure.stderr:
            return False
        lines = [line for line in failure.stderr.strip().splitlines() if line.strip()] or ["no message"]
        message = f"{checkout.remote} refused the pilot's commit on `{branch}`: {lines[-1].strip()}"
        raise rejection("pilot-push", message, PUSH_HELP) from None
    return True


def follow_move(checkout: Checkout, commit: str) -> None:
    """Brings branch and work tree of the checkout to the commit. Raises Rejected."""
    with git_errors_rejected(str(checkout.root)):
        Git(checkout.root).run("merge", "--quiet", "--ff-only", commit)


def switch_to(root: Path, name: str, commit: str | None = None) -> None:
    """Checks out the branch; with `commit`, a branch of this machine alone that stands there. Raises Rejected."""
    words = ("--quiet", name) if commit is None else ("--quiet", "--force-create", name, commit)
    with git_errors_rejected(str(root)):
        Git(root).run("switch", *words)


def remote_has_branch(checkout: Checkout, branch: str) -> bool:
    """Whether a branch of that name waits at the remote. Raises Rejected."""
    git = Git(checkout.root)
    with git_errors_rejected(str(checkout.root)):
        return checkout.remote is not None and tracks_remote(git, checkout.remote, branch)


def newest_message(root: Path, files: tuple[str, ...]) -> str:
    """The message of the newest commit that changed one of the files; empty without one. Raises Rejected."""
    with git_errors_rejected(str(root)):
        return Git(root).text("log", "--max-count=1", "--no-color", "--format=%B", "--", *files)


PUSH_HELP: Final = "let the pilot push to that branch, or run it with `--via branch`"
