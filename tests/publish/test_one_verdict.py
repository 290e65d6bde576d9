"""verify, plan and publish through the command line, on real repositories: they agree."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from compiler.git.demo_repositories import commit_all
from compiler.model.verdict import Finding, Unproven
from compiler.plan import proof
from compiler.transition import StepVerdicts
from tests.publish.conftest import Workspace

pytestmark = pytest.mark.e2e

WHO = ("-c", "user.name=Eve", "-c", "user.email=eve@example.com")
"""Settings of a clone in which somebody commits."""
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


def by_hand(workspace: Workspace) -> None:
    work = workspace.specs.parent / "hand"
    subprocess.run(["git", "clone", "-q", *WHO, "-b", "shipway/prod", str(workspace.bare), str(work)], check=True)
    file = work / "prod/api/service-api-blue.yaml"
    file.write_text(file.read_text() + "# by hand\n")
    commit_all(work, "by hand")
    subprocess.run(["git", "-C", str(work), "push", "-q"], check=True)


def frozen(workspace: Workspace) -> None:
    text = (workspace.specs / "environments/prod/environment.yaml").read_text()
    workspace.write("environment", text + '  freezes: [{from: 2020-01-01, to: 2999-12-31, reason: "rest"}]\n')


def with_expired_exception(workspace: Workspace) -> None:
    text = (workspace.specs / "environments/prod/environment.yaml").read_text()
    exception = "{rule: route-lost, release: api, reason: moved, owner: ml, expires: 2001-01-01}"
    workspace.write("environment", text + f"  policy: {{exceptions: [{exception}]}}\n")


@pytest.mark.parametrize(
    ("happens", "code"),
    [(by_hand, "file-edited"), (frozen, "frozen"), (with_expired_exception, "exception-expired")],
)
def test_a_plan_is_red_where_publish_refuses(
    workspace: Workspace, happens: Callable[[Workspace], None], code: str
) -> None:
    workspace.run("publish")
    happens(workspace)
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit()
    status, plan = planned(workspace)
    assert (status, plan["verdict"]) == (1, "unsafe")
    assert {each["code"] for each in plan["refused"]} == {each["code"] for each in plan["environments"][0]["refused"]}
    shown = workspace.run("plan")
    assert "✗ refused  prod" in shown.out
    assert "publish" not in shown.err.rstrip().splitlines()[-1]
    refused = workspace.run("publish")
    assert refused.status == 1
    assert {f"error[{each['code']}]" for each in plan["refused"]} == set(re.findall(r"error\[[\w-]+\]", refused.err))
    assert code in {each["code"] for each in plan["refused"]}


def test_an_abort_from_a_clone_outlives_the_next_unrelated_merge(workspace: Workspace) -> None:
    """On-call publishes from a clone whose commit is not on main yet; CI publishes what a colleague merged."""
    workspace.edit("api", '1.0.0"}', '1.0.0"}, green: {version: "1.1.0", change: minor}')
    workspace.commit()
    workspace.run("publish")
    clone = workspace.specs.parent / "on-call"
    subprocess.run(["git", "clone", "-q", *WHO, str(workspace.specs), str(clone)], check=True)
    on_call = Workspace(clone, workspace.bare, workspace.capture)
    subprocess.run(["git", "-C", str(clone), "remote", "set-url", "origin", str(workspace.bare)], check=True)
    on_call.edit("api", "change: minor", "change: minor, aborted: true")
    on_call.commit("abort")
    assert on_call.run("publish").status == 0
    aborted = workspace.heads()
    workspace.edit("api", "replicas: 4", "replicas: 5")
    workspace.commit("five replicas")
    status, plan = planned(workspace)
    assert (status, [each["code"] for each in plan["refused"]]) == (1, ["publish-source-apart"])
    refused = workspace.run("publish")
    assert (refused.status, workspace.heads()) == (1, aborted)
    assert "error[publish-source-apart]" in refused.err
