"""What was published when, by whom, from which source: read from Git alone, with distrust."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from compiler.git.clone import BASE, Clone
from compiler.git.git import Git, user_repository
from compiler.git.refusals import git_errors_rejected
from compiler.git.tree import commit_at
from compiler.model.address import without_credentials
from compiler.tree.trailers import TrailerFacts, read_trailers

_FORMAT = "--format=%H%n%T%n%P%n%at%n%an%n%ae%n%B"
_STEPS = (64, 512, 4096)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Publish:
    """A commit with Shipway's trailers. `time` is the author's, in seconds since 1970.

    All of it was written by whoever could push: texts have no control characters, `facts` only what is valid.
    """

    commit: str
    tree: str
    parents: tuple[str, ...]
    time: int
    author: str
    email: str
    subject: str
    facts: TrailerFacts


@dataclass(frozen=True, slots=True)
class PublishHistory:
    """Publishes, the newest first. `complete` is False where a shallow clone or the limit cuts the list."""

    publishes: tuple[Publish, ...]
    complete: bool


def local_publish_history(
    repository: Path, rev: str, environment: str | None = None, limit: int = 10_000
) -> PublishHistory:
    """The publishes in a repository on this machine up to `rev`; raises `Rejected` if it has no such revision."""
    git = user_repository(repository)
    place = without_credentials(str(repository))
    start = commit_at(git, rev, place)
    with git_errors_rejected(place):
        return _read_history(git, start, environment, limit)


def published_history(clone: Clone, limit: int = 10_000) -> PublishHistory:
    """The publishes of the clone's environment on its branch, all of its history fetched; may raise `GitError`."""
    if clone.fetch_head() is None:
        return PublishHistory((), True)
    clone.deepen(2**31 - 1)
    return _read_history(clone.git, BASE, clone.target.environment, limit)


def last_publish(clone: Clone, commit: str, sourced: bool = False) -> Publish | None:
    """The newest publish of the clone's environment up to `commit`, fetching history step by step until it shows.

    `sourced`: the newest that names the commit of its specs. None when there is none within some thousands of commits.
    """
    for step in (0, *_STEPS):
        if step and not clone.deepen(step):
            return None
        result = _newest_publishes(clone.git, commit, clone.target.environment, 20, sourced)
        if result:
            return result[0]
    return None


def _read_history(git: Git, start: str, environment: str | None, limit: int) -> PublishHistory:
    result = _newest_publishes(git, start, environment, limit + 1)
    shallow = git.text("rev-parse", "--is-shallow-repository") == "true"
    return PublishHistory(tuple(result[:limit]), not shallow and len(result) <= limit)


def _newest_publishes(
    git: Git, start: str, environment: str | None, limit: int, sourced: bool = False
) -> list[Publish]:
    """The newest commits whose trailers name `environment` (None: any), and a source if `sourced`; commits of others
    are passed over.
    """
    named = "" if environment is None else f"{re.escape(environment)}$"
    choice = ["--extended-regexp", f"--grep=^Shipway-Environment: {named}", f"--max-count={limit}"]
    choice += ["--grep=^Shipway-Source: ", "--all-match"] if sourced else []
    listing = git.run("log", "-z", "--no-color", "--no-mailmap", *choice, _FORMAT, "--end-of-options", start, "--")
    result = [_parsed_publish(record) for record in listing.decode("utf-8", "replace").split("\0") if record]
    ours = [p for p in result if p.facts.environment is not None and environment in {None, p.facts.environment}]
    return [p for p in ours if p.facts.source is not None] if sourced else ours


def _parsed_publish(record: str) -> Publish:
    commit, tree, parents, time, author, email, text = record.split("\n", 6)
    return Publish(
        commit=commit,
        tree=tree,
        parents=tuple(parents.split()),
        time=int(time) if time.isdigit() else 0,
        author=printable_line(author),
        email=printable_line(email),
        subject=printable_line(text.partition("\n")[0]),
        facts=read_trailers(text),
    )


def printable_line(text: str) -> str:
    """One line of a commit as a terminal may show it: without control characters, 500 characters at most."""
    return _CONTROLS.sub("", text)[:500]
