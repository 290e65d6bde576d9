"""A node port leads past the router: it follows the track that serves, and is taken once."""

from __future__ import annotations

import pytest

from compiler.model.manifest import Object
from compiler.transition.sync.options import SyncOptions
from compiler.transition.verify import verify
from tests.pipeline.specs import codes, environment, objects, release, wave

BLUE_GREEN = 'blueGreen: {active: blue, blue: {version: "1"}, green: {version: "2", change: minor}}'
CANARY = 'canary: {by: weight, at: 25, stable: {version: "1"}, canary: {version: "2"}}'
VERSIONED = 'versioned: {v1: {version: "1"}, v2: {version: "2"}}'
NODE_PORT = "replicas: 4\n  expose: {host: a.example.com, service: {type: NodePort, port: 443, nodePort: 30443}}"


def services(manifests: dict[str, Object]) -> dict[str, int | None]:
    """The node port of each Service; ClusterIP Services have none."""
    return {
        obj["metadata"]["name"]: obj["spec"]["ports"][0].get("nodePort") if obj["spec"]["type"] == "NodePort" else None
        for obj in manifests.values()
        if obj["kind"] == "Service"
    }


def test_behind_a_gateway_a_service_of_its_own_switches_with_the_route() -> None:
    manifests = objects(environment("gatewayApi"), release(BLUE_GREEN, more=NODE_PORT))
    assert services(manifests) == {"api": 30443, "api-blue": None, "api-green": None}
    assert manifests["Service/api"]["spec"]["selector"] == {"app": "api", "color": "blue"}
    assert wave(manifests["Service/api"]) == wave(manifests["HTTPRoute/api"]) == "2"


def test_its_switch_is_safe() -> None:
    before = objects(environment("gatewayApi"), release(BLUE_GREEN, more=NODE_PORT))
    switched = BLUE_GREEN.replace("active: blue", "active: green")
    after = objects(environment("gatewayApi"), release(switched, more=NODE_PORT))
    assert after["Service/api"]["spec"]["selector"]["color"] == "green"
    verdict = verify(list(before.values()), list(after.values()), SyncOptions.from_pairs(["PruneLast=true"]))
    assert (verdict.verdict, verdict.errors) == ("safe", ())


def test_without_a_node_port_a_gateway_needs_the_fixed_services_alone() -> None:
    manifests = objects(environment("gatewayApi"), release(BLUE_GREEN))
    assert services(manifests) == {"api-blue": None, "api-green": None}


@pytest.mark.parametrize("provider", ["gatewayApi", "ingressNginx"])
def test_beside_a_weighted_canary_it_is_the_stable_tracks(provider: str) -> None:
    manifests = objects(environment(provider), release(CANARY, more=NODE_PORT))
    assert services(manifests) == {"api-stable": 30443, "api-canary": None}


@pytest.mark.parametrize("provider", ["gatewayApi", "ingressNginx", "service"])
def test_several_versions_cannot_share_it(provider: str) -> None:
    problems = codes(environment(provider), release(VERSIONED, more=NODE_PORT))
    assert [code for code in problems if code != "expose-unrouted"] == ["node-port-twice"]
