"""The ref that says which commit is known to be synced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compiler.diagnostics.model import Rejected
from compiler.git.clone import open_clone
from compiler.git.confirmed import read_confirmed, write_confirmed
from compiler.publish.publish import PublishedCommit
from tests.git.helpers import Forge, git, release


def published(forge: Forge, replicas: int) -> str:
    outcome = forge.publish(release("web", replicas))
    assert isinstance(outcome, PublishedCommit)
    return outcome.commit


def confirm(forge: Forge, rev: str) -> str:
    with open_clone(forge.target) as clone:
        return write_confirmed(clone, rev)


def test_nothing_is_confirmed_at_first(forge: Forge) -> None:
    with open_clone(forge.target) as clone:
        assert read_confirmed(clone) is None
    published(forge, 3)
    with open_clone(forge.target) as clone:
        assert read_confirmed(clone) is None


def test_a_confirmed_commit_is_read_back_and_only_moves_on(forge: Forge) -> None:
    first, second, third = published(forge, 1), published(forge, 2), published(forge, 3)
    assert confirm(forge, second) == second
    assert confirm(forge, first[:10]) == second
    with open_clone(forge.target) as clone:
        assert read_confirmed(clone) == second
    assert confirm(forge, third) == third
    assert git(forge.bare, "rev-parse", "refs/shipway/confirmed/prod") == third


def test_environments_have_a_ref_each(forge: Forge) -> None:
    commit = published(forge, 1)
    confirm(forge, commit)
    with open_clone(replace(forge.target, environment="staging")) as clone:
        assert read_confirmed(clone) is None


def test_a_commit_that_is_not_on_the_branch_is_refused(forge: Forge) -> None:
    with pytest.raises(Rejected) as refused:
        confirm(forge, "main")
    assert refused.value.diagnostics[0].code == "confirmed-unknown"
    published(forge, 1)
    with pytest.raises(Rejected) as refused:
        confirm(forge, "1" * 40)
    assert refused.value.diagnostics[0].code == "revision-unknown"


def test_a_server_that_forbids_the_ref_is_reported(forge: Forge) -> None:
    commit = published(forge, 1)
    git(forge.bare, "config", "transfer.hideRefs", "refs/shipway")
    with pytest.raises(Rejected) as refused:
        confirm(forge, commit)
    assert refused.value.diagnostics[0].code == "push-declined"
