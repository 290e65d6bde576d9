"""The remote of the specs is away: an abort is published, and reaches it afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.git.helpers import git
from tests.pilot.conftest import Pilot
from tests.pilot.test_moves import FAILING

pytestmark = pytest.mark.e2e


def deploy_elsewhere(pilot: Pilot) -> Path:
    """The environment publishes to a repository of its own; gives it."""
    other = pilot.bare.parent / "gitops.git"
    git(other.parent, "init", "-q", "--bare", "-b", "main", str(other))
    pilot.environment(more=f"  gitops: {{repository: {other}, branch: shipway/prod, path: prod}}\n")
    pilot.argo.repository, pilot.gitops = str(other), other
    return other


def test_an_abort_is_published_while_the_specs_remote_is_away(pilot: Pilot) -> None:
    """Nothing else is; the specs get the abort when the remote is back, on top of what a colleague pushed meanwhile."""
    deploy_elsewhere(pilot)
    pilot.publish()
    away_now = pilot.bare.rename(pilot.bare.with_suffix(".away"))
    row = pilot.tick()
    assert (row["action"], row["commit"]) == ("advance", "")
    assert "origin" in row["refused"] and row["status"] == 1
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert (row["action"], bool(row["commit"]), row["refused"]) == ("abort", True, "")
    assert "does not appear to be a git repository" in row["err"]
    away_now.rename(pilot.bare)
    colleague = pilot.bare.parent / "colleague"
    git(colleague.parent, "clone", "-q", "-b", "main", str(pilot.bare), str(colleague))
    (colleague / "README.md").write_text("x")
    git(colleague, "add", "-A")
    git(colleague, "commit", "-q", "-m", "docs")
    git(colleague, "push", "-q", "origin", "main")
    row = pilot.tick()
    assert (row["action"], row["status"]) == ("none", 0), row
    assert "aborted: true" in pilot.spec()
    assert git(pilot.bare, "log", "-2", "--format=%s", "main").split("\n")[:2] == [
        "prod/api: abort by the pilot",
        "docs",
    ]


def test_an_abort_that_the_specs_never_got_is_reported(pilot: Pilot, tmp_path: Path) -> None:
    """A protected branch kept it out, and the next run begins with a new clone, as a CronJob does."""
    pilot.publish()
    hook = pilot.bare / "hooks" / "update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }\n')
    hook.chmod(0o755)
    pilot.figures.values.update(FAILING)
    assert pilot.tick()["commit"]
    git(tmp_path, "clone", "-q", "-b", "main", str(pilot.bare), str(tmp_path / "fresh"))
    pilot.root = tmp_path / "fresh"
    row = pilot.tick()
    assert (row["action"], row["commit"]) == ("hold", "")
    assert row["reason"] == "the abort is published, but it is not in the specs: run `shipway abort prod/api`"


def test_an_abort_is_tried_until_its_branch_is_reached(pilot: Pilot) -> None:
    """Decided while the branch could not be reached: the next tick publishes it, though all figures are well again."""
    other = deploy_elsewhere(pilot)
    pilot.publish()
    hook = other / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho maintenance >&2; exit 1\n")
    hook.chmod(0o755)
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert row["commit"] == "" and row["status"] == 1 and row["refused"]
    pilot.figures.values.update({'code=~"5.."': 0.0})
    hook.unlink()
    row = pilot.tick()
    assert (row["action"], bool(row["commit"])) == ("publish", True)
    assert row["reason"] == "the pilot's own abort is not published yet"
