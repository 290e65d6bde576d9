"""A move of the pilot's in the repository of the specs: one commit, pushed only if nobody was faster.

The commit is made without touching a file; the work tree follows once the remote has it. Whatever is killed between two
calls leaves the specs as they were, or as they are to be.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from compiler.diagnostics.refusals import rejection
from compiler.git.commit import author_of, commit_tree
from compiler.git.git import Git, GitError, network_seconds
from compiler.git.refusals import git_errors_rejected
from compiler.git.spec_repository import remote_name

_LOST_RACE: Final = re.compile(r"non-fast-forward|fetch first|stale info|cannot lock ref|failed to update ref")


@dataclass(frozen=True, slots=True)
class Checkout:
    """A clean work tree at `commit` of `branch`, the newest that its remote has; `remote` None: it has no remote."""

    root: Path
    branch: str
    commit: str
    remote: str | None


def refreshed_checkout(root: Path) -> Checkout:
    """The checkout, brought to the newest commit of its branch.

    Raises Rejected: outside a repository, on a detached head, with changes that are not committed, or where the branch
    has commits that its remote does not have and the other way round.
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
        if remote is not None and tracks_remote(git, remote, branch):
            follow_remote(git, remote, branch)
        return Checkout(root, branch, git.text("rev-parse", "HEAD"), remote)


def tracks_remote(git: Git, remote: str, branch: str) -> bool:
    return bool(git.text("ls-remote", "--heads", remote, f"refs/heads/{branch}", seconds=network_seconds()))


def follow_remote(git: Git, remote: str, branch: str) -> None:
    """Moves the branch to the remote's commit; what only this machine has is left, for the next push to bring."""
    git.run("fetch", "--quiet", "--no-tags", remote, f"refs/heads/{branch}", seconds=network_seconds())
    ours, theirs = (git.text("rev-parse", name) for name in ("HEAD", "FETCH_HEAD"))
    if ours == theirs or git.text("merge-base", "HEAD", "FETCH_HEAD") == theirs:
        return
    if git.text("merge-base", "HEAD", "FETCH_HEAD") != ours:
        message = f"`{branch}` has commits that {remote} does not have, and the other way round"
        raise rejection("pilot-checkout", message, "bring the two together: `git pull --rebase`, then push")
    git.run("merge", "--quiet", "--ff-only", "FETCH_HEAD")


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
    base = checkout.commit if branch == checkout.branch else ""
    lease = f"--force-with-lease=refs/heads/{branch}:{base}"
    try:
        git.run("push", "--quiet", lease, checkout.remote, f"{commit}:refs/heads/{branch}", seconds=network_seconds())
    except GitError as failure:
        if _LOST_RACE.search(failure.stderr) and "hook declined" not in failure.stderr:
            return False
        lines = [line for line in failure.stderr.strip().splitlines() if line.strip()] or ["no message"]
        message = f"{checkout.remote} did not take the move to `{branch}`: {lines[-1].strip()}"
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
