"""Every part of what Argo CD and the API of Kubernetes answer is read as they write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pilot.conftest import Pilot

pytestmark = pytest.mark.e2e


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
        (lambda a: a["status"].pop("health"), "hold", "Argo CD reports Synced, no health"),
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
            "Argo CD reports Unknown, Healthy: ComparisonError: Failed to load target state: app path does not exist",
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
        assert row["reason"] == ("Argo CD reports Synced, Degraded: the Kubernetes API refuses the token (status 403)")
