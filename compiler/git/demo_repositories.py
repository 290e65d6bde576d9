"""Repositories of the demo's own: specs in a work tree, and a bare one that stands for the GitOps repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from compiler.git.git import Git

DEMO_AUTHOR: Final = "Shipway demo"
DEMO_EMAIL: Final = "demo@shipway.invalid"
_SETTINGS: Final = {"user.name": DEMO_AUTHOR, "user.email": DEMO_EMAIL, "commit.gpgSign": "false"}


def new_repositories(specs: Path, bare: Path) -> None:
    """A bare repository, and one with a work tree whose origin it is and whose commits need no identity set up."""
    for folder in (specs, bare):
        folder.mkdir(parents=True, exist_ok=True)
    Git(bare).run("init", "--quiet", "--bare", "--initial-branch=main", ".")
    git = Git(specs)
    git.run("init", "--quiet", "--initial-branch=main", ".")
    git.run("remote", "add", "origin", str(bare))
    for name, value in _SETTINGS.items():
        git.run("config", name, value)


def commit_all(specs: Path, message: str) -> str:
    """Commits the whole work tree; the commit's id."""
    git = Git(specs)
    git.run("add", "--all")
    git.run("commit", "--quiet", "--allow-empty", "-F", "-", stdin=message.encode())
    return git.text("rev-parse", "HEAD")
