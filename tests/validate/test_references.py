"""What objects name must be there; what the environment demands must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from compiler.model.manifest import Manifest
from compiler.validate import ObjectFinding, PolicyRequirements, validate_policy, validate_references

World = Callable[..., list[Manifest]]
Found = list[tuple[str, str]]

POD = "spec/template/spec"
WEB = f"{POD}/containers/0"
OUTSIDE = {("ServiceAccount", "outside"), ("Secret", "outside"), ("ConfigMap", "outside"), ("Service", "outside")}


def codes(manifests: list[Manifest]) -> Found:
    return [(manifest.kind, finding.code) for manifest, finding in validate_references(manifests, OUTSIDE)]


def only(manifests: list[Manifest]) -> ObjectFinding:
    ((_, finding),) = validate_references(manifests, OUTSIDE)
    return finding


def test_what_is_complete_has_no_findings(world: World) -> None:
    assert codes(world()) == []


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("ServiceAccount", [("Deployment", "reference-missing")]),
        ("Secret", [("Deployment", "reference-missing")]),
        ("ExternalSecret", [("Deployment", "reference-missing")]),
        ("Certificate", [("Ingress", "reference-missing")]),
        ("ConfigMap", [("Deployment", "reference-missing")] * 2),
        ("Service", [(kind, "backend-missing") for kind in ("Ingress", "HTTPRoute", "GRPCRoute")]),
        (
            "Deployment",
            [
                ("Service", "service-selects-nothing"),
                ("HorizontalPodAutoscaler", "target-missing"),
                ("PodDisruptionBudget", "target-missing"),
            ],
        ),
        ("SealedSecret", []),
    ],
)
def test_an_object_that_is_missing_is_named_where_it_is_needed(world: World, missing: str, expected: Found) -> None:
    assert codes(world(**{missing: None})) == expected


@pytest.mark.parametrize(
    ("kind", "changes", "code", "place", "words"),
    [
        (
            "Deployment",
            {f"{WEB}/env/1/valueFrom/secretKeyRef/key": "tokn"},
            "key-missing",
            "key",
            "did you mean `token`",
        ),
        ("Deployment", {f"{POD}/volumes/0/configMap/items/0/key": "mod"}, "key-missing", "key", "did you mean `mode`"),
        ("Deployment", {f"{WEB}/envFrom/0/configMapRef/name": "web-confg"}, "reference-missing", "name", "web-config"),
        ("Deployment", {f"{POD}/serviceAccountName": "wbe"}, "reference-missing", "serviceAccountName", "`web`"),
        (
            "Deployment",
            {f"{POD}/volumes/1": {"name": "v", "persistentVolumeClaim": {"claimName": "model"}}},
            "reference-missing",
            "claimName",
            "`models`",
        ),
        (
            "Deployment",
            {f"{POD}/volumes/1": {"name": "v", "projected": {"sources": [{"secret": {"name": "none"}}]}}},
            "reference-missing",
            "name",
            "",
        ),
        (
            "Deployment",
            {f"{POD}/volumes/1": {"name": "v", "secret": {"secretName": "no"}}},
            "reference-missing",
            "secretName",
            "",
        ),
        ("Job", {"spec/template/spec/imagePullSecrets": [{"name": "no"}]}, "reference-missing", "name", ""),
        ("Service", {"spec/ports/0/targetPort": "htpt"}, "port-unresolved", "targetPort", "did you mean `http`"),
        ("Service", {"spec/ports/0/targetPort": 3001}, "port-unresolved", "targetPort", ""),
        ("Service", {"spec/ports/0/protocol": "UDP"}, "port-unresolved", "targetPort", ""),
        ("HTTPRoute", {"spec/rules/0/backendRefs/0/name": "wbe"}, "backend-missing", "name", "did you mean `web`"),
        ("HTTPRoute", {"spec/rules/0/backendRefs/0/port": 80}, "port-unresolved", "port", ""),
        (
            "HTTPRoute",
            {
                "spec/rules/0/filters": [
                    {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "no", "port": 80}}}
                ]
            },
            "backend-missing",
            "name",
            "",
        ),
        ("Ingress", {"spec/rules/0/http/paths/0/backend/service/port": {"name": "web"}}, "port-unresolved", "port", ""),
        (
            "Ingress",
            {"spec/defaultBackend": {"service": {"name": "no", "port": {"number": 1}}}},
            "backend-missing",
            "name",
            "",
        ),
        ("PodDisruptionBudget", {"spec/selector": {"matchLabels": {"app": "no"}}}, "target-missing", "selector", ""),
        (
            "PodDisruptionBudget",
            {"spec": {"minAvailable": 6, "selector": {"matchLabels": {"app": "web"}}}},
            "budget-blocks-drain",
            "minAvailable",
            "",
        ),
        (
            "HorizontalPodAutoscaler",
            {"spec/scaleTargetRef/name": "web-bleu"},
            "target-missing",
            "scaleTargetRef",
            "`web-blue`",
        ),
        (
            "HorizontalPodAutoscaler",
            {"spec/metrics/0/resource/name": "nvidia.com/gpu"},
            "utilization-without-request",
            "resource",
            "",
        ),
    ],
)
def test_a_name_that_leads_nowhere(
    world: World, kind: str, changes: dict[str, Any], code: str, place: str, words: str
) -> None:
    finding = only(world(**{kind: changes}))
    assert (finding.code, finding.path[-1]) == (code, place)
    assert words in finding.help


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("Deployment", {f"{WEB}/env/1/valueFrom/secretKeyRef": {"name": "no", "key": "x", "optional": True}}),
        ("Deployment", {f"{WEB}/env/1/valueFrom/secretKeyRef": {"name": "outside", "key": "unknown"}}),
        ("Deployment", {f"{WEB}/env/1/valueFrom/secretKeyRef": {"name": "web-tls", "key": "tls.crt"}}),
        ("Deployment", {f"{WEB}/env/1/valueFrom/secretKeyRef": {"name": "web-sealed", "key": "tls.crt"}}),
        ("Deployment", {f"{POD}/serviceAccountName": "outside"}),
        ("HTTPRoute", {"spec/rules/0/backendRefs/0/name": "outside"}),
        ("HTTPRoute", {"spec/rules/0/backendRefs/0": {"group": "x.io", "kind": "Lambda", "name": "no"}}),
        ("Ingress", {"spec/rules/0/http/paths/0/backend": {"resource": {"kind": "Bucket", "name": "no"}}}),
        ("Service", {"spec": {"type": "ExternalName", "externalName": "a.example.com", "ports": [{"port": 443}]}}),
    ],
)
def test_what_exists_elsewhere_is_no_finding(world: World, kind: str, changes: dict[str, Any]) -> None:
    assert codes(world(**{kind: changes})) == []


GREEN = {"spec/selector": {"app": "web", "color": "green"}}
CANARY = "nginx.ingress.kubernetes.io/canary"


@pytest.mark.parametrize(
    ("route", "ingress", "expected"),
    [
        ({"spec/rules/0/backendRefs/0/weight": 1}, None, ["service-selects-nothing"]),
        ({"spec/rules/0/backendRefs/0/weight": 0}, None, []),
        (None, {"metadata/annotations": {CANARY: "true", f"{CANARY}-weight": "0"}}, []),
        (None, {"metadata/annotations": {CANARY: "true", f"{CANARY}-weight": "5"}}, ["service-selects-nothing"]),
        (None, {"metadata/annotations": {CANARY: "true", f"{CANARY}-by-header": "x"}}, ["service-selects-nothing"]),
        (None, None, []),
    ],
)
def test_the_service_of_an_idle_track_may_be_empty_unless_requests_reach_it(
    world: World, route: dict[str, Any] | None, ingress: dict[str, Any] | None, expected: list[str]
) -> None:
    manifests = world(Service=GREEN, HTTPRoute=route, Ingress=ingress, GRPCRoute=None)
    assert [code for _, code in codes(manifests)] == expected


@pytest.mark.parametrize("selector", [{"app": "wbe"}, {"color": "green"}, {"app": "wbe", "color": "green"}])
def test_a_selector_that_no_track_explains_is_a_finding(world: World, selector: dict[str, str]) -> None:
    manifests = world(Service={"spec/selector": selector}, HTTPRoute=None, Ingress=None, GRPCRoute=None)
    assert codes(manifests) == [("Service", "service-selects-nothing")]


@pytest.mark.parametrize(("policy", "expected"), [("Always", []), (None, ["port-unresolved"])])
def test_a_sidecar_has_ports_and_an_init_container_that_ends_has_none(
    world: World, policy: str | None, expected: list[str]
) -> None:
    proxy: dict[str, Any] = {"name": "proxy", "image": "envoy", "ports": [{"name": "proxy", "containerPort": 8443}]}
    if policy is not None:
        proxy["restartPolicy"] = policy
    manifests = world(Deployment={f"{POD}/initContainers": [proxy]}, Service={"spec/ports/0/targetPort": "proxy"})
    assert [code for _, code in codes(manifests)] == expected


def test_no_message_about_a_key_holds_the_secret(world: World) -> None:
    finding = only(world(Deployment={f"{WEB}/env/1/valueFrom/secretKeyRef/key": "hunter"}))
    assert "hunter2" not in finding.message + finding.help


LAX = PolicyRequirements(inline_secrets="allow")


@pytest.mark.parametrize(
    ("policy", "changes", "expected"),
    [
        (LAX, {}, []),
        (PolicyRequirements(), {}, ["policy-inline-secret"]),
        (PolicyRequirements(require_digest=True, inline_secrets="allow"), {}, ["policy-digest"] * 3),
        (PolicyRequirements(registries=("ghcr.io/acme", "docker.io"), inline_secrets="allow"), {}, []),
        (PolicyRequirements(registries=("ghcr.io/acm", "docker.io"), inline_secrets="allow"), {}, ["policy-registry"]),
        (PolicyRequirements(registries=("ghcr.io/acme/web", "docker.io/"), inline_secrets="allow"), {}, []),
        (
            PolicyRequirements(registries=("docker.io/library",), inline_secrets="allow"),
            {f"{WEB}/image": "localhost:5000/web"},
            ["policy-registry"] * 3,
        ),
        (
            PolicyRequirements(registries=("localhost", "docker.io"), inline_secrets="allow"),
            {f"{WEB}/image": "localhost/web"},
            [],
        ),
        (PolicyRequirements(require_limits=True, inline_secrets="allow"), {}, ["policy-limits"] * 3),
        (PolicyRequirements(min_replicas=6, inline_secrets="allow"), {}, []),
        (PolicyRequirements(min_replicas=7, inline_secrets="allow"), {}, ["policy-replicas"]),
        (PolicyRequirements(min_replicas=6, inline_secrets="allow"), {"spec/replicas": 1}, []),
    ],
)
def test_the_policy_of_the_environment(
    world: World, policy: PolicyRequirements, changes: dict[str, Any], expected: list[str]
) -> None:
    problems = validate_policy(world(Deployment=changes), policy)
    assert [finding.code for _, finding in problems] == expected
    assert all("hunter2" not in finding.message for _, finding in problems)


def test_an_inline_secret_is_blamed_on_the_secret(world: World) -> None:
    ((manifest, finding),) = validate_policy(world(), PolicyRequirements())
    assert (manifest.kind, finding.path) == ("Secret", ("stringData",))


def test_a_small_canary_beside_a_full_stable_track_has_replicas_enough(world: World) -> None:
    canary = world(Deployment={"metadata/name": "web-canary", "spec/replicas": 1})
    manifests = [*world(HorizontalPodAutoscaler=None), *canary]
    assert validate_policy(manifests, PolicyRequirements(min_replicas=6, inline_secrets="allow")) == []
