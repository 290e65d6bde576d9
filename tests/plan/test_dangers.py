"""Dangers: what a reviewer sees first, and what is not one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from compiler.plan.dangers import dangers_in
from compiler.plan.differences import object_changes
from compiler.plan.step_effects import dangers_beside_step
from compiler.tree.yaml import emit
from tests.course.matrix import abort_of, compiled, courses, documents, objects_of, release


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


def test_no_step_of_a_course_is_a_danger_but_for_the_clients_whose_path_goes() -> None:
    """Of every strategy and provider, and the aborts: only `versioned` takes something from somebody."""
    found: dict[str, set[str]] = {}
    for course in courses():
        states = [course.objects(index) for index in range(len(course.states))]
        for index, (before, after) in enumerate(itertools.pairwise(states)):
            name = f"{course.name.partition('-')[0]} {course.states[index + 1][0]}"
            found.setdefault(name, set()).update(step_dangers(before, after, course.members))
        for (_, state), before in zip(course.states, states, strict=True):
            if (aborted := abort_of(state, course.members)) is not None:
                name = f"{course.name.partition('-')[0]} abort"
                found.setdefault(name, set()).update(step_dangers(before, objects_of(aborted.compiled), course.members))
    assert {name: kinds for name, kinds in found.items() if kinds} == {
        "versioned finish v1": {"route", "deletion"},
        "versioned abort": {"route", "deletion"},
    }


def step_dangers(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], members: Sequence[str]
) -> list[str]:
    files = [
        {f"{each['kind']}-{each['metadata']['name']}.yaml": emit(each) for each in objects}
        for objects in (before, after)
    ]
    dangers = dangers_in(object_changes(files[0], files[1]))
    return [danger.kind for danger in dangers_beside_step(dangers, before, after, members)]


def canary(
    replicas: int, strategy: str = 'canary: {stable: {version: "1.0.0"}, canary: {version: "2.0.0"}, at: 5}'
) -> Any:
    return objects_of(compiled(documents("gatewayApi", release("api", strategy, size=f"replicas: {replicas}"))))


def test_what_a_step_takes_along_stays_a_danger() -> None:
    """Fewer pods for as many requests, another strategy, a release that leaves: none is part of a course."""
    assert step_dangers(canary(6), canary(2), ["api"]) == ["replicas"]
    finished = canary(6, 'canary: {stable: {version: "2.0.0"}}')
    assert step_dangers(canary(6), finished, ["api"]) == []
    assert "deletion" in step_dangers(canary(6), canary(6, 'rolling: {version: "2.0.0"}'), ["api"])
    assert "deletion" in step_dangers(finished, [], ["api"])
