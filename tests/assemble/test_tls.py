"""TLS covers every host that the release answers at, and what brings the Secret stays as it was written."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, objects, release

ROLLING = 'rolling: {version: "1"}'
BY_HOST = (
    'versioned: {v1: {version: "1", host: v1.example.com}, v2: {version: "2", host: v2.example.com}, '
    'v3: {version: "3"}}'
)
PREVIEWED = 'blueGreen: {active: blue, preview: {host: new.example.com}, blue: {version: "1"}}'


def names(strategy: str, expose: str, provider: str = "ingressNginx") -> list[str]:
    text = release(strategy, more=f"expose: {{{expose}tls: {{certificate: {{issuer: letsencrypt}}}}}}")
    result: list[str] = objects(environment(provider), text)["Certificate/api-tls"]["spec"]["dnsNames"]
    return result


@pytest.mark.parametrize("provider", ["ingressNginx", "gatewayApi"])
def test_a_certificate_is_for_the_hosts_of_versions_and_previews_too(provider: str) -> None:
    hosts = ["a.example.com", "v1.example.com", "v2.example.com"]
    assert names(BY_HOST, "host: a.example.com, ", provider) == hosts
    assert names(PREVIEWED, "host: a.example.com, ", provider) == ["a.example.com", "new.example.com"]


def test_a_certificate_for_the_versions_hosts_alone() -> None:
    assert names(BY_HOST.replace(', v3: {version: "3"}', ""), "") == ["v1.example.com", "v2.example.com"]


WAYS = ["secretName: x", "certificate: {issuer: i}", "externalSecret: {store: v, crt: c, key: k}"]


@pytest.mark.parametrize("way", WAYS)
def test_a_router_needs_to_know_for_which_hosts(way: str) -> None:
    text = release(ROLLING, more=f"expose: {{tls: {{{way}}}}}")
    assert codes(environment("ingressNginx"), text) == ["tls-needs-host"]
    assert codes(environment("gatewayApi"), text) == ["tls-needs-host"]


def test_without_a_router_the_pods_may_read_the_secret_themselves() -> None:
    assert codes(environment("service"), release(ROLLING, more=f"expose: {{tls: {{{WAYS[2]}}}}}")) == []


def test_an_external_secret_says_what_the_api_server_would_fill_in() -> None:
    way = "externalSecret: {store: vault, crt: tls/api#crt, key: tls/api-key}"
    manifests = objects(
        environment("ingressNginx"), release(ROLLING, more=f"expose: {{host: a.example.com, tls: {{{way}}}}}")
    )
    spec = manifests["ExternalSecret/api-tls"]["spec"]
    defaults = {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
    assert [item["remoteRef"] for item in spec["data"]] == [
        {"key": "tls/api", "property": "crt", **defaults},
        {"key": "tls/api-key", **defaults},
    ]
    assert spec["target"]["deletionPolicy"] == "Retain"
    assert spec["target"]["template"] == {
        "type": "kubernetes.io/tls",
        "engineVersion": "v2",
        "mergePolicy": "Replace",
    }


@pytest.mark.parametrize(("interval", "expected"), [("1h", []), ("1h30m0s", []), ("banana", ["spec-wrong-value"])])
def test_how_often_an_external_secret_is_read_again_is_a_duration(interval: str, expected: list[str]) -> None:
    way = f"externalSecret: {{store: v, crt: c, key: k, refreshInterval: {interval}}}"
    text = release(ROLLING, more=f"expose: {{host: a.example.com, tls: {{{way}}}}}")
    assert codes(environment("ingressNginx"), text) == expected
