"""A process that ends gracefully by itself is declared in the environment; plan, publish and why say by whom."""

from __future__ import annotations

import json

from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace

POLICY = "  policy: {verify: {graceful: [{workload: 'api*', reason: the server drains (team ml)}]}}\n"


def published_without_drain(workspace: Workspace, version: str = "1.0.0") -> None:
    rolling = f"rolling: {{version: '{version}'}}"
    workspace.write("api", release(rolling, container="preset: bentoml, drainSeconds: 0"))
    workspace.commit(version)


def test_a_declared_process_needs_no_pause(workspace: Workspace) -> None:
    published_without_drain(workspace)
    assert workspace.run("publish").status == 0
    published_without_drain(workspace, "1.1.0")
    refused = workspace.run("publish")
    assert (refused.status, "drain-too-short" in refused.err) == (1, True)
    workspace.write("environment", environment("gatewayApi", POLICY))
    workspace.commit("policy")
    plan = workspace.run("plan")
    assert "ends gracefully, as environments/prod/environment.yaml:8 declares" in " ".join(plan.out.split())
    assert "the server drains (team ml)" in " ".join(plan.out.split())
    assert workspace.run("publish").status == 0


def test_why_says_who_declared_it(workspace: Workspace) -> None:
    published_without_drain(workspace)
    workspace.write("environment", environment("gatewayApi", POLICY))
    field = "Deployment/api:spec.template.spec.terminationGracePeriodSeconds"
    result = workspace.run("why", "prod/api", field)
    assert "environment.yaml:8:" in result.out
    assert "the server drains (team ml)" in result.out
    other = workspace.run("why", "prod/api", "Deployment/api:spec.replicas")
    assert "drains" not in other.out
    data = json.loads(workspace.run("why", "prod/api", field, "--format", "json").out)
    assert data["graceful"]["reason"] == "the server drains (team ml)"


def test_a_declaration_needs_a_reason(workspace: Workspace) -> None:
    workspace.write("environment", environment("gatewayApi", POLICY.replace("the server drains (team ml)", "''")))
    assert workspace.run("check").status == 1
