"""Clients of a version that they name by host, path or header never meet another contract at once."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import environment, release
from tests.publish.conftest import Workspace
from tests.publish.test_other_units import PROVIDERS, exposed, publish

pytestmark = pytest.mark.e2e

HEADER = "header: {name: X-Api, value: two}"
V1, V2 = 'v1: {{version: "1.0.0", {}}}', 'v2: {{version: "2.0.0", {}}}'
SWAPS = {
    "paths": ("path: /v1", "path: /v2", "path: /v2", "path: /v1"),
    "hosts": ("host: a.x.io, path: /", "host: b.x.io, path: /", "host: b.x.io, path: /", "host: a.x.io, path: /"),
    "headers": ("path: /api", f"path: /api, {HEADER}", f"path: /api, {HEADER}", "path: /api"),
    "a path of another contract": ("path: /v1", "path: /v2", "path: /v3", "path: /v1"),
}


def versioned(*tracks: str, replicas: int = 4) -> str:
    more = f"replicas: {replicas}\n  expose: {{host: api.x.io}}"
    return release(f"versioned: {{{', '.join(tracks)}}}", more=more)


def start(workspace: Workspace, provider: str, first: str, second: str) -> None:
    workspace.write("environment", environment(provider))
    workspace.write("api", versioned(V1.format(first), V2.format(second)))
    publish(workspace, "both")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("swap", sorted(SWAPS))
def test_two_contracts_do_not_swap_their_requests(workspace: Workspace, provider: str, swap: str) -> None:
    first, second, *after = SWAPS[swap]
    start(workspace, provider, first, second)
    workspace.write("api", versioned(V1.format(first), V2.format(second), replicas=5))
    publish(workspace, "what moves no client is taken")
    workspace.write("api", versioned(V1.format(after[0]), V2.format(after[1]), replicas=5))
    workspace.commit("swap")
    refused = workspace.run("publish", "prod")
    assert refused.status == 1 and "error[clients-moved]" in refused.err
    assert workspace.run("plan", "prod").status == 1


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "tracks",
    [
        ('v2: {version: "2.0.0", path: /v1}',),
        ('v3: {version: "3.0.0", path: /v1}',),
        (V1.format("path: /v1"), 'v3: {version: "3.0.0", path: /v2}'),
    ],
)
def test_no_version_takes_the_path_of_one_that_goes(
    workspace: Workspace, provider: str, tracks: tuple[str, ...]
) -> None:
    start(workspace, provider, "path: /v1", "path: /v2")
    workspace.write("api", versioned(*tracks))
    workspace.commit("takes the path")
    refused = workspace.run("publish", "prod")
    assert refused.status == 1 and "error[clients-moved]" in refused.err


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_version_beside_the_others_moves_nobody(workspace: Workspace, provider: str) -> None:
    start(workspace, provider, "path: /v1", "path: /v2")
    workspace.write(
        "api", versioned(V1.format("path: /v1"), V2.format("path: /v2"), 'v3: {version: "3.0.0", path: /v3}')
    )
    publish(workspace, "v3 beside them")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_version_retires_beside_a_release_that_takes_every_other_path(workspace: Workspace, provider: str) -> None:
    start(workspace, provider, "path: /v1", "path: /v2")
    workspace.write("shop", exposed("shop", "internal: true"))
    publish(workspace, "shop, internal")
    workspace.write("shop", exposed("shop", "host: api.x.io, path: /"))
    publish(workspace, "shop takes what nobody took")
    assert workspace.run("finish", "prod/api").status == 0
    workspace.commit("v1 retires")
    plan = " ".join(workspace.run("plan", "prod").out.split())
    assert "clients that still call it get another rule's answer" in plan
    assert workspace.run("publish", "prod").status == 0
    assert workspace.run("confirm", "prod").status == 0
    workspace.write("api", versioned(V1.format("path: /v1"), V2.format("path: /v2")))
    workspace.commit("v1 comes back")
    assert workspace.run("publish", "prod").status == 0
