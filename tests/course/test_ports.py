"""Every course is proven with several ports and Services too, and a worker's rollout without any."""

from __future__ import annotations

from itertools import pairwise

import pytest

from compiler.transition import verify
from tests.course.matrix import NEW, course, documents, release
from tests.course.test_identity import MOVES, VERSIONED

ROLLING = 'rolling: {version: "1.0.0"}'
EXPOSE = (
    "host: api.example.com, path: /api, service: {ports: {http: 80, grpc: 9001}}, services:"
    " {api-metrics: {pods: all, ports: {metrics: 9090}}, api-public: {type: LoadBalancer, ports: {http: 443}},"
    " api-peers: {headless: true, pods: all, ports: {grpc: 8001}}}"
)
PORTS = "preset: bentoml\n    ports: {http: 3000, grpc: 8001, metrics: 8002}"


@pytest.mark.parametrize(("provider", "strategy"), [("gatewayApi", ROLLING), ("service", ROLLING), *MOVES], ids=str)
def test_a_course_with_several_ports(provider: str, strategy: str) -> None:
    new_version = {**NEW, "change": "major", "path": "/v2"} if strategy is VERSIONED else NEW
    text = release("api", strategy, expose=EXPOSE).replace("preset: bentoml", PORTS)
    if strategy is VERSIONED:
        text = text.replace("pods: all, ", "")  # two contracts behind one address are refused
    moves = course("ports", documents(provider, text), {"api": new_version})
    states = [[], *(moves.objects(index) for index in range(len(moves.states)))]
    for before, after in pairwise(states):
        verdict = verify(before, after, moves.options)
        assert verdict.verdict == "safe", [f"{each.code}: {each.message}" for each in verdict.findings]


@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_a_worker_rolls(provider: str) -> None:
    text = release("api", ROLLING, expose="internal: true").replace("preset: bentoml", "port: none")
    moves = course("worker", documents(provider, text), {"api": NEW})
    assert verify(moves.objects(0), moves.objects(1), moves.options).verdict == "safe"
