"""Pairs of transitions that one small change of a route, a Gateway or a policy divides, in a line each."""

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


def ingress(name: str, class_name: str = "nginx", **notes: str) -> Object:
    backend = {"service": {"name": name, "port": {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    annotations = {NGINX + note.replace("_", "-"): text for note, text in notes.items()}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": name, "namespace": "shop", "annotations": annotations},
        "spec": {"ingressClassName": class_name, "rules": [{"host": "a.example.com", "http": {"paths": [path]}}]},
    }


def canary(**notes: str) -> Object:
    return ingress("next", canary="true", **notes)


def gateway(*listeners: dict[str, Any]) -> Object:
    spec = {"gatewayClassName": "x", "listeners": [{"port": 80, "protocol": "HTTP", **each} for each in listeners]}
    return {"apiVersion": f"{GATEWAY_API}/v1", "kind": "Gateway", "metadata": metadata("edge"), "spec": spec}


def on_edge(section: str | None = None, version: str = "v1", match: dict[str, Any] | None = None) -> Object:
    """The route of `web` on the folder's own Gateway."""
    obj = copy.deepcopy(route("web", {"web": 1}))
    parent = {"name": "edge", **({"sectionName": section} if section else {})}
    rules = [{**obj["spec"]["rules"][0], **({"matches": [match]} if match else {})}]
    return {
        **obj,
        "apiVersion": f"{GATEWAY_API}/{version}",
        "spec": {**obj["spec"], "parentRefs": [parent], "rules": rules},
    }


def from_front() -> Object:
    """A route of another namespace to `web`."""
    obj = copy.deepcopy(route("web", {"web": 1}))
    obj["metadata"]["namespace"] = "front"
    obj["spec"]["rules"][0]["backendRefs"][0]["namespace"] = "shop"
    return obj


def grant(group: str = GATEWAY_API, version: str = "v1beta1", to_group: str = "") -> Object:
    source = {"group": group, "kind": "HTTPRoute", "namespace": "front"}
    spec = {"from": [source], "to": [{"group": to_group, "kind": "Service"}]}
    return {
        "apiVersion": f"{GATEWAY_API}/{version}",
        "kind": "ReferenceGrant",
        "metadata": metadata("web"),
        "spec": spec,
    }


def asked(part: str, pattern: str) -> list[Object]:
    condition = {"type": "RegularExpression", "name": "v", "value": pattern}
    return [*WEB, gateway({"name": "http"}), on_edge(match={part: [condition]})]


def admitting(*blocks: str) -> Object:
    peers = [{"ipBlock": {"cidr": block}} for block in blocks]
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": [{"from": peers}]}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata("web"), "spec": spec}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        pytest.param([gateway({"name": "http"})], [gateway({"name": "web"})], "safe", id="listener renamed"),
        pytest.param([gateway({"name": "http"})], [gateway({"name": "web", "port": 81})], "unsafe", id="moved"),
        pytest.param(
            [gateway({"name": "http"})], [gateway({"name": "a"}, {"name": "b"})], "unsafe", id="two equal listeners"
        ),
        pytest.param(
            [gateway({"name": "http"})],
            [gateway({"name": "http"}, {"name": "b", "hostname": "b.example.com"})],
            "safe",
            id="listener of another host",
        ),
    ],
)
def test_listeners(before: list[Object], after: list[Object], verdict: str) -> None:
    kept = [*WEB, on_edge()]
    assert verify([*kept, *before], [*kept, *after]).verdict == verdict


def test_a_listener_that_comes_for_the_host_of_a_route_on_another_one() -> None:
    kept, wide, special = [*WEB], {"name": "http"}, {"name": "api", "hostname": "api.example.com"}
    before = [*kept, gateway(wide), on_edge("http")]
    assert verify(before, [*kept, gateway(wide, special), on_edge("http")]).verdict == "unknown"
    assert verify([*kept, gateway(wide), on_edge()], [*kept, gateway(wide, special), on_edge()]).verdict == "safe"


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (grant(), "safe"),
        (grant(""), "unsafe"),
        (grant(to_group="apps"), "unsafe"),
        (grant(version="v1"), "safe"),
    ],
)
def test_grants(after: Object, verdict: str) -> None:
    assert verify([*WEB, from_front(), grant()], [*WEB, from_front(), after]).verdict == verdict


