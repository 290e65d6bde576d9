"""A call to Git that fails is never an answer: each one of a command's calls is killed, or fails, in turn."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pipeline.specs import environment, release
from tests.publish.conftest import Answer, Workspace
from tests.publish.failing_git import FAILURES, CountedGit

EXPOSED = "replicas: 4\n  expose: {host: api.example.com, path: /api}"
BRANCH, CONFIRMED = "refs/heads/shipway/prod", "refs/shipway/confirmed/prod"


@pytest.fixture
def signed(workspace: Workspace, tmp_path: Path) -> Workspace:
    """One publish made, a change committed, commits signed."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    settings = {"commit.gpgsign": "true", "gpg.format": "ssh", "user.signingkey": str(tmp_path / "key.pub")}
    for name, value in settings.items():
        subprocess.run(["git", "-C", str(workspace.specs), "config", name, value], check=True)
    assert workspace.run("publish").status == 0
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    return workspace


def state(workspace: Workspace) -> str:
    """All that a commit holds, but its time and what depends on it; and what is confirmed."""
    refs = workspace.git("for-each-ref", "--format=%(refname)")
    tip = workspace.git("cat-file", "commit", BRANCH)
    lines = [line for line in tip.splitlines() if not line.startswith(("committer", "author", " "))]
    lines = [line.partition(": ")[0] if line.startswith("Shipway-Source") else line for line in lines]
    confirmed = workspace.git("for-each-ref", "--format=%(objectname)", CONFIRMED)
    return "\n".join([refs, *lines, confirmed])


def outcomes(
    workspace: Workspace, counted: CountedGit, words: tuple[str, ...], failure: str, view: Callable[[Answer], object]
) -> Iterator[tuple[int, Answer, bool, bool]]:
    """For each call that failed: its number, the answer, whether the state is the old one, and the new one."""
    tip, old = workspace.git("rev-parse", BRANCH), state(workspace)
    counted.fail_at(0, ":")
    answer = workspace.run(*words)
    assert answer.status == 0, answer.err
    expected, new = view(answer), state(workspace)
    for number in range(1, counted.calls + 1):
        workspace.git("update-ref", BRANCH, tip)
        workspace.git("update-ref", "-d", CONFIRMED)
        counted.fail_at(number, failure)
        answer = workspace.run(*words)
        counted.fail_at(0, ":")
        now = state(workspace)
        yield number, answer, now == old, now == new and (answer.status != 0 or view(answer) == expected)


def assert_old_new_or_refused(
    workspace: Workspace,
    counted: CountedGit,
    words: tuple[str, ...],
    failure: str,
    view: Callable[[Answer], object] = lambda answer: answer.status,
) -> None:
    wrong = [
        (number, answer)
        for number, answer, old, new in outcomes(workspace, counted, words, failure, view)
        if not (new if answer.status == 0 else (old or new) and "error" in answer.err + answer.out)
    ]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("words", [("publish",), ("confirm", "prod", "shipway/prod")])
def test_a_failed_call_leaves_the_old_state_or_the_new_one(
    signed: Workspace, counted: CountedGit, words: tuple[str, ...], failure: str
) -> None:
    assert_old_new_or_refused(signed, counted, words, failure)


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--format", "md"),
        ("bootstrap", "prod"),
        ("history", "prod"),
        ("history", "prod", "--diff", "shipway/prod"),
        ("rollback", "prod/api", "--to", "HEAD~1", "--dry-run"),
        ("start", "prod/api", "--version", "2.0.0", "--dry-run"),
        ("plan", "prod/api", "--from", "BARE@shipway/prod:prod/api", "--format", "md"),
        ("verify", "BARE@shipway/prod:prod/api", "BARE@shipway/prod:prod/api"),
        ("adopt", "BARE@shipway/prod:prod/api", "--into", "prod", "--dry-run"),
    ],
)
def test_a_failed_call_shows_nothing_else(
    signed: Workspace, counted: CountedGit, words: tuple[str, ...], failure: str
) -> None:
    words = tuple(word.replace("BARE", str(signed.bare)) for word in words)
    assert_old_new_or_refused(signed, counted, words, failure, lambda answer: answer.out)


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("words", [("status",), ("site", "--out", "SITE")], ids=["status", "site"])
def test_a_view_that_lacks_something_says_so(
    signed: Workspace, counted: CountedGit, tmp_path: Path, words: tuple[str, ...], failure: str
) -> None:
    words = tuple(word.replace("SITE", str(tmp_path / "site")) for word in words)

    def view(answer: Answer) -> str:
        pages = sorted((tmp_path / "site").glob("*.html"))
        return answer.out + "".join(re.sub(r"[0-9-]{10}[T ][0-9:.+]+", "", page.read_text()) for page in pages)

    whole = view(signed.run(*words))
    for number in range(1, calls_of(signed, counted, words) + 1):
        counted.fail_at(number, failure)
        answer = signed.run(*words)
        counted.fail_at(0, ":")
        text = "warning[" in answer.err or "error[" in answer.err
        assert view(answer) == whole or text, (number, answer)
        assert answer.status == 0 or "error[" in answer.err, (number, answer)


