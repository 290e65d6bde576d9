"""Kinds of objects beside the specs: the project permits them until the last one is deleted."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace
from tests.publish.test_other_units import publish

pytestmark = pytest.mark.e2e

ROLLING = 'rolling: {version: "1.0.0"}'
EXPOSED = "replicas: 4\n  expose: {host: api.example.com}"
MONITOR = """apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: api}
spec: {selector: {matchLabels: {app: api}}, endpoints: [{port: http}]}
"""
PERMITS = "  argocd: {permits: [{group: monitoring.coreos.com, kind: ServiceMonitor}]}\n"


@pytest.fixture
def monitored(workspace: Workspace) -> Workspace:
    """A release with a ServiceMonitor beside it, published."""
    workspace.write("environment", environment("gatewayApi"))
    workspace.write("extras/monitor", MONITOR)
    workspace.write("api", release(ROLLING, more=f"{EXPOSED}\n  extras: [extras/monitor.yaml]"))
    publish(workspace, "with a monitor")
    return workspace


def without_monitor(workspace: Workspace) -> None:
    workspace.write("api", release(ROLLING, more=EXPOSED))
    workspace.commit("without it")


def words(text: str) -> str:
    return " ".join(text.split())


def project(workspace: Workspace) -> str:
    return workspace.git("show", "shipway/prod:prod/_argocd/appproject-prod.yaml")


def test_the_last_object_does_not_go_together_with_its_permission(monitored: Workspace) -> None:
    before = monitored.heads()
    without_monitor(monitored)
    planned, published = monitored.run("plan", "prod"), monitored.run("publish", "prod")
    assert (planned.status, published.status) == (1, 1)
    assert "ServiceMonitor ml-prod/api would stay in the cluster" in words(planned.out)
    assert "error[prune-not-permitted]" in published.err
    assert PERMITS.strip() in words(published.err)
    assert "environments/prod/environment.yaml" in published.err
    assert monitored.heads() == before


def test_a_permission_that_is_named_outlives_the_last_object(monitored: Workspace) -> None:
    monitored.write("environment", environment("gatewayApi", PERMITS))
    without_monitor(monitored)
    assert monitored.run("publish", "prod").status == 0
    assert "ServiceMonitor" in project(monitored)
    assert "servicemonitor" not in monitored.git("ls-tree", "-r", "--name-only", "shipway/prod")
    monitored.write("environment", environment("gatewayApi"))
    monitored.commit("take the permission back")
    assert monitored.run("confirm", "prod").status == 0
    assert monitored.run("publish", "prod").status == 0
    assert "ServiceMonitor" not in project(monitored)


def test_a_permission_does_not_leave_with_the_last_object(monitored: Workspace) -> None:
    monitored.write("environment", environment("gatewayApi", PERMITS))
    publish(monitored, "permitted")
    monitored.write("environment", environment("gatewayApi"))
    without_monitor(monitored)
    refused = monitored.run("publish", "prod")
    assert refused.status == 1
    assert "error[prune-not-permitted]" in refused.err


def test_a_permission_stays_until_somebody_confirms_that_the_last_object_is_gone(monitored: Workspace) -> None:
    monitored.write("environment", environment("gatewayApi", PERMITS))
    without_monitor(monitored)
    assert monitored.run("publish", "prod").status == 0
    before = monitored.heads()
    monitored.write("environment", environment("gatewayApi"))
    monitored.commit("take the permission back too early")
    planned, published = monitored.run("plan", "prod"), monitored.run("publish", "prod")
    assert (planned.status, published.status) == (1, 1)
    for each in (planned.out, published.err):
        assert "it is not confirmed that monitoring.coreos.com/ServiceMonitor ml-prod/api is gone" in words(each)
    assert "`shipway confirm prod`" in published.err
    assert monitored.heads() == before


def test_a_release_that_left_keeps_the_permission_until_its_deletion_is_confirmed(monitored: Workspace) -> None:
    cascade = PERMITS.replace("argocd: {", "argocd: {cascade: true, ")
    monitored.write("environment", environment("gatewayApi", cascade))
    monitored.write("web", release(ROLLING, "web", more="replicas: 4\n  expose: {internal: true}"))
    monitored.write(
        "api", release(ROLLING, more="replicas: 4\n  expose: {internal: true}\n  extras: [extras/monitor.yaml]")
    )
    publish(monitored, "internal")
    (monitored.specs / "environments/prod/api.yaml").unlink()
    monitored.commit("api leaves")
    assert monitored.run("publish", "prod").status == 0
    monitored.write("environment", environment("gatewayApi", "  argocd: {cascade: true}\n"))
    monitored.commit("take the permission back too early")
    refused = monitored.run("publish", "prod")
    assert refused.status == 1
    assert "error[prune-not-permitted]" in refused.err
    assert monitored.run("confirm", "prod").status == 0
    assert monitored.run("publish", "prod").status == 0


@pytest.mark.parametrize("kind", ["Application", "ApplicationSet", "AppProject"])
def test_nobody_permits_what_permits_everything(workspace: Workspace, kind: str) -> None:
    permits = f"  argocd: {{permits: [{{group: argoproj.io, kind: {kind}}}]}}\n"
    workspace.write("environment", environment("gatewayApi", permits))
    refused = workspace.run("check", "prod")
    assert refused.status == 1
    assert "environment.yaml:8:" in refused.err
    assert "could deploy anything anywhere" in words(refused.err)
