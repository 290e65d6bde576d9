"""The pilot's moves, through the command: what it does when all is well, and what it does not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler.git.spec_moves import Checkout, push_move
from tests.git.helpers import git
from tests.pilot.conftest import Pilot

pytestmark = pytest.mark.e2e

FAILING = {'code=~"5.."': 12.0, "istio_requests_total": 400.0}


def test_a_healthy_canary_walks_to_its_end_alone(pilot: Pilot) -> None:
    pilot.publish()
    seen = []
    for _ in range(4):
        row = pilot.tick()
        seen.append((row["position"], row["action"], bool(row["commit"])))
        pilot.age_published(3600)
    assert seen == [
        ("canary 5 %", "advance", True),
        ("canary 50 %", "finish", True),
        ("released", "none", False),
        ("released", "none", False),
    ]
    assert "stable: {version: 1.1.0}" in pilot.spec() or 'stable: {version: "1.1.0"}' in pilot.spec()
    assert len(pilot.commits()) == 3


def test_a_quiet_tick_moves_and_says_nothing(pilot: Pilot) -> None:
    pilot.publish()
    assert pilot.run("pilot", "prod", "-q") == (0, "", "")
    assert "at: 50" in pilot.spec()


def test_a_quiet_dry_run_says_what_it_would_do_and_nothing_else(pilot: Pilot) -> None:
    pilot.publish()
    status, out, err = pilot.run("pilot", "prod", "--dry-run", "-q")
    assert (status, err) == (0, "")
    assert "would advance" in out
    assert "at: 5\n" in pilot.spec()


def test_a_move_carries_its_evidence(pilot: Pilot) -> None:
    head = pilot.publish()
    row = pilot.tick()
    assert row["commit"], row
    body = pilot.body()
    assert "Shipway-Decision: advance prod/api: 50 %: the analysis passed" in body
    assert "Shipway-Check: errors 0 ≤ 0.01 (400 requests, 60s)" in body
    assert f"Shipway-Observed-Revision: {head}" in body
    status, out, _ = pilot.run("why-moved", row["commit"][:12])
    assert status == 0
    assert "decided    advance: 50 %: the analysis passed" in out
    assert "again      advance: 50 %: the analysis passed" in out
    assert head[:12] in out


def test_a_commit_of_a_person_has_no_record(pilot: Pilot) -> None:
    head = pilot.publish()
    status, _, err = pilot.run("why-moved", head)
    assert status == 1
    assert "decision-unrecorded" in err


def test_errors_abort(pilot: Pilot) -> None:
    pilot.publish()
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert (row["action"], row["reason"]) == ("abort", "the analysis failed")
    assert row["checks"] == ["errors 0.03 > 0.01 (400 requests, 60s)"]
    assert row["commit"]
    assert "aborted: true" in pilot.spec()
    assert "Shipway-Check: errors 0.03 > 0.01 (400 requests, 60s)" in pilot.body()


def test_what_was_aborted_is_never_started_again(pilot: Pilot) -> None:
    pilot.publish()
    pilot.figures.values.update(FAILING)
    assert pilot.tick()["action"] == "abort"
    pilot.figures.values.update({'code=~"5.."': 0.0})
    pilot.age_published(3600)
    before = pilot.commits()
    for _ in range(3):
        assert pilot.tick()["action"] == "none"
    assert pilot.commits() == before


def test_few_requests_do_not_abort(pilot: Pilot) -> None:
    pilot.publish()
    pilot.figures.values.update({'code=~"5.."': 1.0, "istio_requests_total": 19.0})
    row = pilot.tick()
    assert row["action"] == "hold"
    assert row["checks"] == ["errors 0.05263, but only 19 requests (60s)"]


def test_what_chance_explains_neither_aborts_nor_advances(pilot: Pilot) -> None:
    pilot.publish()
    pilot.figures.values.update({'code=~"5.."': 1.0, "istio_requests_total": 60.0})
    row = pilot.tick()
    assert (row["action"], row["checks"]) == ("hold", ["errors 0.01667 > 0.01 (60 requests, 60s)"])


def test_the_new_version_degraded_aborts(pilot: Pilot) -> None:
    pilot.publish()
    pilot.argo.changed["prod-api"] = {"health": {"status": "Degraded"}}
    pilot.argo.trees["prod-api"] = [{"kind": "Deployment", "name": "api-canary", "health": {"status": "Degraded"}}]
    row = pilot.tick()
    assert (row["action"], row["reason"]) == ("abort", "the new version is Degraded")
    assert row["commit"]


def test_the_old_version_degraded_does_not_abort(pilot: Pilot) -> None:
    pilot.publish(ago=1800)
    pilot.argo.changed["prod-api"] = {"health": {"status": "Degraded"}}
    pilot.argo.trees["prod-api"] = [{"kind": "Deployment", "name": "api-stable", "health": {"status": "Degraded"}}]
    assert pilot.tick()["action"] == "hold"


def test_a_sync_that_failed_for_good_aborts(pilot: Pilot) -> None:
    pilot.publish()
    failed = {"phase": "Failed", "message": "one or more objects failed to apply"}
    pilot.argo.changed["prod-api"] = {"sync": {"status": "OutOfSync"}, "operationState": failed}
    row = pilot.tick()
    assert row["action"] == "abort"
    assert row["reason"] == "Argo CD could not sync it: one or more objects failed to apply"


def test_the_deadline_aborts(pilot: Pilot) -> None:
    pilot.canary(more=", deadline: 10m")
    pilot.publish(ago=900)
    pilot.argo.changed["prod-api"] = {"health": {"status": "Progressing"}}
    row = pilot.tick()
    assert row["action"] == "abort"
    assert "(deadline 600 s)" in row["reason"]


def test_a_freeze_keeps_a_step_and_lets_an_abort_out(pilot: Pilot) -> None:
    pilot.environment(more='  freezes: [{from: "2020-01-01", to: "2099-01-01", reason: audit}]\n')
    pilot.commit()
    status, _, err = pilot.run("publish", "prod", "--allow", "frozen", "--reason", "test")
    assert status == 0, err
    pilot.age_published(3600)
    assert pilot.tick()["reason"] == "frozen: audit"
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert (row["action"], bool(row["commit"])) == ("abort", True)


def test_a_soak_time_is_waited_for(pilot: Pilot) -> None:
    pilot.canary(steps="[{at: 5, pause: 2h}, 50]")
    pilot.publish(ago=3600)
    row = pilot.tick()
    assert row["action"] == "hold"
    assert "it soaks for" in row["reason"]


@pytest.mark.parametrize(("mode", "moved", "aborted"), [("off", 0, 0), ("advise", 0, 0), ("abortOnly", 0, 1)])
def test_the_policy_says_what_the_pilot_may_do(pilot: Pilot, mode: str, moved: int, aborted: int) -> None:
    pilot.environment(pilot=mode)
    pilot.publish()
    assert bool(pilot.tick()["commit"]) == moved
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert bool(row["commit"]) == aborted
    assert row["advice"] == (mode == "advise")


def test_a_dry_run_changes_nothing(pilot: Pilot) -> None:
    pilot.publish()
    before = git(pilot.bare, "for-each-ref")
    row = pilot.tick("--dry-run")
    assert (row["action"], row["advice"], row["commit"]) == ("advance", True, "")
    assert git(pilot.bare, "for-each-ref") == before


def test_it_confirms_what_argo_cd_reports_as_done(pilot: Pilot) -> None:
    head = pilot.publish(ago=10)
    assert pilot.tick()["confirmed"] == head
    assert git(pilot.bare, "rev-parse", "refs/shipway/confirmed/prod") == head
    assert pilot.tick()["confirmed"] is None


def test_one_application_that_is_not_healthy_keeps_the_commit_from_being_confirmed(pilot: Pilot) -> None:
    pilot.publish(ago=10)
    pilot.argo.changed["prod-environment"] = {"health": {"status": "Missing"}}
    assert pilot.tick()["confirmed"] is None


def test_an_edit_that_a_person_did_not_publish_is_a_persons_to_publish(pilot: Pilot) -> None:
    pilot.publish()
    pilot.canary(at=50)
    pilot.commit()
    row = pilot.tick()
    assert row["action"] == "none"
    assert "waits until somebody publishes that edit" in row["reason"]


def test_a_person_who_was_faster_keeps_the_course(pilot: Pilot, tmp_path: Path) -> None:
    """A colleague's commit of the specs comes between the look and the push: the lease refuses the pilot's."""
    pilot.publish()
    other = tmp_path / "colleague"
    git(tmp_path, "clone", "-q", "-b", "main", str(pilot.bare), str(other))

    def colleague() -> None:
        (other / "README.md").write_text("x")
        git(other, "add", "-A")
        git(other, "commit", "-q", "-m", "docs")
        git(other, "push", "-q", "origin", "main")

    def pushed_late(checkout: Checkout, commit: str, branch: str) -> bool:
        colleague()
        return push_move(checkout, commit, branch)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compiler.pilot.tick.push_move", pushed_late)
        row = pilot.tick()
    assert row["refused"] == "somebody changed the specs meanwhile"
    assert len(pilot.commits()) == 1
    assert pilot.tick()["action"] == "advance"


def blue_green(active: str, pause: str = "0s") -> str:
    return f"""apiVersion: shipway.dev/v1
