"""Repositories of the demo's own: specs in a work tree, and a bare one that stands for the GitOps repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

DEMO_AUTHOR: Final = "Shipway demo"
DEMO_EMAIL: Final = "demo@shipway.invalid"


def new_repositories(specs: Path, bare: Path) -> None:
    """A bare repository, and one with a work tree whose origin it is and whose commits need no identity set up."""
    from git import Repo  # noqa: PLC0415 - 68 ms that only the demo needs

    with _without_git_environment():
        with Repo.init(bare, bare=True, initial_branch="main"):
            pass
        with Repo.init(specs, initial_branch="main") as repo:
            repo.create_remote("origin", str(bare))
            with repo.config_writer() as config:
                config.set_value("user", "name", DEMO_AUTHOR)
                config.set_value("user", "email", DEMO_EMAIL)
                config.set_value("commit", "gpgsign", "false")


def commit_all(specs: Path, message: str) -> str:
    """Commits the whole work tree; the commit's id."""
    from git import Actor, Repo  # noqa: PLC0415 - as above

    author = Actor(DEMO_AUTHOR, DEMO_EMAIL)
    with _without_git_environment(), Repo(specs) as repo:
        repo.git.add(all=True)
        return repo.index.commit(message, author=author, committer=author).hexsha


@contextmanager
def _without_git_environment() -> Iterator[None]:
    """In a hook, GIT_DIR and others name the hook's own repository (githooks(5)), and GitPython passes them on."""
    theirs = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("GIT_")}
    try:
        yield
    finally:
        os.environ.update(theirs)
