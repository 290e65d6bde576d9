"""Pairs of transitions that one small change of any other object divides, in a line each."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import verify
from tests.transition.manifests import deployment, metadata, route, service

GATEWAY_API = "gateway.networking.k8s.io"
NGINX = "nginx.ingress.kubernetes.io/"
WEB = [deployment("web"), service("web")]
TWO_CONTRACTS = [*WEB, deployment("next", labels={"shipway.dev/contract": "2"}), service("next")]


def claim(wave: str = "0") -> Object:
    source = {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "old"}
    spec = {"storageClassName": "fast", "volumeName": "v", "dataSource": source}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata("data", wave=wave), "spec": spec}


def test_what_stands_in_no_folder_and_is_named_for_the_first_time_is_a_premise() -> None:
    kept = [*WEB, route("web", {"web": 1})]
    after = copy.deepcopy(kept)
    after[0]["spec"]["template"]["spec"]["priorityClassName"] = "critical"
    found = verify(kept, [*after, claim()])
    stated = next(each for each in found.premises if each.startswith("in no folder, and assumed to exist"))
    assert "PriorityClass critical" in stated and "VolumeSnapshot shop/old" in stated and "StorageClass fast" in stated
    assert not any("assumed to exist" in each for each in verify(after, [*after, service("other")]).premises)


def test_a_claim_that_is_filled_from_what_comes_later() -> None:
    snapshot = {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshot", "spec": {}}
    later = {**snapshot, "metadata": metadata("old", wave="1")}
    found = verify(WEB, [*WEB, claim("0"), later])
    assert "gate-needs-later-wave" in {each.code for each in found.errors}


def custom(api_version: str, kind: str, name: str, **spec: Any) -> Object:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


def fetched(**target: Any) -> Object:
    data = [{"secretKey": "password", "remoteRef": {"key": "a"}}]
    return custom("external-secrets.io/v1", "ExternalSecret", "db", data=data, target={"name": "db", **target})


def reading_password() -> list[Object]:
    key = {"secretKeyRef": {"name": "db", "key": "password"}}
    return [deployment("web", env=[{"name": "P", "valueFrom": key}]), service("web")]


@pytest.mark.parametrize(("policy", "verdict"), [("Orphan", "safe"), ("Merge", "unknown"), ("None", "unknown")])
def test_a_secret_that_the_operator_makes_no_more(policy: str, verdict: str) -> None:
    kept = reading_password()
    assert verify([*kept, fetched()], [*kept, fetched(creationPolicy=policy)]).verdict == verdict


def test_pods_that_come_with_a_secret_that_nobody_makes() -> None:
    found = verify(WEB, [*reading_password(), fetched(creationPolicy="Merge")])
    assert "reference-missing" in {each.code for each in found.errors}
    assert verify(WEB, [*reading_password(), fetched()]).verdict == "safe"


def test_a_secret_that_is_sealed_for_another_scope() -> None:
    kept = reading_password()
    sealed = custom("bitnami.com/v1alpha1", "SealedSecret", "db", encryptedData={"password": "x"})
    annotated = {**sealed, "metadata": {**sealed["metadata"], "annotations": {}}}
    annotated["metadata"]["annotations"]["sealedsecrets.bitnami.com/cluster-wide"] = "true"
    assert verify([*kept, sealed], [*kept, annotated]).verdict == "unknown"


@pytest.mark.parametrize(("most", "refused"), [("1Gi", True), ("4Gi", False)])
def test_limits_of_whole_pods(most: str, refused: bool) -> None:
    """Two containers of 1Gi each."""
    limits = {"limits": {"memory": "1Gi"}}
    before, after = ([deployment("web", image, resources=limits), service("web")] for image in ("img:1", "img:2"))
    for side in (before, after):
        side[0]["spec"]["template"]["spec"]["containers"].append({"name": "b", "image": "b", "resources": limits})
    limit = {"type": "Pod", "max": {"memory": most}}
    held = {"apiVersion": "v1", "kind": "LimitRange", "metadata": metadata("l"), "spec": {"limits": [limit]}}
    assert ("limit-range-refused" in {each.code for each in verify([*before, held], [*after, held]).errors}) is refused


def test_a_rollout_whose_analysis_stands_nowhere() -> None:
    def rollout(*steps: dict[str, Any]) -> Object:
        parts = {**deployment("web")["spec"], "strategy": {"canary": {"steps": list(steps)}}}
        return {**custom("argoproj.io/v1alpha1", "Rollout", "web"), "spec": parts}

    analysis = {"analysis": {"templates": [{"templateName": "errors"}]}}
    template = custom("argoproj.io/v1alpha1", "AnalysisTemplate", "errors", metrics=[])
    before = [rollout({"setWeight": 50}), service("web")]
    after = [rollout({"setWeight": 50}, analysis), service("web")]
    assert "reference-unresolved" in {each.code for each in verify(before, after).findings}
    assert verify([*before, template], [*after, template]).verdict == "safe"


def definition(*required: str, **properties: Any) -> Object:
    schema = {"type": "object", "required": list(required), "properties": properties}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"group": "example.com", "scope": "Namespaced", "names": {"kind": "Thing", "plural": "things"}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"},
        "spec": {**names, "versions": [version]},
    }


TEXT = {"type": "string"}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (definition(a=TEXT), definition(a=TEXT, b=TEXT), "safe"),
        (definition(a=TEXT, b=TEXT), definition(a=TEXT), "unknown"),
        (definition(a=TEXT), definition("a", a=TEXT), "unknown"),
        (definition("a", a=TEXT), definition(a={**TEXT, "description": "now with words"}), "safe"),
        (definition(a={"properties": {"b": TEXT}}), definition(a={"properties": {}}), "unknown"),
    ],
)
def test_schemas_of_definitions(before: Object, after: Object, verdict: str) -> None:
    assert verify([*WEB, before], [*WEB, after]).verdict == verdict


def test_two_writers_of_a_count_that_were_there_before() -> None:
    """Each sync has set the count back since: it does so once more, and no worse."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    scalers = [
        {
            **custom("autoscaling/v2", "HorizontalPodAutoscaler", "web"),
            "spec": {"scaleTargetRef": target, "minReplicas": 2, "maxReplicas": most},
        }
        for most in (5, 6)
    ]
    assert verify([*WEB, scalers[0]], [*WEB, scalers[1]]).verdict == "safe"
    assert verify(WEB, [*WEB, scalers[1]]).verdict == "unsafe"


