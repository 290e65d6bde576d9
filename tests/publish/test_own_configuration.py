"""The specs' repository names programs in its configuration and its hooks: reading and publishing specs starts none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.publish.conftest import Workspace

pytestmark = pytest.mark.e2e

KEYS = (
    "core.sshCommand",
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "credential.helper",
    "diff.external",
    "diff.spec.command",
    "diff.spec.textconv",
    "filter.spec.clean",
    "filter.spec.smudge",
    "filter.spec.process",
    "gpg.program",
    "gpg.openpgp.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand",
    "gpg.x509.program",
    "interactive.diffFilter",
    "merge.spec.driver",
    "pager.log",
    "pager.status",
    "remote.origin.uploadpack",
    "remote.origin.receivepack",
    "sequence.editor",
    "trailer.spec.command",
    "uploadpack.packObjectsHook",
)
HOOKS = (
    "fsmonitor-watchman",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-receive",
    "post-update",
    "pre-commit",
    "pre-push",
    "pre-receive",
    "proc-receive",
    "push-to-checkout",
    "reference-transaction",
    "update",
)
COMMANDS = (
    ("check",),
    ("plan",),
    ("publish",),
    ("confirm", "prod"),
    ("status",),
    ("history", "prod"),
    ("history", "prod", "--diff", "shipway/prod"),
    ("rollback", "prod/api", "--to", "HEAD~1", "--dry-run"),
    ("start", "prod/api", "--version", "2.0.0", "--dry-run"),
)


def program(folder: Path, name: str) -> str:
    """A program that leaves a file of its own name behind."""
    path = folder / name
    path.write_text(f"#!/bin/sh\ntouch '{folder}/ran-{name}'\nexit 1\n")
    path.chmod(0o755)
    return str(path)


def git(workspace: Workspace, *words: str) -> None:
    subprocess.run(["git", "-C", str(workspace.specs), *words], check=True)


def turn_hostile(workspace: Workspace, programs: Path) -> None:
    programs.mkdir()
    with (workspace.specs / ".git/info/attributes").open("a") as attributes:
        attributes.write("*.yaml filter=spec diff=spec merge=spec\n")
    for key in KEYS:
        git(workspace, "config", key, program(programs, key))
    for key, value in (("commit.gpgSign", "false"), ("core.hooksPath", str(programs / "hooks"))):
        git(workspace, "config", key, value)
    (programs / "hooks").mkdir()
    for hook in HOOKS:
        program(programs / "hooks", hook)


def ran(programs: Path) -> list[str]:
    return sorted(path.name for path in programs.rglob("ran-*"))


@pytest.mark.parametrize("origin", [True, False], ids=["published elsewhere", "published to itself"])
def test_no_program_of_the_specs_repository_is_run(workspace: Workspace, tmp_path: Path, *, origin: bool) -> None:
    assert workspace.run("publish").status == 0
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    if not origin:
        git(workspace, "remote", "remove", "origin")
    turn_hostile(workspace, tmp_path / "programs")
    workspace.edit("api", "replicas: 5", "replicas: 6")
    site = ("site", "--out", str(tmp_path / "site"))
    for words in (*COMMANDS, site, *([("bootstrap", "prod")] if origin else [])):
        answer = workspace.run(*words)
        assert (words, answer.status, ran(tmp_path / "programs")) == (words, 0, []), answer.err


@pytest.mark.parametrize("key", ["gpg.program", "gpg.openpgp.program"])
def test_commits_are_not_signed_by_a_program_of_the_specs_repository(
    workspace: Workspace, tmp_path: Path, key: str
) -> None:
    programs = tmp_path / "programs"
    turn_hostile(workspace, programs)
    git(workspace, "config", "commit.gpgSign", "true")
    answer = workspace.run("publish")
    assert ran(programs) == []
    assert (answer.status, "error[signing-failed]" in answer.err) == (1, True)
