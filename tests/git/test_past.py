"""Earlier states that the cluster may still hold."""

from __future__ import annotations

import pytest

from compiler.git.clone import open_clone
from compiler.git.unconfirmed_history import unconfirmed_history
from compiler.publish.publish import PublishedCommit
from compiler.tree.unconfirmed import UnconfirmedHistory
from tests.git.helpers import Forge, git, release


def states(forge: Forge, folders: list[str], confirmed: str | None) -> UnconfirmedHistory:
    with open_clone(forge.target) as clone:
        clone.fetch_head()
        return unconfirmed_history(clone, folders, confirmed)


def publish_three(forge: Forge) -> list[str]:
    commits = []
    for replicas in (1, 2, 3):
        outcome = forge.publish({**release("web", replicas), **release("api")})
        assert isinstance(outcome, PublishedCommit)
        commits.append(outcome.commit)
    return commits


def test_each_earlier_state_of_a_release_comes_once_newest_first(forge: Forge) -> None:
    first, second, _ = publish_three(forge)
    result = states(forge, ["web"], None)
    assert [state.commit for state in result.states] == [second, first]
    assert result.complete
    assert {p: d for p, d in release("web", 2).items() if not p.endswith(".shipway")} == result.states[0].files
    assert states(forge, ["api"], None).states == ()


def test_a_confirmed_commit_is_the_last_that_counts(forge: Forge) -> None:
    _, second, third = publish_three(forge)
    assert [state.commit for state in states(forge, ["web"], second).states] == [second]
    assert states(forge, ["web"], third).states == ()


def test_folders_before_they_existed_are_empty_states(forge: Forge) -> None:
    forge.publish(release("web"))
    forge.publish({**release("web"), **release("api")})
    assert [state.files for state in states(forge, ["api"], None).states] == [{}]


def test_a_subject_of_somebody_else_has_no_control_characters(forge: Forge) -> None:
    forge.publish(release("web"))
    work = forge.worktree()
    (work / "prod/web/deployment-web-0.yaml").write_text("mine")
    git(work, "commit", "-qam", "\x1b[31mred")
    git(work, "push", "-q")
    forge.publish(release("web", 2), overwrite=frozenset({"web/deployment-web-0.yaml"}))
    assert states(forge, ["web"], None).states[0].subject == "[31mred"


@pytest.mark.parametrize("end", ["\x0c", "\x1e", "\x85", "\u2028"])
def test_a_subject_of_somebody_else_that_looks_like_several_lines_is_one(forge: Forge, end: str) -> None:
    (first, *_) = publish_three(forge)
    work = forge.worktree()
    git(work, "commit", "-q", "--allow-empty", "-m", f"looks{end}good")
    git(work, "push", "-q")
    assert [state.commit for state in states(forge, ["web"], None).states][-1] == first
