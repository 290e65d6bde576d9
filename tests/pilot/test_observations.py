"""What Argo CD and Prometheus may answer: only what is known to be the step's own moves a course."""

from __future__ import annotations

import json
import time

import pytest

from tests.pilot.conftest import Pilot

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sync": {"status": "OutOfSync"}}, "Argo CD reports OutOfSync, Healthy"),
        ({"health": {"status": "Progressing"}}, "Argo CD reports Synced, Progressing"),
        ({"operationState": {"phase": "Running"}}, "Argo CD is still syncing"),
        ({"sync": {"revision": "0" * 40}}, "Argo CD has not seen the published commit yet (it is at 000000000000)"),
        ({"sync": {"revision": 7}}, "Argo CD has not seen the published commit yet (it is at no revision)"),
        ({"operationState": {"finishedAt": "2999-01-01T00:00:00Z"}}, "Argo CD's clock is ahead of ours"),
    ],
)
def test_it_holds_while_argo_cd_does_not_say_that_the_step_is_done(
    pilot: Pilot, change: dict[str, object], reason: str
) -> None:
    pilot.publish(ago=1800)
    pilot.argo.changed["prod-api"] = change
    row = pilot.tick()
    assert (row["action"], row["reason"], row["commit"]) == ("hold", reason, "")


def test_an_older_revision_is_not_taken_for_the_step(pilot: Pilot) -> None:
    first = pilot.publish(ago=7200)
    assert pilot.tick()["action"] == "advance"
    pilot.age_published(3600)
    pilot.argo.revision = first
    row = pilot.tick()
    assert row["action"] == "hold"
    assert "has not seen the published commit" in row["reason"]


def test_servers_that_are_away_hold(pilot: Pilot) -> None:
    pilot.publish()
    pilot.figures.away = True
    row = pilot.tick()
    assert row["action"] == "hold"
    assert "Prometheus cannot be read: it answers with status 503" in row["checks"][0]
    pilot.argo.away = True
    assert "Argo CD cannot be read" in pilot.tick()["reason"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ((200, {"status": "success", "data": {"resultType": "vector", "result": []}}), "no data"),
        (
            (200, {"status": "success", "data": {"resultType": "vector", "result": [{"value": [1, "NaN"]}]}}),
            "no data",
        ),
        ((200, {"status": "success", "data": {"resultType": "matrix", "result": []}}), "gives a matrix"),
        ((200, {"status": "success", "data": {"resultType": "string", "result": [1, "x"]}}), "gives a string"),
        (
            (
                200,
                {
                    "status": "success",
                    "data": {"resultType": "vector", "result": [{"value": [1, "1"]}, {"value": [1, "2"]}]},
                },
            ),
            "gives 2 series",
        ),
        ((400, {"status": "error", "errorType": "bad_data", "error": "parse error"}), "parse error"),
        ((200, b"<html>"), "does not answer with JSON"),
        ((302, b""), "redirects"),
        ((200, {"status": "success"}), "no answer"),
    ],
)
def test_answers_that_are_no_number_move_nothing(pilot: Pilot, raw: tuple[int, object], text: str) -> None:
    pilot.publish()
    pilot.figures.raw = raw
    row = pilot.tick()
    assert (row["action"], row["commit"]) == ("hold", "")
    assert text in row["checks"][0]


