"""Objects written in an API version that was replaced since are the same objects: nothing is unknown, nothing moves."""

from __future__ import annotations

from typing import Any

from compiler.model.manifest import Object
from compiler.transition import verify
from tests.transition.manifests import deployment, metadata, service

OLD_RULE = {
    "host": "a.example.com",
    "http": {"paths": [{"path": "/", "backend": {"serviceName": "web", "servicePort": 80}}]},
}
NEW_BACKEND = {"service": {"name": "web", "port": {"number": 80}}}
NEW_PATH = {"path": "/", "pathType": "ImplementationSpecific", "backend": NEW_BACKEND}
NEW_RULE = {"host": "a.example.com", "http": {"paths": [NEW_PATH]}}


def ingress(version: str, rule: dict[str, Any]) -> Object:
    return {"apiVersion": version, "kind": "Ingress", "metadata": metadata("web"), "spec": {"rules": [rule]}}


def old_deployment(image: str = "img:1") -> Object:
    old = deployment("web", image)
    spec = {name: value for name, value in old["spec"].items() if name != "selector"}
    return {**old, "apiVersion": "extensions/v1beta1", "spec": spec}


def test_an_ingress_of_an_old_version_is_the_same_object() -> None:
    pods = [service("web"), deployment("web")]
    for version in ("extensions/v1beta1", "networking.k8s.io/v1beta1"):
        answer = verify([*pods, ingress(version, OLD_RULE)], [*pods, ingress("networking.k8s.io/v1", NEW_RULE)])
        assert (answer.verdict, answer.errors) == ("safe", ())


def test_what_an_old_ingress_serves_is_seen_to_be_lost() -> None:
    pods = [service("web"), deployment("web")]
    other = {**NEW_RULE, "host": "b.example.com"}
    answer = verify([*pods, ingress("extensions/v1beta1", OLD_RULE)], [*pods, ingress("networking.k8s.io/v1", other)])
    assert "route-lost" in {finding.code for finding in answer.findings}


def test_a_deployment_of_an_old_version_is_the_same_object() -> None:
    answer = verify([service("web"), old_deployment()], [service("web"), deployment("web")])
    assert answer.verdict == "safe"


def test_the_pods_of_an_old_deployment_are_judged() -> None:
    pruned = verify([service("web"), old_deployment()], [service("web")])
    assert "backend-empty" in {finding.code for finding in pruned.findings}


def test_a_scaler_of_an_old_version_is_the_same_object() -> None:
    def scaler(version: str) -> Object:
        target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
        spec = {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": 5}
        return {"apiVersion": version, "kind": "HorizontalPodAutoscaler", "metadata": metadata("web"), "spec": spec}

    pods = [service("web"), deployment("web", replicas=None)]
    answer = verify([*pods, scaler("autoscaling/v2beta2")], [*pods, scaler("autoscaling/v2")])
    assert answer.verdict == "safe"
