"""Pods: what their environment may hold, how long they are waited for, what no override takes from them."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, environment, findings, objects, release

ROLLING = 'rolling: {version: "1"}'


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("metadata.name", []),
        ("status.podIPs", []),
        ("metadata.labels['app']", []),
        ("metadata.nam", ["spec-wrong-value"]),
        ("metadata.labels", ["spec-wrong-value"]),
        ("spec.containers", ["spec-wrong-value"]),
    ],
)
def test_fields_that_a_variable_can_be_filled_from(field: str, expected: list[str]) -> None:
    """Kubernetes, pkg/apis/core/validation, validEnvDownwardAPIFieldPathExpressions."""
    assert codes(environment(), release(ROLLING, container=f'env: {{A: {{field: "{field}"}}}}')) == expected


def test_pods_of_one_version_start_with_the_same_variables_whatever_services_there_are() -> None:
    spec = objects(environment(), release(ROLLING))["Deployment/api"]["spec"]["template"]["spec"]
    assert spec["enableServiceLinks"] is False


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("preset: bentoml, probes: {startup: off}", ["liveness-before-start"]),
        ("startupSeconds: 300, probes: {liveness: {path: /up}}", ["liveness-before-start"]),
        ("preset: bentoml, probes: {startup: off, liveness: {initialDelaySeconds: 300}}", []),
        ("preset: bentoml, probes: {startup: off, liveness: off}", []),
        ("probes: {liveness: {path: /up}}", []),
        ("preset: bentoml", []),
    ],
)
def test_a_pod_that_still_starts_is_not_killed_as_dead(container: str, expected: list[str]) -> None:
    problems = findings(environment(), release(ROLLING, container=container))
    assert [each.code for each in problems] == expected
    assert all(each.severity == "warning" for each in problems)


@pytest.mark.parametrize(
    "tree",
    [
        "metadata: {labels: {app: other}}",
        "metadata: {labels: null}",
        'spec: {template: {metadata: {annotations: {shipway.dev/longest-request-seconds: "1"}}}}',
    ],
)
def test_the_signals_of_release_and_drain_are_kept(tree: str) -> None:
    assert codes(environment(), release(ROLLING, more=f"overrides: {{Deployment/api: {{{tree}}}}}")) == [
        "override-kept-field"
    ]


@pytest.mark.parametrize("destination", ["{server: 'https://a.example.com', name: b}", "{}"])
def test_a_destination_is_named_in_one_way(destination: str) -> None:
    text = environment(more=f"  argocd: {{destination: {destination}}}\n")
    assert codes(text, release(ROLLING)) == ["spec-wrong-value"]


def test_a_sealed_value_is_base64() -> None:
    way = "sealedSecret: {crt: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq==, key: not sealed}"
    text = release(ROLLING, more=f"expose: {{host: a.example.com, tls: {{{way}}}}}")
    assert codes(environment("ingressNginx"), text) == ["spec-wrong-value"]


@pytest.mark.parametrize(("version", "expected"), [("1.33", 1), ("1.34", 1), ("1.35", 0)])
def test_images_as_volumes_stand_behind_a_gate_in_older_clusters(version: str, expected: int) -> None:
    """KEP-4639: beta since 1.33, on by default since 1.35; without it the source is dropped."""
    text = release(ROLLING, more='pods: {models: [{name: m, mountPath: /m, image: "models:1"}]}')
    problems = findings(environment().replace("1.34", version), text)
    assert [(each.code, each.severity) for each in problems] == [("image-volume-gated", "warning")] * expected


GATEWAY = "gatewayApi: {gateway: public, namespace: infra}"
TLS = "expose: {host: a.example.com, tls: {certificate: {issuer: i}}}"


def test_a_gateway_of_another_namespace_may_read_the_one_secret() -> None:
    """Gateway API, ReferenceGrant: without it the listener that names the Secret has `RefNotPermitted`."""
    grant = objects(environment(GATEWAY), release(ROLLING, more=TLS))["ReferenceGrant/api-tls"]
    assert grant["metadata"]["namespace"] == "ml-prod"
    assert grant["spec"] == {
        "from": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "infra"}],
        "to": [{"group": "", "kind": "Secret", "name": "api-tls"}],
    }


@pytest.mark.parametrize("gateway", ["gateway: public", "gateway: public, namespace: ml-prod"])
def test_a_gateway_of_the_same_namespace_needs_no_grant(gateway: str) -> None:
    assert "ReferenceGrant/api-tls" not in objects(
        environment(f"gatewayApi: {{{gateway}}}"), release(ROLLING, more=TLS)
    )
    assert not any(key.startswith("ReferenceGrant") for key in objects(environment(GATEWAY), release(ROLLING)))
