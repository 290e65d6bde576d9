"""Sentences of the plan about what Argo CD will show and do, which nobody should have to be paged for."""

from __future__ import annotations

import json

import pytest

from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace
from tests.publish.test_other_units import publish

pytestmark = pytest.mark.e2e

CANARY = 'canary: {stable: {version: "1.0.0"}, steps: [10, 50]}'


def plan_words(workspace: Workspace) -> str:
    answer = workspace.run("plan", "prod")
    return " ".join((answer.out + answer.err).split())


def test_a_deployment_that_comes_back_while_it_may_still_drain_is_reported_beforehand(workspace: Workspace) -> None:
    workspace.write("environment", environment("gatewayApi"))
    workspace.write("api", release(CANARY, more="replicas: 4\n  expose: {host: api.example.com}"))
    publish(workspace, "stable")
    for verb in (["start", "prod/api", "--version", "2.0.0"], ["abort", "prod/api"], ["finish", "prod/api"]):
        assert workspace.run(*verb).status == 0
        workspace.commit(verb[0])
        assert workspace.run("publish", "prod").status == 0
    assert "brings back" not in plan_words(workspace)
    assert workspace.run("start", "prod/api", "--version", "2.0.1").status == 0
    workspace.commit("start again")
    assert "api brings back Deployment api-canary" in plan_words(workspace)
    assert "SyncFailed once" in plan_words(workspace)
    assert workspace.run("confirm", "prod").status == 0
    assert "brings back" not in plan_words(workspace)


def test_the_wait_of_a_newer_commit_counts_the_retries_of_its_application(workspace: Workspace) -> None:
    workspace.write("environment", environment("gatewayApi"))
    workspace.write("api", release(CANARY, more="replicas: 4\n  expose: {host: api.example.com}"))
    publish(workspace, "stable")
    assert workspace.run("start", "prod/api", "--version", "2.0.0").status == 0
    published = workspace.git("grep", "-h", "progressDeadlineSeconds", "shipway/prod")
    deadline = int(published.rpartition(":")[2])
    plan = json.loads(workspace.run("plan", "prod", "--format", "json").out)
    (unit,) = plan["environments"][0]["units"]
    pods, route, last_pause = deadline + 2, 10 + 2, 160
    assert unit["verdict"]["premises"][-1] == f"a newer commit waits {pods + route + last_pause} s at most"
    assert "limit: 5" in workspace.run("bootstrap", "prod", "-q").out


BOTH = "ingressNginx: {className: nginx}, gatewayApi: {gateway: public, namespace: infra}"


def sized(name: str, size: str) -> str:
    return release(
        'rolling: {version: "1.0.0"}', name, more=f"replicas: 4\n  expose: {{host: {name}.example.com{size}}}"
    )


def test_leaving_a_router_keeps_its_body_limit_till_the_end_and_says_what_it_takes_for_granted(
    workspace: Workspace,
) -> None:
    (workspace.specs / "environments/prod/api.yaml").unlink()
    for name in ("shop", "store"):
        workspace.write(name, sized(name, ", bodySize: 64Mi"))
    workspace.write("environment", environment("ingressNginx"))
    publish(workspace, "nginx")
    workspace.write("environment", environment(BOTH))
    publish(workspace, "both")
    sizes = workspace.git("grep", "-c", "proxy-body-size", "shipway/prod").splitlines()
    assert len(sizes) == 2 and all("ingress-" in line for line in sizes)
    workspace.write("environment", environment("gatewayApi"))
    assert "remove `bodySize`" in plan_words(workspace)
    for name in ("shop", "store"):
        workspace.write(name, sized(name, ""))
    workspace.commit("gateway alone")
    assert "is safe only if clients reach gatewayApi by now" in plan_words(workspace)
    refused = workspace.run("publish", "prod")
    assert (refused.status, refused.err.count("error[provider-left]")) == (1, 1)
    reason = "no requests at nginx since Monday"
    taken = workspace.run("publish", "prod", "--allow", "provider-left", "--reason", reason)
    assert taken.status == 0, taken.err
    assert reason in workspace.git("log", "-1", "--format=%B", "shipway/prod")
