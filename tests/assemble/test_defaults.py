"""What nobody says, and what an operator would have said: protocols, budgets, deadlines, configuration."""

from __future__ import annotations

import pytest

from compiler.model.manifest import Object
from tests.pipeline.specs import codes, container, environment, objects, release, wave

ROLLING = 'rolling: {version: "1"}'
BLUE_GREEN = 'blueGreen: {active: blue, blue: {version: "1"}, green: {version: "2", change: minor}}'
PROVIDERS = ["service", "ingressNginx", "gatewayApi"]


def deployment(ask: str, more: str = "replicas: 4") -> Object:
    return objects(environment(), release(ROLLING, container=ask, more=more))["Deployment/api"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_port_443_says_that_it_speaks_plain_http(provider: str) -> None:
    """Traefik speaks TLS to a Service's port 443 that says nothing (its Gateway and Ingress providers)."""
    manifests = objects(environment(provider), release(BLUE_GREEN))
    ports = [port for key, obj in manifests.items() if key.startswith("Service/") for port in obj["spec"]["ports"]]
    assert ports
    assert {port["appProtocol"] for port in ports} == {"http"}


def test_another_protocol_is_written_once_for_all_services() -> None:
    more = "expose: {service: {port: 50051, appProtocol: kubernetes.io/h2c}}"
    manifests = objects(environment(), release(BLUE_GREEN, more=more))
    services = [obj for key, obj in manifests.items() if key.startswith("Service/")]
    assert {obj["spec"]["ports"][0]["appProtocol"] for obj in services} == {"kubernetes.io/h2c"}


def test_a_budget_never_keeps_a_node_with_broken_pods() -> None:
    budget = objects(environment(), release(ROLLING))["PodDisruptionBudget/api"]
    assert budget["spec"]["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


@pytest.mark.parametrize(
    ("probe", "seconds"),
    [
        ("startup: {failureThreshold: 100}", 1000),
        ("startup: {failureThreshold: 100, periodSeconds: 5, initialDelaySeconds: 20}", 520),
        ("startup: {initialDelaySeconds: 60}", 360),
        ("startup: {failureThreshold: 2}", 300),
        ("startup: off", 300),
    ],
)
def test_the_deadline_outlasts_the_startup_probe_that_is_written(probe: str, seconds: int) -> None:
    spec = deployment(f"preset: bentoml, probes: {{{probe}}}")["spec"]
    assert spec["progressDeadlineSeconds"] == seconds + 10 + 60


def test_an_autoscaler_without_metrics_yet_holds_no_preview_back() -> None:
    manifests = objects(environment(), release(BLUE_GREEN, more="autoscale: {min: 2, max: 4}"))
    waves = {key: int(wave(obj) or 0) for key, obj in manifests.items()}
    assert waves["HorizontalPodAutoscaler/api-green"] == waves["HTTPRoute/api-preview"] == max(waves.values())


def test_files_never_become_variables() -> None:
    manifests = objects(
        environment(),
        release(ROLLING, container="config: {values: {A: 1}, files: {A: many words, b: more}}"),
    )
    maps = {obj["metadata"]["name"]: obj["data"] for key, obj in manifests.items() if key.startswith("ConfigMap/")}
    app = container(manifests["Deployment/api"])
    (source,) = app["envFrom"]
    assert maps[source["configMapRef"]["name"]] == {"A": "1"}
    (volume,) = manifests["Deployment/api"]["spec"]["template"]["spec"]["volumes"]
    assert maps[volume["configMap"]["name"]] == {"A": "many words", "b": "more"}


def test_a_version_with_values_of_its_own_keeps_where_files_are_mounted() -> None:
    text = release(
        'rolling: {version: "1", config: {values: {A: 1}}}',
        container="config: {mountPath: /srv/config, files: {a: x}}",
    )
    (mount,) = container(objects(environment(), text)["Deployment/api"])["volumeMounts"]
    assert mount["mountPath"] == "/srv/config"


def test_a_version_of_an_autoscaled_release_has_no_count_of_its_own() -> None:
    text = release(
        'versioned: {v1: {version: "1", replicas: 10}, v2: {version: "2"}}',
        container="resources: {requests: {cpu: 1}}",
        more="autoscale: {min: 2, max: 4}",
    )
    assert codes(environment(), text) == ["replicas-or-autoscale"]