def test_a_slow_prometheus_neither_keeps_an_abort_back_nor_the_tick(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The release holds while nothing answers; what Argo CD reports as failed is aborted all the same."""
    monkeypatch.setattr("compiler.observe.http.ANSWER_SECONDS", 1.0)
    pilot.publish()
    pilot.figures.seconds = 20
    began = time.monotonic()
    row = pilot.tick()
    assert (row["action"], row["commit"]) == ("hold", "")
    assert row["checks"][0].startswith("errors: Prometheus cannot be read: ")
    assert "timed out" in row["checks"][0] or "takes longer than" in row["checks"][0]
    pilot.argo.changed["prod-api"] = {"operationState": {"phase": "Failed", "message": "denied"}}
    row = pilot.tick()
    assert (row["action"], bool(row["commit"])) == ("abort", True)
    assert time.monotonic() - began < 20


def test_many_slow_answers_are_not_waited_for(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each comes in time, and all of them together do not: what is left is asked in the next tick."""
    monkeypatch.setattr("compiler.pilot.measure.MEASURE_SECONDS", 0.5)
    monkeypatch.setattr("compiler.pilot.measure.QUESTIONS_AT_ONCE", 1)
    checks = ", ".join(f"{{name: e{number}, preset: errorRate, max: 0.01}}" for number in range(6))
    pilot.canary(checks=checks)
    pilot.publish()
    pilot.figures.seconds = 0.4
    row = pilot.tick()
    assert row["action"] == "hold"
    assert "Prometheus did not answer all queries within 0.5 s" in row["checks"][-1]


def test_a_query_at_fault_is_shown_at_its_line(pilot: Pilot) -> None:
    pilot.canary(checks="{name: queue, query: 'max(max_over_time(queue[{{window}}]))', max: 3}")
    pilot.publish()
    pilot.figures.raw = (200, {"status": "success", "data": {"resultType": "matrix", "result": []}})
    row = pilot.tick()
    assert row["status"] == 1
    assert "error[analysis-query]" in row["err"]
    assert "api.yaml:14" in row["err"]


def test_a_clock_that_differs_gives_no_figures(pilot: Pilot) -> None:
    pilot.publish()
    pilot.prometheus.headers["Date"] = "Thu, 01 Jan 2026 00:00:00 GMT"
    row = pilot.tick()
    assert row["action"] == "hold"
    assert "the clock of Prometheus differs" in row["checks"][0]


def test_metrics_older_than_the_step_decide_nothing(pilot: Pilot) -> None:
    """A step of ten seconds ago has ten seconds of metrics: they can abort it, and not advance it."""
    pilot.publish(ago=10)
    row = pilot.tick()
    assert row["action"] == "hold"
    windows = {fields["query"].rpartition("[")[2][:3] for _, fields, _ in pilot.prometheus.asked}
    assert windows <= {"10s", "11s", "12s", "13s", "14s"}


def test_silence_aborts_where_the_spec_says_so(pilot: Pilot) -> None:
    pilot.canary(more=", onNoData: abort")
    pilot.publish()
    pilot.figures.raw = (200, {"status": "success", "data": {"resultType": "vector", "result": []}})
    assert pilot.tick()["reason"] == "there is no data"
    assert "aborted: true" in pilot.spec()


def test_a_prometheus_that_is_away_is_not_silence(pilot: Pilot) -> None:
    pilot.canary(more=", onNoData: abort")
    pilot.publish()
    pilot.figures.away = True
    assert pilot.tick()["action"] == "hold"


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("project", "other", "is in the project `other`, not in `prod`"),
        ("repository", "https://git.example.com/x.git", "reads the repository"),
        ("applications", ["prod-root"], "Argo CD has no Application `prod-api`"),
    ],
)
def test_another_application_is_not_taken_for_ours(pilot: Pilot, attribute: str, value: object, reason: str) -> None:
    pilot.publish()
    setattr(pilot.argo, attribute, value)
    row = pilot.tick()
    assert (row["action"], row["status"]) == ("hold", 1)
    assert reason in row["reason"]
    assert "error[observe-application]" in row["err"]
    assert "environment.yaml:11" in row["err"]


def test_the_token_is_sent_and_never_shown(pilot: Pilot) -> None:
    pilot.publish()
    pilot.argo.away = True
    row = pilot.tick()
    assert all(headers.get("Authorization") == "Bearer s3cret-token" for _, _, headers in pilot.argo_server.asked)
    assert not any("Authorization" in headers for _, _, headers in pilot.prometheus.asked)
    assert "s3cret" not in json.dumps(row)


def test_a_token_that_everybody_can_read_is_refused(pilot: Pilot) -> None:
    pilot.publish()
    (pilot.root.parent / "token").chmod(0o644)
    status, _, err = pilot.run("pilot", "prod")
    assert status == 1
    assert "observe-file" in err and "everybody can read it" in err and "environment.yaml:11" in err
