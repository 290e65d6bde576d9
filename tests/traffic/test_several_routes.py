"""Several hosts, paths and certificates of one release, and an Ingress of the cluster's default class."""

from __future__ import annotations

from itertools import pairwise

import pytest

from compiler.transition import verify
from tests.course.matrix import NEW, course, documents
from tests.course.matrix import release as course_release
from tests.course.test_identity import MOVES, VERSIONED
from tests.pipeline.specs import codes, environment, objects, release

ROLLING = 'rolling: {version: "1.0"}'
PATHS = "paths: [/api, {path: /service/, pathType: Exact}]"
HOSTS = "hosts: [a.example.com, b.example.com]"


def test_an_ingress_has_every_path_and_a_secret_for_each_host() -> None:
    tls = "tls: {secrets: {a: [a.example.com], b: [b.example.com]}}"
    text = release(ROLLING, more=f"expose: {{{HOSTS}, {PATHS}, {tls}, ingressClass: none}}")
    spec = objects(environment("ingressNginx"), text)["Ingress/api"]["spec"]
    assert "ingressClassName" not in spec
    assert spec["tls"] == [
        {"hosts": ["a.example.com"], "secretName": "a"},
        {"hosts": ["b.example.com"], "secretName": "b"},
    ]
    assert [rule["host"] for rule in spec["rules"]] == ["a.example.com", "b.example.com"]
    for rule in spec["rules"]:
        paths = [(each["path"], each["pathType"]) for each in rule["http"]["paths"]]
        assert paths == [("/api", "Prefix"), ("/service/", "Exact")]


def test_an_http_route_has_a_rule_for_each_path() -> None:
    tls = "tls: {secrets: {a: [a.example.com], b: [b.example.com]}}"
    manifests = objects(environment("gatewayApi"), release(ROLLING, more=f"expose: {{{HOSTS}, {PATHS}, {tls}}}"))
    rules = manifests["HTTPRoute/api"]["spec"]["rules"]
    assert [rule["matches"][0]["path"] for rule in rules] == [
        {"type": "PathPrefix", "value": "/api"},
        {"type": "Exact", "value": "/service/"},
    ]
    assert [each["name"] for each in manifests["ReferenceGrant/api-tls"]["spec"]["to"]] == ["a", "b"]


def test_a_path_may_be_read_as_the_controller_reads_it() -> None:
    text = release(ROLLING, more="expose: {host: a.example.com, path: /, pathType: ImplementationSpecific}")
    path = objects(environment("ingressNginx"), text)["Ingress/api"]["spec"]["rules"][0]["http"]["paths"][0]
    assert path["pathType"] == "ImplementationSpecific"
    assert codes(environment("gatewayApi"), text) == ["provider-lacks"]


@pytest.mark.parametrize(
    ("provider", "expose", "strategy", "expected"),
    [
        ("ingressNginx", "path: /a, paths: [/b]", ROLLING, ["spec-wrong-value"]),
        ("ingressNginx", "paths: [/b, /b]", ROLLING, ["routes-tie"]),
        ("ingressNginx", "paths: [/b]", 'versioned: {v1: {version: "1"}}', ["paths-versioned"]),
        ("ingressNginx", "host: a.example.com, tls: {secrets: {s: [b.example.com]}}", ROLLING, ["tls-host-unknown"]),
        ("ingressNginx", "host: a.example.com, tls: {secretName: s, secrets: {s: []}}", ROLLING, ["tls-one-of"]),
        ("gatewayApi", "path: /a, ingressClass: nginx", ROLLING, ["provider-lacks"]),
        ("ingressNginx", "paths: [/a, '/b,c']", ROLLING, ["provider-lacks"]),
    ],
)
def test_what_contradicts_itself_or_cannot_be_written(
    provider: str, expose: str, strategy: str, expected: list[str]
) -> None:
    assert codes(environment(provider), release(strategy, more=f"expose: {{{expose}}}")) == expected


@pytest.mark.parametrize(
    ("provider", "strategy"), [each for each in MOVES if each[0] != "service" and each[1] != VERSIONED], ids=str
)
def test_a_course_with_several_hosts_and_paths_is_proven(provider: str, strategy: str) -> None:
    text = course_release("api", strategy, expose=f"{HOSTS}, {PATHS}")
    moves = course("paths", documents(provider, text), {"api": NEW})
    states = [moves.objects(index) for index in range(len(moves.states))]
    for before, after in pairwise(states):
        verdict = verify(before, after, moves.options)
        assert verdict.verdict == "safe", [f"{each.code}: {each.message}" for each in verdict.findings]
