"""Repositories of the demo's own: specs in a work tree, and a bare one that stands for the GitOps repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from compiler.gitops.git import Git
from compiler.gitops.refusals import told

NAME: Final = "Shipway demo"
EMAIL: Final = "demo@shipway.invalid"
_INIT = ("--quiet", "--initial-branch=main", "--template=")
_SETTINGS = (("user.name", NAME), ("user.email", EMAIL), ("commit.gpgSign", "false"))
_ROLES = ("AUTHOR", "COMMITTER")


def new_repositories(specs: Path, bare: Path) -> None:
    """A bare repository, and one with a work tree whose origin it is and whose commits need no identity set up."""
    with told(str(bare.parent)):
        Git(bare.parent).run("init", *_INIT, "--bare", str(bare))
        Git(specs.parent).run("init", *_INIT, str(specs))
        work = Git(specs)
        work.run("remote", "add", "origin", str(bare))
        for name, value in _SETTINGS:
            work.run("config", name, value)


def commit_all(specs: Path, message: str) -> str:
    """Commits the whole work tree; the commit's id."""
    git = Git(specs)
    us = {f"GIT_{role}_{key}": value for role in _ROLES for key, value in (("NAME", NAME), ("EMAIL", EMAIL))}
    with told(str(specs)):
        git.run("add", "--all")
        options = ("--quiet", "--allow-empty", "-m", message)
        git.run("commit", *options, environment=us, settings=("commit.gpgSign=false",))
        return git.text("rev-parse", "HEAD")