def calls_of(workspace: Workspace, counted: CountedGit, words: tuple[str, ...]) -> int:
    counted.fail_at(0, ":")
    assert workspace.run(*words).status == 0
    return counted.calls


@dataclass(frozen=True)
class SpecsState:
    """The spec's text, what is checked out, and all branches with their contents and messages."""

    text: str
    head: str
    branches: str


def specs_state(workspace: Workspace) -> SpecsState:
    return SpecsState(
        (workspace.specs / "environments/prod/api.yaml").read_text(),
        own_git(workspace, "branch", "--show-current"),
        own_git(workspace, "for-each-ref", "--format=%(refname) %(tree) %(subject)", "refs/heads"),
    )


def own_git(workspace: Workspace, *words: str) -> str:
    done = subprocess.run(["git", "-C", workspace.specs, *words], capture_output=True, text=True, check=True)
    return done.stdout


def published_state(workspace: Workspace) -> str:
    """As `state`, without the branches that share a commit of the specs: its id is in their names."""
    lines = state(workspace).splitlines()
    return "\n".join(line for line in lines if not line.startswith("refs/heads/rollback-"))


def start_again(workspace: Workspace) -> None:
    own_git(workspace, "checkout", "-q", "-f", "main")
    own_git(workspace, "reset", "-q", "--hard", "before")
    for branch in own_git(workspace, "for-each-ref", "--format=%(refname)", "refs/heads").split():
        if branch != "refs/heads/main":
            own_git(workspace, "update-ref", "-d", branch)


@pytest.mark.slow
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize(
    "words",
    [
        ("start", "prod/api", "--version", "2.0.0", "--push"),
        ("rollback", "prod/api", "--to", "HEAD~2", "--commit"),
        ("promote", "api", "--from", "dev", "--to", "prod", "--commit"),
        ("publish", "--again", "prod/api"),
        ("rollback", "prod/api", "--to", "HEAD~2", "--publish"),
        ("rollback", "prod/api", "--to", "HEAD~2", "--publish", "--push"),
    ],
    ids=lambda words: f"{words[0]} {words[-1]}",
)
def test_an_edit_is_made_and_committed_or_refused(
    signed: Workspace, counted: CountedGit, words: tuple[str, ...], failure: str
) -> None:
    signed.write("environment", environment("gatewayApi").replace("prod", "dev"), "dev")
    signed.write("api", release('blueGreen: {active: blue, blue: {version: "3.0.0"}}', more=EXPOSED), "dev")
    signed.commit("dev")
    own_git(signed, "tag", "before")
    tip = signed.git("rev-parse", BRANCH)
    old, old_published = specs_state(signed), published_state(signed)
    total = calls_of(signed, counted, words)
    new, new_published = specs_state(signed), published_state(signed)
    assert new != old
    for number in range(1, total + 1):
        start_again(signed)
        signed.git("update-ref", BRANCH, tip)
        counted.fail_at(number, failure)
        answer = signed.run(*words)
        counted.fail_at(0, ":")
        now = specs_state(signed)
        if answer.status == 0:
            assert (now, published_state(signed)) == (new, new_published), (number, answer)
        else:
            assert "error[" in answer.err, (number, answer)
            assert now.text in (old.text, new.text), (number, answer)
            assert published_state(signed) in (old_published, new_published), (number, answer)
