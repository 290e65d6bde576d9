"""`refs/shipway/confirmed/<environment>`: the commit that Argo CD is known to have synced and to be healthy at.

The ref is in the repository that Argo CD reads, so that everyone who publishes sees it.
"""

from __future__ import annotations

from compiler.diagnostics.refusals import rejection
from compiler.git.clone import BASE, Clone
from compiler.git.git import Git
from compiler.git.push import Conflict, contended_rejection, push
from compiler.git.tree import commit_at


def confirmed_ref(environment: str) -> str:
    """The full name of an environment's ref."""
    return f"refs/shipway/confirmed/{environment}"


def read_confirmed(clone: Clone) -> str | None:
    """The id of the confirmed commit, or None if none was ever confirmed; may raise `GitError`."""
    ref = confirmed_ref(clone.target.environment)
    return clone.remote_refs(ref).get(ref)


def write_confirmed(clone: Clone, rev: str) -> str:
    """Says that `rev`, a commit of the branch, is synced; the id that is confirmed now.

    A report that comes late, of a commit before the confirmed one, changes nothing. Raises `Rejected` for a commit
    that is not on the branch, and where the repository declines.
    """
    ref = confirmed_ref(clone.target.environment)
    if clone.fetch_head() is None:
        raise rejection("confirmed-unknown", f"{clone.target.shown} has no branch `{clone.target.branch}`", _HELP)
    clone.deepen(2**31 - 1)
    commit = commit_at(clone.git, rev, clone.target.shown)
    history = clone.git.text("rev-list", BASE).splitlines()
    if commit not in history:
        raise rejection("confirmed-unknown", f"{commit[:12]} is not on the branch `{clone.target.branch}`", _HELP)
    before = read_confirmed(clone)
    if before in history and _is_ancestor_commit(clone.git, commit, before):
        return before
    outcome = push(clone, ref, commit, before)
    if isinstance(outcome, Conflict):
        message = f"{clone.target.shown}: somebody else confirmed another commit just now"
        raise contended_rejection(clone, message, outcome)
    return commit


def _is_ancestor_commit(git: Git, commit: str, other: str | None) -> bool:
    return other is not None and commit in git.text("rev-list", "--end-of-options", other).splitlines()


_HELP = "name a commit that `shipway history` shows"
