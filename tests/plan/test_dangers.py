"""Dangers: what a reviewer sees first, and what is not one."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.plan.dangers import dangers_in
from compiler.plan.differences import object_changes
from compiler.tree.yaml import emit


def obj(kind: str, **rest: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "x", "namespace": "ns"}, **rest}


def dangers(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[tuple[str, str]]:
    old, new = ({"a.yaml": emit(side)} if side is not None else {} for side in (before, after))
    return [(danger.kind, danger.message) for danger in dangers_in(object_changes(old, new))]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Deployment", "deletion"),
        ("Service", "deletion"),
        ("ConfigMap", "deletion"),
        ("Namespace", "namespace"),
        ("PersistentVolumeClaim", "volume-claim"),
        ("Secret", "secret"),
        ("ClusterRole", "rbac"),
    ],
)
def test_deletions(kind: str, expected: str) -> None:
    assert [each for each, _ in dangers(obj(kind), None)] == [expected]


@pytest.mark.parametrize("kind", ["PodDisruptionBudget", "HorizontalPodAutoscaler"])
def test_what_carries_no_traffic_may_go(kind: str) -> None:
    assert dangers(obj(kind), None) == []


def test_a_services_selector_that_switches() -> None:
    before, after = ({"selector": {"app": "web", "color": color}} for color in ("blue", "green"))
    assert dangers(obj("Service", spec=before), obj("Service", spec=after)) == [
        ("selector", "selector.color: blue → green")
    ]


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (
            "Deployment",
            {"spec": {"selector": {"matchLabels": {"a": "1"}}}},
            {"spec": {"selector": {"matchLabels": {}}}},
        ),
        ("StatefulSet", {"spec": {"serviceName": "a"}}, {"spec": {"serviceName": "b"}}),
        ("Job", {"spec": {"template": {"a": 1}}}, {"spec": {"template": {"a": 2}}}),
        ("ConfigMap", {"immutable": True, "data": {"a": "1"}}, {"immutable": True, "data": {"a": "2"}}),
    ],
)
def test_what_the_api_server_never_changes(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert [each for each, _ in dangers(obj(kind, **before), obj(kind, **after))] == ["immutable"]


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("Deployment", {"spec": {"template": 1}}, {"spec": {"template": 2}}),
        ("StatefulSet", {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}),
        ("ConfigMap", {"data": {"a": "1"}}, {"data": {"a": "2"}}),
        ("HTTPRoute", {"spec": {"weight": 1}}, {"spec": {"weight": 2}}),
    ],
)
def test_near_misses(kind: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    assert dangers(obj(kind, **before), obj(kind, **after)) == []


def test_replicas_that_shrink() -> None:
    assert dangers(obj("Deployment", spec={"replicas": 6}), obj("Deployment", spec={"replicas": 2})) == [
        ("replicas", "replicas: 6 → 2")
    ]


def test_secrets_by_the_names_of_their_keys() -> None:
    before, after = obj("Secret", data={"a": "b2xk", "b": "eA=="}), obj("Secret", data={"a": "bmV3", "tls.key": "eQ=="})
    assert dangers(before, after) == [("secret", "changes a; adds tls.key; removes b")]


def test_rights_that_change() -> None:
    assert [kind for kind, _ in dangers(None, obj("RoleBinding"))] == ["rbac"]


def ingress(*paths: str) -> dict[str, Any]:
    service = {"service": {"name": "web", "port": {"number": 443}}}
    each = [{"path": path, "pathType": "Prefix", "backend": service} for path in paths]
    return obj(
        "Ingress",
        apiVersion="networking.k8s.io/v1",
        spec={"rules": [{"host": "api.example.com", "http": {"paths": each}}]},
    )


def http_route(*rules: dict[str, Any]) -> dict[str, Any]:
    return obj("HTTPRoute", apiVersion="gateway.networking.k8s.io/v1", spec={"rules": list(rules)})


def rule(path: str, *headers: dict[str, str]) -> dict[str, Any]:
    match = {"path": {"type": "PathPrefix", "value": path}, **({"headers": list(headers)} if headers else {})}
    return {"matches": [match], "backendRefs": [{"name": "web", "port": 443}]}


def test_a_path_that_nobody_routes_any_more() -> None:
    lost = "no rule matches /v1 any more: clients that still call it get another rule's answer, or 404"
    assert dangers(ingress("/v1", "/v2"), ingress("/v2")) == [("route", lost)]
    assert dangers(http_route(rule("/v1"), rule("/v2")), http_route(rule("/v2"))) == [("route", lost)]
    assert dangers(ingress("/v2"), ingress("/v1", "/v2")) == []
    (deleted,) = dangers(ingress("/v1"), None)
    assert deleted == ("deletion", "is deleted: requests that only it routes get 404")


def test_a_rule_for_a_header_that_goes_leaves_its_path() -> None:
    preview = rule("/v1", {"type": "Exact", "name": "X-Preview", "value": "true"})
    assert dangers(http_route(rule("/v1"), preview), http_route(rule("/v1"))) == []