def test_scalers_of_yesterday() -> None:
    kept = [deployment("web", replicas=None), service("web")]
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    bounds = {"minReplicas": 2, "maxReplicas": 5}
    old = custom("extensions/v1beta1", "HorizontalPodAutoscaler", "web", scaleRef=reference, **bounds)
    new = custom("autoscaling/v2", "HorizontalPodAutoscaler", "web", scaleTargetRef=reference, **bounds)
    assert verify([*kept, old], [*kept, new]).verdict == "safe"


def test_what_is_over_soon_comes_after_what_stays() -> None:
    def without_pause(image: str, replicas: int, name: str) -> list[Object]:
        return [deployment(name, image, replicas, lifecycle={}), service(name)]

    before = [*without_pause("img:1", 3, "a"), *without_pause("img:1", 3, "b")]
    after = [*without_pause("img:2", 3, "a"), *without_pause("img:1", 0, "b")]
    codes = [each.code for each in verify(before, after).errors]
    assert codes.index("drain-too-short") > codes.index("backend-empty")


@pytest.mark.parametrize(("port", "lost"), [({"name": "http", "containerPort": 3000}, True), ({}, False)])
def test_a_pod_behind_a_service_whose_port_it_lacks_loses_no_request(port: dict[str, Any], lost: bool) -> None:
    container = {"name": "app", "image": "img:1", "ports": [port] if port else []}
    debug: Object = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata("debug"), "spec": {}}
    debug["metadata"]["labels"] = {"app": "web"}
    debug["spec"]["containers"] = [container]
    kept = [*WEB, route("web", {"web": 1})]
    assert ("drain-too-short" in {each.code for each in verify([*kept, debug], kept).errors}) is lost