kind: Release
metadata: {{name: api}}
spec:
  container: {{image: ghcr.io/acme/api, preset: bentoml}}
  replicas: 2
  expose: {{path: /}}
  strategy:
    blueGreen:
      active: {active}
      blue: {{version: "1.0.0"}}
      green: {{version: "1.1.0", change: minor}}
      pause: {pause}
      analysis: {{every: 10s, window: 1m, minRequests: 20, checks: [{{name: errors, preset: errorRate, max: 0.01}}]}}
"""


def test_a_switch_is_watched_before_and_after(pilot: Pilot) -> None:
    pilot.write("api", blue_green("blue"))
    pilot.publish()
    row = pilot.tick()
    assert (row["position"], row["action"], bool(row["commit"])) == ("started", "advance", True)
    pilot.age_published(3600)
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert (row["position"], row["action"], bool(row["commit"])) == ("switched", "abort", True)
    assert "active: blue" in pilot.spec()


def rolling(analysis: str) -> str:
    """A release whose 1.1.0 has replaced 1.0.0, with this analysis beside its one check."""
    return blue_green("blue").partition("    blueGreen:")[0] + (
        '    rolling:\n      version: "1.1.0"\n      previous: {version: "1.0.0"}\n'
        f"      analysis: {{{analysis}, checks: [{{name: errors, preset: errorRate, max: 0.01}}]}}\n"
    )


def test_a_rolling_release_is_watched_for_a_while(pilot: Pilot) -> None:
    pilot.write("api", rolling("every: 10s, window: 1m, minRequests: 20, watch: 30m"))
    pilot.publish(ago=1200)
    assert pilot.tick()["action"] == "hold"
    pilot.figures.values.update(FAILING)
    row = pilot.tick()
    assert (row["action"], bool(row["commit"])) == ("abort", True)
    assert 'version: "1.0.0"' in pilot.spec() or "version: 1.0.0" in pilot.spec()


def test_a_rolling_release_is_left_alone_after_its_time(pilot: Pilot) -> None:
    pilot.write("api", rolling("watch: 10m"))
    pilot.publish(ago=1200)
    pilot.figures.values.update(FAILING)
    assert pilot.tick()["action"] == "none"


def test_a_step_of_an_hour_is_waited_for_and_then_taken(pilot: Pilot) -> None:
    pilot.canary(steps="[{at: 5, pause: 1h}, 50]")
    pilot.publish(ago=3500)
    assert "it soaks for" in pilot.tick()["reason"]
    pilot.age_published(3700)
    assert pilot.tick()["action"] == "advance"


def test_a_switch_that_was_taken_back_is_not_made_again(pilot: Pilot) -> None:
    pilot.write("api", blue_green("green"))
    pilot.publish()
    pilot.figures.values.update(FAILING)
    assert pilot.tick()["action"] == "abort"
    before = pilot.commits()
    for figures in ({'code=~"5.."': 0.0}, FAILING):
        pilot.figures.values.update(figures)
        pilot.age_published(3600)
        assert pilot.tick()["action"] == "none"
    assert pilot.commits() == before


def test_a_rolling_release_goes_back_once(pilot: Pilot) -> None:
    """What serves then may fail as well: the pilot does not go to and fro between two versions."""
    pilot.write("api", rolling("every: 10s, window: 1m, minRequests: 20, watch: 5h"))
    pilot.publish(ago=1200)
    pilot.figures.values.update(FAILING)
    assert pilot.tick()["action"] == "abort"
    before = pilot.commits()
    for _ in range(2):
        pilot.age_published(1200)
        assert pilot.tick()["action"] == "none"
    assert pilot.commits() == before