@pytest.mark.parametrize(("old", "new", "verdict"), [("v1alpha2", "v1beta1", "safe"), ("v1", "v1alpha2", "unknown")])
def test_versions_of_the_gateway_api(old: str, new: str, verdict: str) -> None:
    kept = [*WEB, gateway({"name": "http"})]
    assert verify([*kept, on_edge(version=old)], [*kept, on_edge(version=new)]).verdict == verdict
    kept = [*WEB, from_front()]
    assert verify([*kept, grant(version=old)], [*kept, grant(version=new)]).verdict == verdict


@pytest.mark.parametrize("part", ["headers", "queryParams"])
@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("(a|b)", "a", "unsafe"),
        ("a", "(a|b)", "safe"),
        ("[a-c]x*", "[a-c]x{0,}", "safe"),
        ("v[2-5]", "v[2-4]", "unsafe"),
        ("a", "a(?!b)", "unknown"),
    ],
)
def test_expressions_for_values(part: str, old: str, new: str, verdict: str) -> None:
    found = verify(asked(part, old), asked(part, new))
    assert found.verdict == verdict or (verdict == "unknown" and "path-unread" in {f.code for f in found.findings})


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [("v[2-5]", "v[2-3]", "unsafe"), ("v2", "^.*v2.*$", "safe"), ("v2", "^v2$", "unsafe"), ("v2", "v[2]", "safe")],
)
def test_a_canary_pattern_that_moves_clients_between_contracts(old: str, new: str, verdict: str) -> None:
    kept = [*TWO_CONTRACTS, ingress("web")]
    header = {"canary_by_header": "X-V"}
    before, after = (canary(**header, canary_by_header_pattern=pattern) for pattern in (old, new))
    assert verify([*kept, before], [*kept, after]).verdict == verdict


@pytest.mark.parametrize(("class_name", "verdict"), [("nginx", "unsafe"), ("traefik", "safe")])
def test_two_ingresses_for_one_path(class_name: str, verdict: str) -> None:
    kept = [*WEB, deployment("next"), service("next"), ingress("web", class_name)]
    assert verify(kept, [*kept, ingress("next", class_name)]).verdict in (verdict, "unknown")
    both = [*kept, ingress("next", class_name)]
    described = [*kept, ingress("next", class_name, enable_opentelemetry="true")]
    assert "path-defined-twice" not in {each.code for each in verify(both, described).errors}


def test_a_canary_that_becomes_a_second_main_ingress() -> None:
    kept = [*WEB, deployment("next"), service("next"), ingress("web")]
    found = verify([*kept, canary(canary_weight="10")], [*kept, ingress("next")])
    assert "path-defined-twice" in {each.code for each in found.errors}


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        (["10.0.0.0/8"], ["10.0.0.0/8", "192.168.0.0/16"], "safe"),
        (["10.0.0.0/8"], ["0.0.0.0/0"], "safe"),
        (["10.0.0.0/8", "192.168.0.0/16"], ["10.0.0.0/8"], "unknown"),
        (["0.0.0.0/0"], ["203.0.113.0/24"], "unsafe"),
    ],
)
def test_address_blocks_of_a_policy(old: list[str], new: list[str], verdict: str) -> None:
    kept = [*WEB, route("web", {"web": 1})]
    assert verify([*kept, admitting(*old)], [*kept, admitting(*new)]).verdict == verdict


@pytest.mark.parametrize(
    ("group", "kind", "own"),
    [
        ("apps/v1", "Deployment", {}),
        ("apps/v1", "ReplicaSet", {}),
        ("apps/v1", "StatefulSet", {"serviceName": "next", "podManagementPolicy": "Parallel"}),
        ("argoproj.io/v1alpha1", "Rollout", {"strategy": {"canary": {}}}),
        ("argoproj.io/v1alpha1", "Rollout", {"strategy": {"blueGreen": {"activeService": "other"}}}),
    ],
)
def test_the_first_pod_of_a_new_track_is_too_few_for_all_that_a_header_sends(
    group: str, kind: str, own: dict[str, Any]
) -> None:
    pods = deployment("next")
    spec = {key: value for key, value in pods["spec"].items() if key != "strategy"} | own
    new = {**pods, "apiVersion": group, "kind": kind, "spec": spec}
    before = [*WEB, ingress("web"), service("next")]
    judged = verify(before, [*before, new, canary(canary_by_header="X-V")])
    assert "capacity-dip" in {each.code for each in judged.errors}
