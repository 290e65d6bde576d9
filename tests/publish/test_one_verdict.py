"""verify, plan and publish through the command line, on real repositories: they agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from compiler.model.verdict import Finding, Unproven
from compiler.plan import proof
from compiler.transition import StepVerdicts
from tests.publish.conftest import Workspace

UNKNOWN = Finding("unknown-kind", "available", "warning", "nobody knows", ("Service ml-prod/api",), "judge it by hand")


def planned(workspace: Workspace, *words: str) -> tuple[int, Any]:
    answer = workspace.run("plan", "--format", "json", *words)
    return answer.status, json.loads(answer.out)


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("replicas: 4", "replicas: 5", "safe"),
        ("path: /api", "path: /other", "unsafe"),
        ('blue: {version: "1.0.0"}', 'blue: {version: "1.0.0"}, green: {version: "1.1.0", change: minor}', "safe"),
    ],
)
def test_the_three_commands_agree(workspace: Workspace, old: str, new: str, verdict: str) -> None:
    workspace.run("publish")
    workspace.edit("api", old, new)
    workspace.commit()
    workspace.run("build", "--out", str(workspace.specs / "out"))
    application = workspace.specs / "out/prod/_argocd/application-prod-api.yaml"
    published = f"{workspace.bare}@shipway/prod:prod/api"
    options = ["--application", str(application)]
    verified = workspace.run("verify", published, str(workspace.specs / "out/prod/api"), *options)
    status, plan = planned(workspace)
    published_status = workspace.run("publish").status
    assert verified.out.startswith(f"{verdict}:")
    assert plan["environments"][0]["units"][0]["verdict"]["verdict"] == plan["verdict"] == verdict
    assert {verified.status, status, published_status} == {int(verdict != "safe")}


def unproven(_commits: Sequence[object], _options: object) -> StepVerdicts:
    verdict = Unproven(0, (), (UNKNOWN,), 0.0, (UNKNOWN,))
    return StepVerdicts(verdict, (), verdict)


def test_what_is_unproven_needs_an_exception_that_names_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.run("publish")
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    before = workspace.heads()
    monkeypatch.setattr(proof, "verify_newest", unproven)
    status, plan = planned(workspace)
    assert (status, plan["verdict"]) == (1, "unknown")
    refused = workspace.run("publish")
    assert (refused.status, workspace.heads()) == (1, before)
    assert "error[unknown-kind]: nobody knows" in refused.err
    other = workspace.run("publish", "--allow", "too-large", "--reason", "judged by hand")
    assert other.status == 1
    allowed = workspace.run("publish", "--allow", "unknown-kind", "--reason", "judged by hand")
    assert allowed.status == 0
    body = workspace.git("log", "-1", "--format=%B", "shipway/prod")
    assert "Shipway-Allowed: unknown-kind api: judged by hand" in body
