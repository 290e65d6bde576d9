"""The provider from the outside, through the commands: each knows its kind by its folder and its line alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compiler.cli.main import main
from compiler.git.demo_repositories import new_repositories
from tests.adopt.conftest import ENVIRONMENT, Adopting, adopting
from tests.adopt.test_in_place import WEB, changes_of
from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace
from tests.traffic.conftest import ISTIO

__all__ = ["adopting"]
pytestmark = pytest.mark.usefixtures("istio")
CANARY = 'canary: {steps: [25, 50, 100], stable: {version: "1.0"}}'
READY = WEB.replace("        args: [serve]\n", "        lifecycle: {preStop: {sleep: {seconds: 15}}}\n")
RUNNING = """\
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: edge, annotations: {team: ml}}
spec:
  gateways: [istio-ingress/public]
  hosts: [a.example.com]
  http:
  - match: [{uri: {exact: /api}}, {uri: {prefix: /api/}}]
    route: [{destination: {host: web-svc, port: {number: 80}}}]
"""


@pytest.fixture
def published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """prod with one canary release behind a VirtualService, published, and a new version started."""
    specs, bare = tmp_path / "specs", tmp_path / "gitops.git"
    new_repositories(specs, bare)
    made = Workspace(specs, bare, capsys)
    made.write("environment", environment(ISTIO))
    made.write("api", release(CANARY, more="replicas: 4\n  expose: {host: api.example.com, path: /}"))
    made.commit("specs")
    assert made.run("publish", "prod").status == 0
    assert made.run("start", "prod/api", "--version", "2.0").status == 0
    made.commit("start")
    return made


def test_a_plan_proves_its_course_and_draws_its_shares(published: Workspace) -> None:
    assert published.run("publish", "prod").status == 0
    assert published.run("advance", "prod/api").status == 0
    plan = json.loads(published.run("plan", "prod", "--format", "json").out)
    (unit,) = plan["environments"][0]["units"]
    assert unit["verdict"]["verdict"] == "safe"
    page = published.specs / "plan.html"
    picture = published.run("plan", "prod", "--format", "html", "--output", str(page))
    assert picture.status == 0, picture.err
    assert "75 %" in page.read_text()
    assert "VirtualService" in published.run("plan", "prod", "--format", "md").out


def test_every_step_is_published_and_read_back(published: Workspace) -> None:
    for percent, verb in ((25, "advance"), (50, "advance"), (100, "finish")):
        answer = published.run("publish", "prod")
        assert answer.status == 0, answer.err
        assert f"canary 2.0 {percent} %" in published.run("status", "prod").out
        assert published.run(verb, "prod/api").status == 0
        published.commit(verb)
    assert published.run("publish", "prod").status == 0


def test_a_weight_has_its_line_in_the_spec(published: Workspace) -> None:
    answer = published.run("why", "prod/api", "VirtualService/api:spec.http[0].route[0].weight")
    assert answer.status == 0, answer.err
    assert "spec.http[0].route[0].weight = 25" in answer.out
    assert "from environments/prod/api.yaml:8" in answer.out


def test_a_running_route_of_its_kind_is_adopted_in_place(adopting: Adopting) -> None:
    file = adopting.root / "environments/live/environment.yaml"
    file.write_text(ENVIRONMENT.replace("{service: {}}", f"{{{ISTIO}}}"))
    receipt = adopting.receipt(adopting.source(READY + RUNNING))
    expose = adopting.spec("web")["spec"]["expose"]
    assert (expose["host"], expose["path"], expose["annotations"]) == ("a.example.com", "/api", {"team": "ml"})
    assert "VirtualService/edge" in adopting.built()
    changes = changes_of(receipt, "VirtualService")
    assert changes.keys() == {"spec.http", "metadata.labels"}
    assert "the same requests go to the same Service" in str(changes["spec.http"])
    assert not any(row["standing"] == "beside" for row in receipt["rows"])
    assert [row["verdict"] for row in receipt["wayIn"]] == ["safe", "safe", "safe"]


def test_a_running_route_that_expose_cannot_say_stands_beside(adopting: Adopting) -> None:
    file = adopting.root / "environments/live/environment.yaml"
    file.write_text(ENVIRONMENT.replace("{service: {}}", f"{{{ISTIO}}}"))
    receipt = adopting.receipt(adopting.source(READY + RUNNING.replace("{prefix: /api/}", "{prefix: /other}")))
    beside = {row["object"]: row["why"] for row in receipt["rows"] if row["standing"] == "beside"}
    (why,) = beside.values()
    assert "a route to web-svc" in why
    assert "every text that begins with /other" in why


def test_its_settings_are_in_the_schema_with_their_texts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "environment"]) == 0
    assert "The name of the Gateway that the VirtualServices are bound to" in capsys.readouterr().out
