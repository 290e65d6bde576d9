"""Variables from ConfigMaps and resources, probes with headers, and what exists without being written here."""

from __future__ import annotations

import pytest

from tests.pipeline.specs import codes, container, environment, objects, release

ROLLING = 'rolling: {version: "1.0"}'


def test_a_variable_comes_from_a_config_map_or_from_what_the_container_may_use() -> None:
    env = (
        "env: {REDIRECT: {configMap: oauth, key: redirect, optional: true}, GOMEMLIMIT: {resource: limits.memory},"
        " CPUS: {resource: limits.cpu, divisor: '1', container: api}}"
    )
    result = container(objects(environment("service"), release(ROLLING, container=env))["Deployment/api"])
    assert result["env"] == [
        {
            "name": "REDIRECT",
            "valueFrom": {"configMapKeyRef": {"name": "oauth", "key": "redirect", "optional": True}},
        },
        {"name": "GOMEMLIMIT", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory"}}},
        {
            "name": "CPUS",
            "valueFrom": {"resourceFieldRef": {"containerName": "api", "divisor": "1", "resource": "limits.cpu"}},
        },
    ]


def test_a_probe_has_headers_a_scheme_and_a_service() -> None:
    probes = (
        "port: 8080, probes: {readiness: {path: /up, scheme: HTTPS, headers: {Cookie: session=probe}},"
        " liveness: {grpc: true, service: live}}"
    )
    result = container(objects(environment("service"), release(ROLLING, container=probes))["Deployment/api"])
    assert result["readinessProbe"]["httpGet"] == {
        "path": "/up",
        "port": "http",
        "scheme": "HTTPS",
        "httpHeaders": [{"name": "Cookie", "value": "session=probe"}],
    }
    assert result["livenessProbe"]["grpc"] == {"port": 8080, "service": "live"}


@pytest.mark.parametrize(
    "more",
    [
        "pods: {volumes: [{name: s, projected: {sources: [{secret: {name: db}}, {configMap: {name: c}}]}}]}",
        "overrides: {Ingress/api: {spec: {tls: [{hosts: [a.example.com], secretName: db}]}}}",
        "overrides: {Deployment/api: {spec: {template: {spec: {serviceAccountName: robot}}}}}",
        "overrides: {Deployment/api: {spec: {template: {spec: {imagePullSecrets: [{name: db}]}}}}}",
    ],
)
def test_what_a_spec_names_in_kubernetes_own_words_exists(more: str) -> None:
    assert codes(environment("ingressNginx"), release(ROLLING, more=more)) == []


def test_the_environment_says_what_exists_outside() -> None:
    gone = release(ROLLING, more="overrides: {ServiceAccount/api: null}")
    assert codes(environment("service"), gone) == ["reference-missing"]
    assert codes(environment("service", "  outside: [ServiceAccount/api]"), gone) == []
    assert codes(environment("service", "  outside: [Widget/api]"), gone) == ["spec-wrong-value"]
    assert codes(environment("service", "  outside: [Secret]"), gone) == ["spec-wrong-value"]
