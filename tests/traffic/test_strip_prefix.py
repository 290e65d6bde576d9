"""stripPrefix: one rewritten path a host with ingress-nginx, any number with Gateway API."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, objects, release

STRIPPED = "replicas: 4\n  expose: {host: a.example.com, path: /v1, stripPrefix: true}"
ONE_PATH = [
    'rolling: {version: "1"}',
    'blueGreen: {active: blue, blue: {version: "1"}, green: {version: "2", change: minor}}',
    'canary: {by: weight, at: 25, stable: {version: "1"}, canary: {version: "2"}}',
]
VERSIONED = 'versioned: {v1: {version: "1"}, v2: {version: "2"}}'


@pytest.mark.parametrize("strategy", ONE_PATH)
def test_every_ingress_of_the_path_is_rewritten_alike(strategy: str) -> None:
    manifests = objects(environment("ingressNginx"), release(strategy, more=STRIPPED))
    for ingress in (obj for key, obj in manifests.items() if key.startswith("Ingress/")):
        assert ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/rewrite-target"] == "/$2"
        path = ingress["spec"]["rules"][0]["http"]["paths"][0]
        assert (path["path"], path["pathType"]) == ("/v1(/|$)(.*)", "ImplementationSpecific")


def test_several_paths_on_a_host_of_expressions_are_refused() -> None:
    assert codes(environment("ingressNginx"), release(VERSIONED, more=STRIPPED)) == ["regex-host"]
    assert codes(environment("gatewayApi"), release(VERSIONED, more=STRIPPED)) == []
