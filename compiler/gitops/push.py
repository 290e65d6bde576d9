"""Pushing one commit to one branch, only if the branch is still where the commit was built on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compiler.gitops.clone import REMOTE, Clone
from compiler.gitops.git import NETWORK_SECONDS, GitError, named
from compiler.gitops.refusals import refuse

# What Git, GitHub and GitLab say when somebody else was faster (facts from kargo#3071, kargo#5286).
_CONFLICT = re.compile(
    r"non-fast-forward|fetch first|stale info|cannot lock ref|incorrect old value|failed to update ref"
    r"|reference already exists|remote ref updated since checkout",
    re.IGNORECASE,
)
# A rule of the server may use the same words in what it says; asking it again changes nothing.
_RULE = re.compile(r"hook declined|protected|denied|prohibited", re.IGNORECASE)
_NAME_TAKEN = re.compile(r"exists; cannot create|directory/file conflict|directory file conflict", re.IGNORECASE)
_CHECKED_OUT = re.compile(r"branch is currently checked out|refusing to update checked out branch", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else moved the branch meanwhile; `said` is the remote's reason."""

    said: str


def push(clone: Clone, ref: str, commit: str, base: str | None) -> Conflict | None:
    """Moves `ref` of the target from `base` (None: it must not exist) to `commit`.

    Raises `Rejected` for a refusal that trying again would not change, and `GitError` when the remote cannot be
    reached. When the connection breaks after the remote took the commit, that counts as done.
    """
    lease = f"--force-with-lease={ref}:{base or ''}"
    try:
        clone.git.run(
            "push",
            "--porcelain",
            "--no-verify",
            "--no-thin",
            lease,
            REMOTE,
            f"{commit}:{ref}",
            seconds=NETWORK_SECONDS,
        )
        return None
    except GitError as failure:
        return _judge(clone, ref, commit, failure)


def _judge(clone: Clone, ref: str, commit: str, failure: GitError) -> Conflict | None:
    summary = _summary(failure.stdout, ref)
    said = f"{summary}\n{failure.stderr}"
    if summary is None:
        if _landed(clone, ref, commit):
            return None
        raise failure
    branch = clone.target.branch
    if _NAME_TAKEN.search(said):
        message = f"{clone.target.shown} has a branch that is a prefix of `{branch}`, or longer than it"
        raise refuse("branch-name-taken", message, "Git cannot hold both: choose another `spec.gitops.branch`")
    if _CHECKED_OUT.search(said):
        raise checked_out(clone)
    if _CONFLICT.search(said) and not _RULE.search(summary):
        return Conflict(summary)
    words = "; ".join([summary, *_remote_words(failure.stderr)])
    raise refuse("push-declined", f"{clone.target.shown} declined the push to `{branch}`: {words}", _DECLINED)


def _landed(clone: Clone, ref: str, commit: str) -> bool:
    try:
        return clone.remote_refs(ref).get(ref) == commit
    except GitError:
        return False


def _summary(porcelain: str, ref: str) -> str | None:
    """What the line of `git push --porcelain` for `ref` says, or None without such a line."""
    for line in porcelain.splitlines():
        flag, _, rest = line.partition("\t")
        names, _, summary = rest.partition("\t")
        if flag.strip() == "!" and names.endswith(f":{ref}"):
            return summary
    return None


def _remote_words(stderr: str) -> list[str]:
    lines = [line.removeprefix("remote:").strip() for line in stderr.splitlines() if line.startswith("remote:")]
    return [line for line in lines if line][:5]


def refuse_checked_out(clone: Clone) -> None:
    """Raises `Rejected` when a work tree on this machine has the target's branch checked out.

    A push would leave its files behind, so that the next commit made there undoes the publish.
    """
    folder = clone.target.local
    if folder is None:
        return
    trees = named(folder).text("worktree", "list", "--porcelain").split("\n\n")
    if any(f"branch {clone.target.ref}" in tree.splitlines() and "bare" not in tree.splitlines() for tree in trees):
        raise checked_out(clone)


def checked_out(clone: Clone) -> Exception:
    message = f"the branch `{clone.target.branch}` of {clone.target.shown} is checked out in a work tree"
    return refuse("branch-checked-out", message, "publish to a branch of its own, or to a bare repository")


_DECLINED = "a rule of the repository forbids it: allow this machine's key or token to push to the branch"
