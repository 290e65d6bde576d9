"""shipway bootstrap: objects that can be applied on standard output, all else beside it."""

from __future__ import annotations

import pytest
import yaml

from tests.pipeline.specs import environment, release
from tests.publish.conftest import BLUE, Workspace


def test_only_objects_stand_on_the_output_and_what_argo_cd_needs_beside_it(workspace: Workspace) -> None:
    answer = workspace.run("bootstrap", "prod")
    actual = [(each["kind"], each["metadata"]["name"]) for each in yaml.safe_load_all(answer.out)]
    assert (answer.status, actual) == (
        0,
        [
            ("AppProject", "prod"),
            ("AppProject", "prod-root"),
            ("Application", "prod-root"),
            ("Application", "prod-environment"),
            ("Application", "prod-api"),
        ],
    )
    assert "controller.sync.timeout.seconds" in answer.err
    assert "/api/webhook" in answer.err
    assert f"-q -C {workspace.specs} | kubectl apply" in answer.err
    assert workspace.run("bootstrap", "prod", "-q").err == ""


@pytest.mark.parametrize(
    ("argocd", "warned"),
    [
        ("{project: prod}", True),
        ("{project: prod-root}", True),
        ("{project: prod, namespace: gitops}", False),
        ("{project: ml}", False),
    ],
)
def test_a_project_of_two_environments_is_warned_of(workspace: Workspace, argocd: str, warned: bool) -> None:
    text = environment("gatewayApi", f"  argocd: {argocd}\n").replace("name: prod", "name: dev")
    workspace.write("environment", text.replace("ml-prod", "ml-dev"), "dev")
    workspace.write("api", release(BLUE), "dev")
    answer = workspace.run("bootstrap", "prod")
    assert (answer.status, "warning[project-shared]" in answer.err) == (0, warned)
    assert ("environments/dev/environment.yaml:8:11" in answer.err) == warned


def test_a_token_of_the_checkout_is_in_no_object(workspace: Workspace) -> None:
    workspace.git("-C", str(workspace.specs), "remote", "set-url", "origin", "https://x:t0ken@git.example.com/a/b.git")
    answer = workspace.run("bootstrap", "prod")
    assert "https://git.example.com/a/b.git" in answer.out
    assert "t0ken" not in answer.out + answer.err


def test_a_repository_that_argo_cd_cannot_reach_is_refused(workspace: Workspace) -> None:
    workspace.git("-C", str(workspace.specs), "remote", "remove", "origin")
    refused = workspace.run("bootstrap", "prod")
    assert (refused.status, refused.out, "error[repository-missing]" in refused.err) == (1, "", True)
