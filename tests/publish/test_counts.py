"""`check` and `plan` count the same releases and the same objects, whatever an environment holds."""

from __future__ import annotations

import re

import pytest

from tests.course.matrix import PROVIDER_SPECS
from tests.pipeline.specs import environment, release
from tests.publish.conftest import Answer, Workspace

STRATEGIES = {
    "roll": 'rolling: {version: "1.0.0"}',
    "swap": 'blueGreen: {active: blue, blue: {version: "1.0.0"}, green: {version: "1.1.0"}}',
    "drip": 'canary: {by: pods, steps: [50, 100], stable: {version: "1.0.0"}}',
    "both": 'versioned: {v1: {version: "1.0.0", path: /v1}, v2: {version: "2.0.0", path: /v2}}',
}
GROUP = """apiVersion: shipway.dev/v1
kind: Group
metadata: {name: pair}
spec: {entry: web, members: [web, back], active: blue}
"""
MEMBER = 'blueGreen: {blue: {version: "1.0.0"}}'
CONTAINER = "preset: bentoml, resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}"
SIZE = "replicas: {}\n  expose: {{{}}}"
QUOTA = "  quota: {pods: 200, cpu: 200, memory: 800Gi}\n"


def counted(text: str, noun: str) -> int:
    """The number before the noun."""
    match = re.search(rf"(\d+) {noun}", " ".join(text.split()))
    assert match is not None, text
    return int(match[1])


def checked(answer: Answer) -> tuple[int, int]:
    assert answer.status == 0, answer.err
    return counted(answer.err, "release"), counted(answer.err, "object")


@pytest.mark.parametrize("provider", PROVIDER_SPECS)
def test_check_and_the_first_plan_count_the_same(workspace: Workspace, provider: str) -> None:
    workspace.write("environment", environment(provider, QUOTA))
    (workspace.specs / "environments/prod/api.yaml").unlink()
    for name, strategy in STRATEGIES.items():
        workspace.write(name, release(strategy, name, CONTAINER, SIZE.format(4, f"host: {name}.example.com")))
    for name, expose in (("web", "host: web.example.com"), ("back", "path: /")):
        workspace.write(name, release(MEMBER, name, CONTAINER, SIZE.format(2, expose)))
    workspace.write("pair", GROUP)
    workspace.commit("all strategies")
    releases, objects = checked(workspace.run("check", "prod"))
    plan = workspace.run("plan", "prod")
    assert plan.status == 0, plan.out
    assert releases == 6 and counted(plan.out, "of 6 releases change") == 6
    assert objects == counted(plan.out, "added")
    # an Application for each unit, for what belongs to the environment, and the root; two projects
    assert counted(plan.out.partition("Argo CD's own:")[2], "added") == 5 + 4
    assert f"| 6 of 6 | {objects} |  |  |  | 9 added |" in workspace.run("plan", "prod", "--format", "md").out
