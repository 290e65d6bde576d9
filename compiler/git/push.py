"""Pushing one commit to one branch, only if the branch is still where the commit was built on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compiler.diagnostics.refusals import rejection
from compiler.git.clone import REMOTE, Clone
from compiler.git.git import GitError, network_seconds, user_repository

# What Git, GitHub and GitLab say when somebody else was faster (facts from kargo#3071, kargo#5286).
_CONFLICT_PATTERN = re.compile(
    r"non-fast-forward|fetch first|stale info|cannot lock ref|incorrect old value|failed to update ref"
    r"|reference already exists|remote ref updated since checkout",
    re.IGNORECASE,
)
# A rule of the server may use the same words in what it says; asking it again changes nothing.
_DECLINED_PATTERN = re.compile(r"hook declined|protected|denied|prohibited", re.IGNORECASE)
_NAME_TAKEN = re.compile(r"exists; cannot create|directory/file conflict|directory file conflict", re.IGNORECASE)
_CHECKED_OUT = re.compile(r"branch is currently checked out|refusing to update checked out branch", re.IGNORECASE)


# The server's disk is full or read-only, or it takes no pack of this size: git-receive-pack(1).
_UNWRITABLE = re.compile(
    r"unpacker error|No space left|Read-only file system|Disk quota exceeded"
    r"|Unable to create '.*\.lock': (?!File exists)"
)
_LOCKED = re.compile(r"Unable to create '(?P<file>[^']*\.lock)': File exists")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else moved the branch meanwhile; `reason` is the remote's. `lock` is the file that a push holds while
    it works, or that one left which was killed.
    """

    reason: str
    lock: str | None = None


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
            seconds=network_seconds(),
        )
        return None
    except GitError as failure:
        return _classify_failure(clone, ref, commit, failure)


def _classify_failure(clone: Clone, ref: str, commit: str, failure: GitError) -> Conflict | None:
    summary = _porcelain_summary(failure.stdout, ref)
    answer = f"{summary}\n{failure.stderr}"
    if summary is None:
        if _was_pushed(clone, ref, commit, failure):
            return None
        raise failure
    branch = clone.target.branch
    if _NAME_TAKEN.search(answer):
        message = (
            f"{clone.target.shown} has another branch whose name conflicts with `{branch}`: one name is the "
            "beginning of the other"
        )
        raise rejection("branch-name-taken", message, "Git cannot hold both: choose another `spec.gitops.branch`")
    if _CHECKED_OUT.search(answer):
        raise checked_out_rejection(clone)
    words = "; ".join([summary, *_remote_messages(failure.stderr)])
    if _UNWRITABLE.search(answer):
        message = f"{clone.target.shown} could not store the commit: {words}"
        raise rejection("repository-unwritable", message, _UNWRITABLE_HELP)
    if _CONFLICT_PATTERN.search(answer) and not _DECLINED_PATTERN.search(summary):
        lock = _LOCKED.search(failure.stderr)
        return Conflict(summary, lock["file"] if lock else None)
    raise rejection("push-declined", f"{clone.target.shown} declined the push to `{branch}`: {words}", _DECLINED_HELP)


def _was_pushed(clone: Clone, ref: str, commit: str, failure: GitError) -> bool:
    """Whether the push without an answer landed. Raises `Rejected` where the remote cannot be asked either."""
    try:
        return clone.remote_refs(ref).get(ref) == commit
    except GitError:
        reason = failure.stderr.strip().splitlines() or ["no message"]
        message = f"{clone.target.shown} did not answer the push of {commit[:12]}, and cannot be read: {reason[-1]}"
        raise rejection(
            "push-unanswered", message, "run the same command again: it starts from what the branch holds then"
        ) from None


def _porcelain_summary(porcelain: str, ref: str) -> str | None:
    """What the line of `git push --porcelain` for `ref` says, or None without such a line."""
    for line in porcelain.splitlines():
        flag, _, rest = line.partition("\t")
        names, _, summary = rest.partition("\t")
        if flag.strip() == "!" and names.endswith(f":{ref}"):
            return summary
    return None


def _remote_messages(stderr: str) -> list[str]:
    telling = ("remote:", "error: remote unpack failed:")
    lines = [line.removeprefix("remote:").strip() for line in stderr.splitlines() if line.startswith(telling)]
    return [line for line in lines if line][:5]


def contended_rejection(clone: Clone, message: str, conflict: Conflict) -> Exception:
    """The refusal after the last attempt: others were faster, or a lock is in the way that nobody removes."""
    if conflict.lock is None:
        return rejection("publish-contended", f"{message}: {conflict.reason}", "run the same command again")
    message = f"{clone.target.shown} is locked by the file {conflict.lock}"
    return rejection(
        "repository-locked",
        message,
        "make sure that nobody is pushing, then remove the file: a push that was killed left it",
    )


def refuse_checked_out(clone: Clone) -> None:
    """Raises `Rejected` when a work tree on this machine has the target's branch checked out.

    A push would leave its files behind, so that the next commit made there undoes the publish.
    """
    folder = clone.target.local
    if folder is None:
        return
    trees = user_repository(folder).text("worktree", "list", "--porcelain").split("\n\n")
    if any(f"branch {clone.target.ref}" in tree.splitlines() and "bare" not in tree.splitlines() for tree in trees):
        raise checked_out_rejection(clone)


def checked_out_rejection(clone: Clone) -> Exception:
    message = f"the branch `{clone.target.branch}` of {clone.target.shown} is checked out in a work tree"
    return rejection("branch-checked-out", message, "publish to a separate branch, or to a bare repository")


_UNWRITABLE_HELP = "free disk space there or make it writable, then run the same command again"
_DECLINED_HELP = "a rule of the repository forbids it: allow this machine's key or token to push to the branch"
