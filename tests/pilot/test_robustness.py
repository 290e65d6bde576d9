"""What kills, races and refusals leave behind: the next tick goes on from Git alone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from compiler.diagnostics.model import Rejected
from compiler.diagnostics.refusals import rejection
from compiler.publish.environment import PublishOptions, PublishOutcome, publish_environment
from tests.git.helpers import git
from tests.pilot.conftest import Pilot
from tests.pilot.test_moves import FAILING

pytestmark = pytest.mark.e2e


def test_an_abort_goes_on_after_a_refused_publish(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The specs hold the abort already, and nobody published it: the next tick does."""
    pilot.publish()
    pilot.figures.values.update(FAILING)

    def refused(*_: object) -> PublishOutcome:
        raise rejection("push-declined", "the server is in maintenance", "wait")

    with monkeypatch.context() as patch:
        patch.setattr("compiler.pilot.tick.publish_environment", refused)
        row = pilot.tick()
    assert (row["action"], row["commit"], row["refused"]) == ("publish", "", "the server is in maintenance")
    assert "aborted: true" in pilot.spec()
    assert len(pilot.commits()) == 1
    row = pilot.tick()
    assert (row["action"], bool(row["commit"])) == ("publish", True)
    assert row["reason"] == "the pilot's own abort is not published yet"


def test_an_abort_in_a_freeze_goes_on_as_well(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot.environment(more='  freezes: [{from: "2020-01-01", to: "2099-01-01", reason: audit}]\n')
    pilot.commit()
    assert pilot.run("publish", "prod", "--allow", "frozen", "--reason", "test")[0] == 0
    pilot.age_published(3600)
    pilot.figures.values.update(FAILING)
    with monkeypatch.context() as patch:
        patch.setattr("compiler.pilot.tick.publish_environment", lambda *_: (_ for _ in ()).throw(away()))
        pilot.tick()
    assert pilot.tick()["commit"]


def away() -> Rejected:
    return rejection("repository-unreachable", "the server is away", "wait")


def test_an_abort_is_tried_again_at_once_when_the_server_is_away(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot.publish()
    pilot.figures.values.update(FAILING)
    tries: list[int] = []

    def second_time(root: Path, name: str, options: PublishOptions) -> PublishOutcome:
        tries.append(1)
        if len(tries) == 1:
            raise away()
        return publish_environment(root, name, options)

    monkeypatch.setattr("compiler.pilot.tick.publish_environment", second_time)
    assert pilot.tick()["commit"]
    assert len(tries) == 2


def test_a_person_who_edits_after_the_pilots_commit_publishes_that(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pilot's unpublished move is not published together with what a person added since."""
    pilot.publish()
    with monkeypatch.context() as patch:
        patch.setattr("compiler.pilot.tick.publish_environment", lambda *_: (_ for _ in ()).throw(away()))
        assert pilot.tick()["refused"]
    path = pilot.root / "environments/prod/api.yaml"
    path.write_text(path.read_text().replace("replicas: 4", "replicas: 6"))
    pilot.commit("more replicas")
    row = pilot.tick()
    assert (row["action"], row["commit"]) == ("none", "")


def test_two_pilots_make_one_commit(pilot: Pilot, tmp_path: Path) -> None:
    pilot.publish()
    second = tmp_path / "second"
    git(tmp_path, "clone", "-q", "-b", "main", str(pilot.bare), str(second))
    code = "import sys; from compiler.cli.main import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", code, "pilot", "prod", "--format", "json", "-C"]
    running = [
        subprocess.Popen([*words, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for folder in (pilot.root, second)
    ]
    rows = [json.loads(each.communicate()[0])["releases"][0] for each in running]
    # two that decide in one second from one state write the very same commit
    assert len({row["commit"] for row in rows if row["commit"]}) == 1, rows
    assert len(pilot.commits()) == 2
    assert git(pilot.bare, "rev-list", "--count", "main").strip() == "2"


def test_a_protected_main_keeps_a_step_and_not_an_abort(pilot: Pilot) -> None:
    pilot.publish()
    hook = pilot.bare / "hooks" / "update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }\n')
    hook.chmod(0o755)
    row = pilot.tick()
    assert (row["action"], row["commit"]) == ("advance", "")
    assert "refused the pilot's commit on `main`" in row["refused"]
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert (row["action"], bool(row["commit"])) == ("abort", True)


def test_via_branch_waits_for_its_pull_request(pilot: Pilot) -> None:
    pilot.publish()
    row = pilot.tick("--via", "branch")
    assert (row["action"], row["commit"]) == ("advance", "")
    assert row["branch"] in git(pilot.bare, "branch", "--list", row["branch"])
    assert len(pilot.commits()) == 1
    again = pilot.tick("--via", "branch")
    assert again["refused"] == "its branch waits to be merged"
    assert git(pilot.root, "branch", "--show-current") == "main"


def test_via_branch_publishes_an_abort_at_once(pilot: Pilot) -> None:
    pilot.publish()
    pilot.figures.values.update(FAILING)
    row = pilot.tick("--via", "branch")
    assert (row["action"], bool(row["commit"]), bool(row["branch"])) == ("abort", True, True)
    assert git(pilot.root, "branch", "--show-current") == "main"
    assert "aborted" not in pilot.spec()


def test_via_branch_publishes_an_abort_whose_branch_is_there_already(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The publish failed after the branch was pushed: the next tick does not wait for the pull request."""
    pilot.publish()
    pilot.figures.values.update(FAILING)
    with monkeypatch.context() as patch:
        patch.setattr("compiler.pilot.tick.publish_environment", lambda *_: (_ for _ in ()).throw(away()))
        assert pilot.tick("--via", "branch")["refused"]
    row = pilot.tick("--via", "branch")
    assert (row["action"], bool(row["commit"])) == ("abort", True)


@pytest.mark.parametrize("ref", ["refs/shipway/confirmed/prod", "refs/notes/shipway/decisions"])
def test_a_server_that_takes_no_other_ref_keeps_no_abort_back(pilot: Pilot, ref: str) -> None:
    """Neither the confirmation nor the note is what an abort waits for."""
    pilot.publish()
    hook = pilot.bare / "hooks" / "update"
    hook.write_text(f'#!/bin/sh\n[ "$1" != {ref} ] || {{ echo "only branches" >&2; exit 1; }}\n')
    hook.chmod(0o755)
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert (row["action"], bool(row["commit"]), row["refused"]) == ("abort", True, "")


def test_uncommitted_changes_are_not_carried_along(pilot: Pilot) -> None:
    pilot.publish()
    pilot.canary(at=50)
    status, _, err = pilot.run("pilot", "prod")
    assert status == 1
    assert "pilot-checkout" in err


def test_ctrl_c_ends_the_loop(pilot: Pilot) -> None:
    pilot.publish()
    code = "import sys; from compiler.cli.main import run; sys.argv[0] = 'shipway'; run()"
    words = [sys.executable, "-c", code, "pilot", "prod", "--every", "1s", "-C", str(pilot.root)]
    listening = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a job in the background ignores it
    running = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=listening,  # noqa: PLW1509 - this process has no other thread here
    )  # fmt: skip
    assert running.stdout is not None
    first = running.stdout.readline()
    threading.Timer(0.1, running.send_signal, (signal.SIGINT,)).start()
    _, err = running.communicate(timeout=60)
    assert first.startswith("prod")
    assert (running.returncode, "interrupted" in err) == (130, True)
