"""What real runs showed of order, gates and causes of loss (Argo CD 3.5, a gateway), the model reproduces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compiler.explanations import transition, transition_requests, transition_unproven
from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.transition import SyncOptions, Verdict, verify
from compiler.transition.sync.order import sync_passes
from tests.transition.manifests import config_map, deployment, metadata, route, scaler, service

GATEWAY = {"parentRefs": [{"name": "edge", "sectionName": "https"}], "hostnames": ["api.example.com"]}

CODES = transition.CODES | transition_requests.CODES | transition_unproven.CODES


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def web(image: str = "img:1", **fields: Any) -> list[Object]:
    return [service("web"), deployment("web", image, **fields), route("r", {"web": 1})]


def keyed(objects: list[Object]) -> dict[Key, Object]:
    return {object_key(obj): obj for obj in objects}


def gateway(*listeners: str, wave: str = "0") -> Object:
    tls = {"certificateRefs": [{"kind": "Secret", "name": "wildcard"}]}
    every = [{"name": name, "port": 443, "protocol": "HTTPS", "tls": tls} for name in listeners]
    spec = {"gatewayClassName": "envoy", "listeners": every}
    api = "gateway.networking.k8s.io/v1"
    return {"apiVersion": api, "kind": "Gateway", "metadata": metadata("edge", wave=wave), "spec": spec}


def hung(wave: str = "0") -> Object:
    result = route("r", {"web": 1}, wave)
    return {**result, "spec": {**result["spec"], **GATEWAY}}


def test_prunes_of_a_wave_come_first_whatever_their_kind_then_kind_after_kind() -> None:
    before = [config_map("old"), deployment("gone"), deployment("same")]
    after = [route("r", {"new": 1}), deployment("new"), service("new"), config_map("new"), deployment("same")]
    (stage,) = sync_passes(keyed(before), keyed(after), SyncOptions())
    kinds = [(group[0].action, sorted({op.key.kind for op in group})) for group in stage.groups]
    prunes, *applies = kinds
    assert prunes == ("prune", ["ConfigMap", "Deployment"])
    assert [kind for _, (kind,) in applies] == ["ConfigMap", "Service", "Deployment", "HTTPRoute"]


def test_what_does_not_differ_is_not_written() -> None:
    (stage,) = sync_passes(keyed(web()), keyed(web("img:2")), SyncOptions())
    assert [[op.key.kind for op in group] for group in stage.groups] == [["Deployment"]]


def test_a_slow_gateway_makes_no_safe_transition_unsafe_while_the_drain_outlasts_it() -> None:
    late = replace(SyncOptions(), lag=14.0)
    assert verify(web(), web("img:2"), late).verdict == "safe"
    assert codes(verify(web(), web("img:2"), replace(late, lag=16.0))) == {"drain-too-short"}


def test_waves_of_prunes_are_worked_out_anew_in_each_pass() -> None:
    """The ConfigMap's later wave mirrors the old color's away only as long as the ConfigMap is there."""
    colors = [deployment("blue"), deployment("green")]
    before = [service("s", "blue"), *colors, route("r", {"s": 1}), config_map("c", wave="5")]
    switched = service("s", "green")
    switched["metadata"] = metadata("s", wave="1")
    assert "backend-empty" in codes(verify(before, [switched, colors[1], route("r", {"s": 1})]))
    assert verify(before, [switched, colors[1], route("r", {"s": 1})], last()).verdict == "safe"


def last() -> SyncOptions:
    return SyncOptions.from_pairs(["PruneLast=true"])


def test_a_prune_is_awaited_before_the_next_wave() -> None:
    before = [*web(), deployment("old", labels={"role": "batch"})]
    after = [*web(), deployment("next", notes={"wave": "1"})]
    first, second = sync_passes(keyed(before), keyed(after), SyncOptions())
    assert (first.groups[0][0].key.name, first.waits, second.waits) == ("old", True, False)


def test_a_route_before_its_gateway_and_a_claim_before_its_consumer_hang() -> None:
    pods = web()[:2]
    assert "gate-needs-later-wave" in codes(verify([], [*pods, hung("0"), gateway("https", wave="1")]))
    assert verify([], [*pods, hung("1"), gateway("https")]).verdict == "safe"
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim: Object = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata("d", wave="-1")}
    claim["spec"] = asked
    user = deployment("web")
    user["spec"]["template"]["spec"]["volumes"] = [{"name": "d", "persistentVolumeClaim": {"claimName": "d"}}]
    assert "gate-needs-later-wave" in codes(verify([], [service("web"), user, claim]))
    assert verify([], [service("web"), user, {**claim, "metadata": metadata("d")}]).verdict == "safe"


def test_a_closed_listener_ends_in_success_and_loses_its_requests() -> None:
    pods = [*web()[:2], hung()]
    assert "route-lost" in codes(verify([*pods, gateway("https", "admin")], [*pods, gateway("admin")]))
    assert verify([*pods, gateway("https", "admin")], [*pods, gateway("https")]).verdict == "safe"


def test_one_write_of_a_selector_moves_a_class_between_contracts_in_one_instant() -> None:
    tracks = [deployment("a"), deployment("b", labels={"shipway.dev/contract": "2"}), route("r", {"s": 1})]
    assert verify([service("s", "a"), *tracks], [service("s", "b"), *tracks]).verdict == "safe"


@pytest.mark.parametrize(
    ("after", "code", "status"),
    [
        ([service("web", "nobody"), *web()[1:]], "backend-empty", "503"),
        (web()[1:], "backend-missing", "500"),
        ([service("web", ports=[{"port": 81}]), *web()[1:]], "port-missing", "500"),
        ([service("web", ports=[{"port": 80, "targetPort": 9}]), *web()[1:]], "port-refused", ""),
        ([*web()[:2], route("r", {"web": 1}, matches=[{"path": {"value": "/only"}}])], "route-lost", "404"),
    ],
)
def test_each_cause_of_loss_has_its_code(after: list[Object], code: str, status: str) -> None:
    assert code in codes(verify(web(), after))
    assert status in CODES[code].meaning


def test_replicas_written_beside_an_hpa_are_fought_over() -> None:
    both = [*web(replicas=4), scaler("web", 2, 8)]
    assert "replicas-two-writers" in codes(verify(web(replicas=4), both))
    free = SyncOptions.from_application(
        {
            "spec": {
                "syncPolicy": {"syncOptions": ["RespectIgnoreDifferences=true"]},
                "ignoreDifferences": [{"group": "apps", "kind": "Deployment", "jsonPointers": ["/spec/replicas"]}],
            }
        }
    )
    assert verify(web(replicas=4), both, free).verdict == "safe"
