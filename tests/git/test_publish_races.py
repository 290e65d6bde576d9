"""Publishing beside others: lost leases, and what a server refuses or rewrites."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from compiler.diagnostics.model import Rejected
from compiler.git.clone import Clone
from compiler.git.target import checked_target
from compiler.git.tree import read_tree
from compiler.publish.publish import NextState, PublishedCommit, publish
from compiler.tree.published_tree import PublishedTree
from tests.git.helpers import Forge, git, release


def codes(refused: pytest.ExceptionInfo[Rejected]) -> list[str]:
    return [diagnostic.code for diagnostic in refused.value.diagnostics]


def test_two_who_publish_at_once_both_land(forge: Forge) -> None:
    forge.publish({**release("web"), **release("api")})
    other = replace(forge, target=replace(forge.target, environment="staging", path="staging"))
    together = threading.Barrier(2, timeout=20)
    bases: dict[str, list[str | None]] = {"prod": [], "staging": []}
    outcomes = {}

    def run(which: Forge) -> None:
        name = which.target.environment

        def compute(base: PublishedTree, clone: Clone) -> NextState:
            bases[name].append(base.commit)
            if len(bases[name]) == 1:
                together.wait()
            return NextState({**release("web", replicas=8), **release("api")}, f"Publish {name}")

        outcomes[name] = publish(which.target, compute, which.request())

    threads = [threading.Thread(target=run, args=(which,)) for which in (forge, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    attempts = sorted(o.attempts for o in outcomes.values() if isinstance(o, PublishedCommit))
    assert attempts == [1, 2]
    assert git(forge.bare, "rev-list", "--count", "main") == "3"
    assert read_tree(forge.bare, "main", "prod") == read_tree(forge.bare, "main", "staging")


def test_a_lost_lease_computes_anew_and_sees_the_edit_of_the_meantime(forge: Forge) -> None:
    forge.publish(release("web"))
    seen = []

    def compute(base: PublishedTree, clone: Clone) -> NextState:
        seen.append(base.commit)
        if len(seen) == 1:
            forge.by_hand("prod/web/deployment-web-0.yaml", "mine")
        return NextState(release("web", replicas=5), "Publish prod")

    with pytest.raises(Rejected) as refused:
        publish(forge.target, compute, forge.request())
    assert codes(refused) == ["file-edited"]
    assert len(set(seen)) == 2


def test_who_loses_every_race_stops_with_a_reason(forge: Forge) -> None:
    forge.publish(release("web"))

    def compute(base: PublishedTree, clone: Clone) -> NextState:
        forge.by_hand("other", str(base.commit))
        return NextState(release("web", replicas=5), "Publish prod")

    with pytest.raises(Rejected) as refused:
        publish(forge.target, compute, replace(forge.request(), attempts=2))
    assert codes(refused) == ["publish-contended"]


def hook(forge: Forge, name: str, text: str) -> None:
    file = forge.bare / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def test_a_protected_branch_is_final_and_the_servers_answer_is_shown(forge: Forge) -> None:
    hook(forge, "pre-receive", "echo 'GH006: protected branch' >&2; exit 1")
    computed = []

    def compute(base: PublishedTree, clone: Clone) -> NextState:
        computed.append(base)
        return NextState(release("web"), "Publish prod")

    with pytest.raises(Rejected) as refused:
        publish(forge.target, compute, forge.request())
    assert codes(refused) == ["push-declined"]
    assert "GH006: protected branch" in refused.value.diagnostics[0].message
    assert len(computed) == 1


def test_a_rule_that_speaks_of_conflicts_is_final_too_and_reported(forge: Forge) -> None:
    hook = forge.bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho pushes >> pushes\necho 'non-fast-forward pushes need a ticket' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web"))
    assert codes(refused) == ["push-declined"]
    assert "need a ticket" in refused.value.diagnostics[0].message
    assert (forge.bare / "pushes").read_text() == "pushes\n"


def test_a_server_that_rewrites_the_branch_is_found_out(forge: Forge) -> None:
    forge.publish(release("web"))
    hook(forge, "post-receive", "git update-ref refs/heads/main $(git rev-parse main~1)")
    with pytest.raises(Rejected) as refused:
        forge.publish(release("web", replicas=5))
    assert codes(refused) == ["publish-not-found"]


def test_somebody_who_publishes_on_top_at_once_is_no_failure(forge: Forge) -> None:
    forge.publish(release("web"))
    top = "commit-tree -p $(git rev-parse main) -m on-top $(git rev-parse main^{tree})"
    identity = "-c user.name=x -c user.email=x@example.com"
    hook(forge, "post-receive", f"git update-ref refs/heads/main $(git {identity} {top})")
    assert isinstance(forge.publish(release("web", replicas=5)), PublishedCommit)


@pytest.mark.parametrize("setting", ["refuse", "updateInstead", "ignore"])
def test_a_branch_that_is_checked_out_is_refused(forge: Forge, setting: str) -> None:
    work = forge.folder / "work"
    git(forge.folder, "init", "-q", str(work))
    git(work, "commit", "-q", "--allow-empty", "-m", "first")
    git(work, "config", "receive.denyCurrentBranch", setting)
    checked_out = checked_target("prod", str(work), "main", "", forge.folder)
    with pytest.raises(Rejected) as refused:
        publish(checked_out, lambda base, clone: NextState(release("web"), "x"), forge.request())
    assert codes(refused) == ["branch-checked-out"]
    beside = replace(checked_out, branch="shipway/prod")
    outcome = publish(beside, lambda base, clone: NextState(release("web"), "x"), forge.request())
    assert isinstance(outcome, PublishedCommit)
    assert outcome.parent is None
    assert git(work, "status", "--porcelain") == ""


def test_a_branch_below_another_branch_is_refused_at_once(forge: Forge) -> None:
    forge.publish(release("web"))
    below = replace(forge.target, branch="main/prod")
    with pytest.raises(Rejected) as refused:
        publish(below, lambda base, clone: NextState(release("web"), "x"), forge.request())
    assert codes(refused) == ["branch-name-taken"]
