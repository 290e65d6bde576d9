"""Nothing is exposed by omission: a release says how it is reached, or that only other pods call it."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, findings, objects, release

ROLLING = 'rolling: {version: "1"}'
WITHOUT = "replicas: 4"


def bare(strategy: str = ROLLING, more: str = WITHOUT, name: str = "api") -> str:
    return release(strategy, name, more=more).replace("  expose: {path: /}\n", "")


@pytest.mark.parametrize("provider", ["gatewayApi", "ingressNginx"])
@pytest.mark.parametrize("more", [WITHOUT, "expose: {internal: false}", "expose: {}"])
def test_a_release_that_says_nothing_is_refused(provider: str, more: str) -> None:
    (finding,) = findings(environment(provider), bare(more=more))
    assert finding.code == "expose-missing" and finding.loc is not None
    assert finding.help is not None and "internal: true" in finding.help and "host: …" in finding.help


@pytest.mark.parametrize(
    "more",
    ["expose: {internal: true}", "expose: {path: /x}", "expose: {host: a.example.com}", "expose: {hosts: [a.b]}"],
)
def test_either_answer_is_enough(more: str) -> None:
    assert codes(environment(), bare(more=more)) == []


def test_services_alone_expose_nothing() -> None:
    made = objects(environment("service"), bare())
    assert {key.partition("/")[0] for key in made} & {"HTTPRoute", "Ingress"} == set()


def test_tracks_may_name_their_requests() -> None:
    tracks = 'versioned: {v1: {version: "1", path: /v1}, v2: {version: "2", host: v2.example.com}}'
    assert codes(environment(), bare(tracks)) == []
    assert codes(environment(), bare('versioned: {v1: {version: "1"}}')) == ["expose-missing"]


def test_in_a_group_only_the_entry_is_exposed() -> None:
    blue = 'blueGreen: {blue: {version: "1"}}'
    group = """apiVersion: shipway.dev/v1
kind: Group
metadata: {name: shop}
spec: {entry: web, members: [web, api], active: blue}
"""
    assert codes(environment(), bare(blue, name="web"), bare(blue), group) == ["expose-missing"]
    assert codes(environment(), release(blue, "web"), bare(blue), group) == []
