"""Hosts with paths of their own, through every course: each host answers its paths all the time, and no others."""

from __future__ import annotations

from itertools import pairwise

import pytest

from compiler.diagnostics.model import Rejected
from compiler.transition import verify
from tests.course.matrix import NEW, compiled, course, documents, release

EXPOSE = (
    "hosts: [a.example.com, b.example.com], paths: [/health, {path: /, hosts: [a.example.com]}, "
    "{path: /api, pathType: Exact, hosts: [b.example.com]}]"
)
ROLLING = 'rolling: {version: "1.0.0"}'
STRATEGIES = [
    ROLLING,
    'blueGreen: {active: blue, blue: {version: "1.0.0"}}',
    'canary: {by: weight, stable: {version: "1.0.0"}, steps: [25, 100]}',
    'canary: {by: header, stable: {version: "1.0.0"}, steps: [25, 100]}',
    'canary: {by: pods, stable: {version: "1.0.0"}, steps: [25, 100]}',
]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_course_is_proven_and_every_ingress_has_the_paths_of_each_host(strategy: str) -> None:
    moves = course("hosts", documents("ingressNginx", release("api", strategy, expose=EXPOSE)), {"api": NEW})
    states = [moves.objects(number) for number in range(len(moves.states))]
    for before, after in pairwise(states):
        assert verify(before, after, moves.options).verdict == "safe"
    ingresses = [obj for objects in states for obj in objects if obj["kind"] == "Ingress"]
    assert ingresses
    for each in ingresses:
        paths = {rule["host"]: [path["path"] for path in rule["http"]["paths"]] for rule in each["spec"]["rules"]}
        own = {host: paths[host] for host in ("a.example.com", "b.example.com") if host in paths}
        assert own in ({"a.example.com": ["/health", "/"], "b.example.com": ["/health", "/api"]}, {})


@pytest.mark.parametrize(
    ("provider", "expose", "code"),
    [
        ("gatewayApi", EXPOSE.replace(", pathType: Exact", ""), "provider-lacks"),
        ("ingressNginx", EXPOSE.replace("hosts: [b.example.com]}", "hosts: [c.example.com]}"), "path-host-unknown"),
        ("ingressNginx", EXPOSE.replace("/health, ", "").replace("hosts: [b.", "hosts: [a."), "host-without-path"),
    ],
)
def test_hosts_that_contradict_the_release_are_refused(provider: str, expose: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        compiled(documents(provider, release("api", ROLLING, expose=expose)))
    assert code in {each.code for each in refused.value.diagnostics}
