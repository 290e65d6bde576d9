"""What a failure of Git means to a person: its cause, and the next step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from compiler.diagnostics.model import Rejected
from compiler.diagnostics.refusals import rejection
from compiler.git.git import GitError

_CAUSES: tuple[tuple[str, str, str], ...] = (
    (r"^git cannot be started", "git-missing", "install Git 2.34 or newer and put it on PATH"),
    (
        r"could not read (Username|Password)|Authentication failed|Permission denied|prompts disabled"
        r"|HTTP (Basic|401|403)|error: 40[13]|access denied|Host key verification failed",
        "repository-unauthorised",
        "give this machine a credential for it (a deploy key, a token in a git credential helper)",
    ),
    (
        r"failed to sign|failed to write commit object",
        "signing-failed",
        "set `user.signingKey` to a key whose secret part is on this machine and needs no passphrase typed",
    ),
    (
        r"does not appear to be a git repository|[Rr]epository .*not found|does not exist"
        r"|not a git repository|No such file or directory|error: 404",
        "repository-missing",
        "create it, or correct its address; `git init` makes a folder a repository",
    ),
    (
        r"dubious ownership",
        "repository-untrusted",
        "run `git config --global --add safe.directory PATH` if you trust its owner",
    ),
    (
        r"Could not resolve|Connection (refused|reset|timed out)|Failed to connect|timed out|unable to access"
        r"|early EOF|hung up|Could not read from remote|transport '.*' not allowed",
        "repository-unreachable",
        "check the address and the network, then run the same command again: nothing was written",
    ),
)


@contextmanager
def git_errors_rejected(place: str) -> Iterator[None]:
    """Turns a `GitError` inside into a refusal that names `place` (a repository, without credentials)."""
    try:
        yield
    except GitError as failure:
        raise git_failure_rejection(failure, place) from None


def git_failure_rejection(failure: GitError, place: str) -> Rejected:
    """The refusal for a failure of `git`: by its known causes, or in git's own words."""
    texts = _last_lines(failure.stderr)
    for pattern, code, help in _CAUSES:
        if re.search(pattern, failure.stderr):
            return rejection(code, f"{place}: {texts}", help)
    return rejection("git-failed", f"{place}: git {failure.verb} failed: {texts}", "read what Git says")


def _last_lines(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))] or lines
    return "; ".join(telling[-3:])[:600] or "no message"
