"""Calls of gRPC through every course: GRPCRoutes carry the weights, headers and switches of each strategy."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from compiler.diagnostics.model import Rejected
from compiler.transition import verify
from tests.course.matrix import MAJOR, NEW, compiled, course, documents, objects_of, release

ALONE = "grpc: {host: grpc.example.com, methods: [acme.Search, acme.Rank/Order]}"
BESIDE = (
    "host: api.example.com, path: /api, service: {ports: {http: 80, grpc: {port: 9001, targetPort: http}}}, "
    "grpc: {host: grpc.example.com, port: grpc}"
)
ROLLING = 'rolling: {version: "1.0.0"}'
BY_WEIGHT = 'canary: {by: weight, stable: {version: "1.0.0"}, steps: [25, 100]}'
BY_HEADER = 'versioned: {v1: {version: "1.0.0", header: {name: X-Contract, value: "1"}}}'
BY_SERVICE = 'versioned: {v1: {version: "1.0.0", path: /acme.v1.Search}}'
BLUE_GREEN = 'blueGreen: {active: blue, blue: {version: "1.0.0"}}'
STRATEGIES: dict[str, tuple[str, dict[str, Any]]] = {
    "rolling": (ROLLING, NEW),
    "recreate": ('recreate: {version: "1.0.0"}', NEW),
    "blueGreen": (BLUE_GREEN, NEW),
    "canary-weight": (BY_WEIGHT, NEW),
    "canary-header": (BY_WEIGHT.replace("weight", "header"), NEW),
    "canary-pods": (BY_WEIGHT.replace("weight", "pods"), NEW),
    "versioned-header": (BY_HEADER, {**MAJOR, "header": {"name": "X-Contract", "value": "2"}}),
    "versioned-service": (BY_SERVICE, {**MAJOR, "path": "/acme.v2.Search"}),
}


@pytest.mark.parametrize("expose", [ALONE, BESIDE], ids=["alone", "beside"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_course_of_calls_is_proven(strategy: str, expose: str) -> None:
    if strategy == "versioned-service" and expose is BESIDE:
        pytest.skip("plain requests have no such paths")
    text, new = STRATEGIES[strategy]
    moves = course("grpc", documents("gatewayApi", release("api", text, expose=expose)), {"api": new})
    for number, _ in pairwise(range(len(moves.states))):
        before, after = moves.objects(number), moves.objects(number + 1)
        assert any(obj["kind"] == "GRPCRoute" for obj in after)
        verdict = verify(before, after, moves.options)
        codes = {finding.code for finding in verdict.findings if finding.severity == "error"}
        wanted = {"backend-empty"} if strategy == "recreate" and number == 0 else set()
        assert codes == wanted, (moves.states[number + 1][0], verdict.findings)


def test_a_canary_s_weights_stand_in_the_grpc_route() -> None:
    moves = course("grpc", documents("gatewayApi", release("api", BY_WEIGHT, expose=ALONE)), {"api": NEW})
    weights = []
    for number in range(len(moves.states)):
        kinds = {obj["kind"]: obj for obj in moves.objects(number) if obj["kind"].endswith("Route")}
        assert kinds.keys() == {"GRPCRoute"}
        (rule,) = kinds["GRPCRoute"]["spec"]["rules"]
        weights.append({ref["name"]: ref["weight"] for ref in rule["backendRefs"]})
        assert [match["method"] for match in rule["matches"]] == [
            {"type": "Exact", "service": "acme.Search"},
            {"type": "Exact", "service": "acme.Rank", "method": "Order"},
        ]
    assert {"api-canary": 25, "api-stable": 75} in weights
    assert weights[-1] == {"api-canary": 0, "api-stable": 100}


def test_calls_beside_plain_requests_go_to_their_own_port() -> None:
    objects = objects_of(compiled(documents("gatewayApi", release("api", ROLLING, expose=BESIDE))))
    routes = {obj["kind"]: obj["spec"] for obj in objects if obj["kind"].endswith("Route")}
    assert routes["HTTPRoute"]["rules"][0]["backendRefs"][0]["port"] == 80
    assert routes["GRPCRoute"]["rules"][0]["backendRefs"][0]["port"] == 9001
    assert routes["GRPCRoute"]["hostnames"] == ["grpc.example.com"]


@pytest.mark.parametrize(
    ("provider", "expose", "code"),
    [
        ("ingressNginx", ALONE, "provider-lacks"),
        ("service", ALONE, "provider-lacks"),
        ("gatewayApi", BESIDE.replace("grpc.example.com", "api.example.com"), "grpc-host-shared"),
        ("gatewayApi", BESIDE.replace("port: grpc}", "port: rpc}"), "grpc-port-unknown"),
        ("gatewayApi", f"timeoutSeconds: 5, {ALONE}", "provider-lacks"),
        ("gatewayApi", f"internal: true, {ALONE}", "internal-exposed"),
    ],
)
def test_what_no_grpc_route_says_is_refused(provider: str, expose: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        compiled(documents(provider, release("api", ROLLING, expose=expose)))
    assert code in {each.code for each in refused.value.diagnostics}


def test_versions_by_a_path_that_no_call_has_are_refused() -> None:
    with pytest.raises(Rejected, match="it matches calls by service and method"):
        compiled(documents("gatewayApi", release("api", 'versioned: {v1: {version: "1.0.0"}}', expose=ALONE)))


def test_two_releases_that_answer_the_same_calls_are_refused() -> None:
    texts = [release(name, ROLLING, expose=ALONE) for name in ("api", "other")]
    with pytest.raises(Rejected) as refused:
        compiled(documents("gatewayApi", *texts))
    assert {each.code for each in refused.value.diagnostics} == {"routes-tie"}
