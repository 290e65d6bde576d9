"""The workflows' own steps, on a real repository over HTTP: a pull request, its plan, the merge, the publish."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.workflows.conftest import Repository

pytestmark = pytest.mark.e2e

FEATURES = "prod/features.yaml"
OLD, NEW = 'version: "3.1.0"', 'version: "3.1.1"'


def run_of(repository: Repository, head: str, conclusion: str) -> dict[str, Any]:
    return {
        "workflow_run": {
            "id": 7,
            "event": "pull_request",
            "head_branch": repository.branch,
            "head_sha": head,
            "conclusion": conclusion,
            "html_url": "https://forge.example/acme/deploy/actions/runs/7",
            "head_repository": {"full_name": "acme/deploy", "owner": {"login": "acme"}},
        },
        "repository": {"full_name": "acme/deploy"},
    }


def reviewed(repository: Repository, head: str) -> tuple[bool, dict[str, str]]:
    """Plans the branch and comments, as the two workflows do: whether the plan succeeded, and the comments."""
    repository.runner.artifacts.clear()
    planned = repository.runs("plan.yml")
    if "shipway-plan" in repository.runner.artifacts:
        commented = repository.runs(
            "comment.yml", run_of(repository, head, "success" if planned.success else "failure")
        )
        assert commented.success, commented.outputs
    bodies = (body.partition("\n") for body in repository.forge.bodies())
    return planned.success, {marker: rest for marker, _, rest in bodies}


def test_a_release_from_pull_request_to_published(repository: Repository) -> None:
    first = repository.runs("publish.yml")
    assert first.success, first.outputs
    before = {name: repository.published(name) for name in ("prod", "staging")}

    repository.start("pr/$(touch${IFS}pwned)`id`")
    repository.edit(FEATURES, OLD, NEW)
    head = repository.push("features 3.1.1")
    repository.forge.open_pull(5, f"acme:{repository.branch}", head)
    success, comments = reviewed(repository, head)
    assert success
    assert list(comments) == ["<!-- shipway:prod -->"]
    assert "3.1.1" in comments["<!-- shipway:prod -->"]
    assert {name: repository.published(name) for name in before} == before

    repository.merge()
    assert repository.runs("publish.yml").success
    assert repository.published("prod") != before["prod"]
    assert repository.published("staging") == before["staging"]
    assert not list(repository.runner.folder.rglob("pwned"))

    success, comments = reviewed(repository, head)
    assert success
    again = repository.published("prod")
    assert repository.runs("publish.yml").success
    assert repository.published("prod") == again


def test_a_spec_that_is_refused_is_annotated_and_not_published(repository: Repository) -> None:
    assert repository.runs("publish.yml").success
    before = repository.published("prod")
    repository.start("typo")
    repository.edit(FEATURES, "replicas: 3", "replica: 3")
    repository.push("a typo")
    planned = repository.runs("plan.yml")
    assert planned.failed == "Plan"
    assert "::error file=environments/prod/features.yaml,line=" in planned.outputs["Plan"]
    repository.merge()
    assert repository.runs("publish.yml").failed == "Publish"
    assert repository.published("prod") == before


def test_by_hand_nothing_is_published_but_the_plan_that_was_reviewed(repository: Repository) -> None:
    assert repository.runs("publish.yml").success
    repository.edit(FEATURES, OLD, NEW)
    repository.push("features 3.1.1")
    assert repository.runs("plan.yml").success
    plan = json.loads((repository.runner.artifacts["shipway-plan"] / "plan.json").read_text())
    (digest,) = (each["digest"] for each in plan["environments"] if each["name"] == "prod")
    before = repository.published("prod")

    repository.edit(FEATURES, NEW, 'version: "3.1.2"')
    repository.push("one more, after the review")
    refused = repository.runs("publish.yml", {"inputs": {"environments": "prod", "plan": digest}})
    assert refused.failed == "Publish"
    assert "plan-differs" in refused.outputs["Publish"]
    assert repository.published("prod") == before

    repository.edit(FEATURES, 'version: "3.1.2"', NEW)
    repository.push("taken back")
    assert repository.runs("publish.yml", {"inputs": {"environments": "prod", "plan": digest}}).success
    assert repository.published("prod") != before


def test_the_token_reaches_git_and_nothing_else(repository: Repository) -> None:
    assert repository.runs("publish.yml").success
    planned = repository.runs("plan.yml")
    assert planned.success
    files = (path for path in repository.runner.folder.rglob("*") if path.is_file() and not path.is_symlink())
    token = repository.runner.token.encode()
    assert not [path for path in files if token in path.read_bytes()]
    assert token not in planned.outputs["Plan"].encode()


def test_without_the_token_the_repository_is_out_of_reach(repository: Repository) -> None:
    repository.runner.token = "stolen"
    published = repository.runs("publish.yml")
    assert published.failed == "Publish"
    assert "shipway: a bug" not in published.outputs["Publish"]
