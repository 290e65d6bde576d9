"""Every course runs to its end beside a release that takes every other request of the host."""

from __future__ import annotations

import json

import pytest

from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace
from tests.publish.test_other_units import PROVIDERS, exposed, publish

COURSES = {
    "rolling": ('rolling: {version: "1.0.0"}', []),
    "blueGreen": (
        'blueGreen: {active: blue, preview: {header: {name: X-Preview, value: "yes"}}, blue: {version: "1.0.0"}}',
        [],
    ),
    "canary": ('canary: {stable: {version: "1.0.0"}, steps: [50]}', []),
    "canary-header": (
        'canary: {stable: {version: "1.0.0"}, by: header, header: {name: X-Canary, value: "yes"}, steps: [50]}',
        [],
    ),
    "versioned": ('versioned: {v1: {version: "1.0.0", path: /api/v1}}', ["--change", "major"]),
}
MAX_STEPS = 6


@pytest.mark.slow
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("course", sorted(COURSES))
def test_a_course_beside_a_release_that_takes_every_other_path(
    workspace: Workspace, provider: str, course: str
) -> None:
    strategy, more = COURSES[course]
    workspace.write("environment", environment(provider))
    workspace.write("shop", exposed("shop", "host: api.x.io, path: /"))
    workspace.write("api", release(strategy, more="replicas: 4\n  expose: {host: api.x.io, path: /api}"))
    publish(workspace, "both")
    assert workspace.run("start", "prod/api", "--version", "2.0.0", *more).status == 0
    for number in range(MAX_STEPS):
        publish(workspace, f"step {number}")
        rows = json.loads(workspace.run("status", "prod", "--format", "json").out)["releases"]
        command = next(row["next"] for row in rows if row["name"] == "api")
        if not command:
            return
        assert workspace.run(*command.split()[1:]).status == 0, command
    raise AssertionError("the course has no end")
