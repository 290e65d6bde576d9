"""What Argo CD and Prometheus may answer: only what is known to be the step's own moves a course."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.pilot.conftest import Pilot


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sync": {"status": "OutOfSync"}}, "Argo CD says OutOfSync, Healthy"),
        ({"health": {"status": "Progressing"}}, "Argo CD says Synced, Progressing"),
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
    assert "timed out" in row["checks"][0] or "takes more than" in row["checks"][0]
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
    assert "Prometheus is too slow: 0.5 s are over" in row["checks"][-1]


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
    assert pilot.tick()["reason"] == "there are no data"
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


def full_application(pilot: Pilot) -> dict[str, Any]:
    """An Application as Argo CD 3 answers with it, all its parts filled in (`v1alpha1/types.go`)."""
    head, done = pilot.argo.revision, "2026-11-20T10:00:00Z"
    source = {"repoURL": str(pilot.bare), "path": "prod/api", "targetRevision": "shipway/prod"}
    destination = {"server": "https://kubernetes.default.svc", "namespace": "ml-prod"}
    deployment = {"group": "apps", "version": "v1", "kind": "Deployment", "namespace": "ml-prod", "name": "api-canary"}
    return {
        "metadata": {
            "name": "prod-api",
            "namespace": "argocd",
            "uid": "6a4b6c0e-1f0e-4f5e-9c55-0f7a52ad2a11",
            "resourceVersion": "48213",
            "generation": 41,
            "creationTimestamp": "2026-11-01T09:00:00Z",
            "labels": {"app.kubernetes.io/managed-by": "shipway", "app.kubernetes.io/part-of": "prod"},
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
            "managedFields": [{"manager": "argocd-controller", "operation": "Update", "time": done}],
        },
        "spec": {
            "project": "prod",
            "source": source,
            "destination": destination,
            "syncPolicy": {"automated": {"prune": True, "selfHeal": True}, "syncOptions": ["PruneLast=true"]},
        },
        "status": {
            "resources": [{**deployment, "status": "Synced", "health": {"status": "Healthy"}, "syncWave": 0}],
            "sync": {
                "status": "Synced",
                "comparedTo": {"source": dict(source), "destination": dict(destination)},
                "revision": head,
            },
            "health": {"status": "Healthy", "lastTransitionTime": done},
            "history": [{"id": 7, "revision": head, "deployedAt": done, "deployStartedAt": done, "source": source}],
            "reconciledAt": done,
            "operationState": {
                "operation": {
                    "sync": {"revision": head, "prune": True, "syncOptions": ["PruneLast=true"]},
                    "initiatedBy": {"automated": True},
                    "retry": {"limit": 5},
                },
                "phase": "Succeeded",
                "message": "successfully synced (all tasks run)",
                "syncResult": {
                    "resources": [{**deployment, "status": "Synced", "hookPhase": "Running", "syncPhase": "Sync"}],
                    "revision": head,
                    "source": source,
                },
                "startedAt": done,
                "finishedAt": done,
                "retryCount": 0,
            },
            "sourceType": "Directory",
            "summary": {"images": ["ghcr.io/acme/api:1.1.0"]},
            "controllerNamespace": "argocd",
        },
    }


def of_several_sources(application: dict[str, Any], count: int) -> None:
    """As Argo CD writes an Application with `sources`: the single fields are absent."""
    source, status = application["spec"].pop("source"), application["status"]
    application["spec"]["sources"] = [source] * count
    compared = status["sync"]["comparedTo"]
    compared["sources"] = [compared.pop("source")] * count
    status["sync"]["revisions"] = [status["sync"].pop("revision")] * count
    result = status["operationState"]["syncResult"]
    result["revisions"] = [result.pop("revision")] * count


COMPARISON_ERROR = {
    "type": "ComparisonError",
    "message": "Failed to load target state: app path does not exist",
    "lastTransitionTime": "2026-11-20T10:00:00Z",
}


@pytest.mark.parametrize("kubernetes", [False, True], ids=["argocd", "kubernetes"])
@pytest.mark.parametrize(
    ("change", "action", "reason"),
    [
        (lambda _: None, "advance", "50 %: the analysis passed"),
        (lambda a: of_several_sources(a, 1), "advance", "50 %: the analysis passed"),
        (
            lambda a: of_several_sources(a, 2),
            "hold",
            "the Application `prod-api` has 2 sources, and the pilot reads one",
        ),
        (lambda a: a.pop("status"), "hold", "Argo CD has not seen the published commit yet (it is at no revision)"),
        (lambda a: a["status"].pop("health"), "hold", "Argo CD says Synced, no health"),
        (lambda a: a["status"].pop("operationState"), "advance", "50 %: the analysis passed"),
        (lambda a: a.update(operation={"sync": {}}), "hold", "Argo CD is still syncing"),
        (lambda a: a["status"]["operationState"].update(phase="Terminating"), "hold", "Argo CD is still syncing"),
        (
            lambda a: a["status"]["operationState"].update(phase="Error", message="rpc error: timeout"),
            "abort",
            "Argo CD could not sync it: rpc error: timeout",
        ),
        (
            lambda a: a["metadata"].update(deletionTimestamp="2026-11-20T10:00:00Z"),
            "hold",
            "the Application `prod-api` is being deleted",
        ),
        (
            lambda a: a["status"]["sync"]["comparedTo"]["source"].update(targetRevision="main"),
            "hold",
            "Argo CD has not seen the published commit yet (it is at no revision)",
        ),
        (
            lambda a: (a["status"]["sync"].update(status="Unknown"), a["status"].update(conditions=[COMPARISON_ERROR])),
            "hold",
            "Argo CD says Unknown, Healthy: ComparisonError: Failed to load target state: app path does not exist",
        ),
        (
            lambda a: a["status"].update(conditions=[{"type": "OrphanedResourceWarning", "message": "3 orphans"}]),
            "advance",
            "50 %: the analysis passed",
        ),
    ],
)
def test_every_part_of_an_application_is_read_as_argo_cd_writes_it(
    pilot: Pilot, kubernetes: bool, change: Callable[[dict[str, Any]], object], action: str, reason: str
) -> None:
    """The Kubernetes API gives the same object."""
    if kubernetes:
        pilot.environment()
        path = pilot.root / "environments/prod/environment.yaml"
        kept = [line for line in path.read_text().splitlines() if "argocd:" not in line]
        kept.append(
            f'    kubernetes: {{url: "{pilot.argo_server.url}", tokenFile: "{pilot.root.parent}/token", ca: null}}'
        )
        path.write_text("\n".join(kept) + "\n")
    pilot.publish(ago=3000)
    application = full_application(pilot)
    change(application)
    pilot.argo.recorded["prod-api"] = application
    row = pilot.tick("--dry-run")
    assert (row["action"], row["reason"]) == (action, reason)
    asked = {path for path, _, _ in pilot.argo_server.asked}
    assert asked == {
        "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications" if kubernetes else "/api/v1/applications"
    }


@pytest.mark.parametrize(("status", "action"), [(200, "abort"), (404, "hold"), (403, "hold")])
def test_a_deployment_is_read_from_the_kubernetes_api(pilot: Pilot, status: int, action: str) -> None:
    """The new version's rollout passed its deadline; without the right to read it that is not known."""
    path = pilot.root / "environments/prod/environment.yaml"
    kept = [line for line in path.read_text().splitlines() if "argocd:" not in line]
    kept.append(f'    kubernetes: {{url: "{pilot.argo_server.url}", tokenFile: "{pilot.root.parent}/token", ca: null}}')
    path.write_text("\n".join(kept) + "\n")
    pilot.publish(ago=3000)
    pilot.argo.changed["prod-api"] = {"health": {"status": "Degraded"}}
    condition = {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}
    pilot.argo.deployments["api-canary"] = (status, {"kind": "Deployment", "status": {"conditions": [condition]}})
    row = pilot.tick()
    assert (row["action"], bool(row["commit"])) == (action, action == "abort")
    if status == 403:
        assert row["reason"] == ("Argo CD says Synced, Degraded: the Kubernetes API refuses the token (status 403)")
