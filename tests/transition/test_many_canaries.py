"""Many canaries of one location: the first counts, so the others' writes are taken in no order with it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import verify
from tests.transition.manifests import deployment, metadata, service

CANARY = "nginx.ingress.kubernetes.io/canary"


def ingress(name: str, backend: str, canary: int | None = None, path: str = "/") -> Object:
    rule: dict[str, Any] = {"path": path, "pathType": "Prefix"}
    rule["backend"] = {"service": {"name": backend, "port": {"number": 80}}}
    spec = {"ingressClassName": "nginx", "rules": [{"host": "a.example.com", "http": {"paths": [rule]}}]}
    about = metadata(name)
    if canary is not None:
        about["annotations"] = {CANARY: "true", f"{CANARY}-weight": str(canary)}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": about, "spec": spec}


def apps(*names: str) -> list[Object]:
    return [each for name in names for each in (service(name), deployment(name))]


def canaries(count: int, weight: int) -> list[Object]:
    named = [f"c{number:03}" for number in range(count)]
    return [*apps("web", *named), ingress("a-web", "web"), *(ingress(name, name, weight) for name in named)]


@pytest.mark.parametrize("count", [2, 14, 120])
def test_the_weights_of_many_canaries_change_at_once(count: int) -> None:
    started = time.process_time()
    answer = verify(canaries(count, 10), canaries(count, 20))
    assert answer.verdict == "safe"
    assert {finding.code for finding in answer.findings} == {"two-canaries"}
    assert time.process_time() - started < 10


def test_what_counts_once_the_first_has_gone_is_judged() -> None:
    before = [*apps("web", "c0"), ingress("a-web", "web"), ingress("c0", "c0", 10), ingress("c1", "missing", 10)]
    kept = [*before[:-1], ingress("c1", "missing", 20)]
    moved = [each for each in kept if each is not before[-2]]
    codes = [{finding.code for finding in verify(before, after).errors} for after in (kept, moved)]
    assert codes == [set(), set()]
    gone = [deployment("c1", replicas=0), service("c1"), *before[:-1], ingress("c1", "c1", 10)]
    port = service("c1", ports=[{"name": "http", "port": 80, "targetPort": 81}])
    closed = [deployment("c1"), port, *before[:-1], ingress("c1", "c1", 20)]
    assert not verify(gone, closed).errors
    without_first = [each for each in closed if each is not before[-2]]
    assert verify(gone, without_first).verdict == "unsafe"


def test_a_canary_that_becomes_a_rule_of_its_own_is_judged() -> None:
    before = [*apps("web", "c0", "c1"), ingress("a-web", "web"), ingress("c0", "c0", 10), ingress("c1", "c1", 10)]
    after = [*before[:-3], *before[-3:-1], ingress("c1", "c1", None, "/shop")]
    assert verify(before, after).states > 1
