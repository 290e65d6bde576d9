"""What real runs showed (API server 1.35, Argo CD 3.5, a gateway), the model reproduces: a test each."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import SyncOptions, Verdict, verify
from tests.transition.manifests import deployment, metadata, route, scaler, service

LAST = SyncOptions.from_pairs(["PruneLast=true"])


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def web(image: str = "img:1", **fields: object) -> list[Object]:
    return [service("web"), deployment("web", image, **fields), route("r", {"web": 1})]  # type: ignore[arg-type]


def test_switch_and_prune_in_one_commit_loses_requests() -> None:
    before = [service("s", "blue"), deployment("blue"), deployment("green"), route("r", {"s": 1})]
    after = [service("s", "green"), deployment("green"), route("r", {"s": 1})]
    assert "backend-empty" in codes(verify(before, after))
    assert verify(before, after, LAST).verdict == "safe"


def test_a_renamed_tls_secret_serves_a_wrong_certificate_for_a_moment() -> None:
    def ingress(secret: str) -> Object:
        backend = {"service": {"name": "web", "port": {"number": 80}}}
        paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
        rules = [{"host": "a.example.com", "http": {"paths": paths}}]
        spec = {"ingressClassName": "nginx", "tls": [{"secretName": secret}], "rules": rules}
        return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": metadata("i"), "spec": spec}

    def secret(name: str) -> Object:
        return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata(name), "type": "kubernetes.io/tls"}

    pods = [service("web"), deployment("web")]
    before, after = [*pods, ingress("old"), secret("old")], [*pods, ingress("new"), secret("new")]
    assert "tls-secret-pruned" in codes(verify(before, after))
    assert verify(before, [*after, secret("old")]).verdict == "safe"


def test_a_degraded_gate_stops_every_retry_unless_out_of_sync_objects_only_are_applied() -> None:
    before = [service("s", "blue"), service("g", "green"), deployment("blue"), route("r", {"s": 1}, wave="1")]
    after = [*before[:3], deployment("green"), route("r", {"g": 1}, wave="1")]
    assert verify(before, after).verdict == "safe"
    leaky = SyncOptions.from_pairs(["ApplyOutOfSyncOnly=true"])
    assert "backend-empty" in codes(verify(before, after, leaky))


def test_a_gate_on_a_mere_scale_up_has_no_bound() -> None:
    before = [service("web"), deployment("web"), route("r", {"web": 1}, wave="1")]
    after = [service("web"), deployment("web", replicas=9), route("r", {"web": 1}, wave="1")]
    answer = verify(before, after)
    assert (answer.verdict, answer.longest_wait, codes(answer)) == ("safe", None, {"gate-unbounded"})


def test_a_route_in_a_wave_before_its_service_never_gets_through() -> None:
    late = service("idle")
    late["metadata"] = metadata("idle", wave="2")
    after = [*web(), late, route("other", {"idle": 1}, wave="1")]
    assert "gate-needs-later-wave" in codes(verify(web(), after))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda objects: objects[1:], "backend-missing"),
        (lambda objects: [{**objects[0], "spec": {"type": "ExternalName"}}, *objects[1:]], "backend-external"),
    ],
)
def test_succeeded_says_nothing_about_requests(change: object, code: str) -> None:
    after = change(web())  # type: ignore[operator]
    assert code in codes(verify(web(), after))


def test_one_write_of_weights_moves_a_class_between_contracts_in_one_instant() -> None:
    tracks = [service("a"), service("b"), deployment("a"), deployment("b", labels={"shipway.dev/contract": "2"})]
    before, after = [*tracks, route("r", {"a": 1, "b": 0})], [*tracks, route("r", {"a": 0, "b": 1})]
    assert verify(before, after).verdict == "safe"
    assert "contracts-mixed" in codes(verify(before, [*tracks, route("r", {"a": 9, "b": 1})]))


def test_a_service_that_loses_its_selector_keeps_its_endpoints_while_the_pods_stay() -> None:
    frozen = service("web")
    del frozen["spec"]["selector"]
    assert verify(web(), [frozen, *web()[1:]]).verdict == "safe"
    assert "backend-empty" in codes(verify(web(), [frozen, *web("img:2")[1:]]))


def test_two_equal_routes_deserve_a_warning() -> None:
    after = [*web(), service("b"), deployment("b"), route("q", {"b": 1})]
    answer = verify([*web(), service("b"), deployment("b")], after)
    assert ("routes-equal", "warning") in {(finding.code, finding.severity) for finding in answer.findings}


def test_replicas_taken_out_of_a_manifest_drop_to_one() -> None:
    before = web(replicas=4)
    after = [*web(replicas=None), scaler("web", 4, 8)]
    assert {"replicas-dropped", "capacity-dip"} <= codes(verify(before, after))


def test_overlapping_selectors_are_a_dispute() -> None:
    after = [*web(), deployment("twin", labels={"app": "web"})]
    assert "selectors-overlap" in codes(verify(web(), after))


@pytest.mark.parametrize(
    ("container", "safe"),
    [
        ({}, True),
        ({"lifecycle": {"preStop": {"sleep": {"seconds": 3}}}}, False),
        ({"lifecycle": {}}, False),
        ({"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", "sleep 10"]}}}}, True),
        ({"readinessProbe": None}, False),
    ],
)
def test_probe_and_drain_decide_whether_a_rollout_loses_requests(container: dict[str, Any], safe: bool) -> None:
    answer = verify(web(**container), web("img:2", **container))
    assert (answer.verdict == "safe") is safe


def test_a_version_that_never_becomes_ready_leaves_the_old_one_serving() -> None:
    assert verify(web(), web("img:2")).verdict == "safe"
    recreated = web("img:2", strategy={"type": "Recreate"})
    lost = next(finding for finding in verify(web(), recreated).findings if finding.code == "backend-empty")
    assert lost.message.endswith("this lasts if the new pods never become ready")


def test_of_a_weighted_split_only_the_empty_share_fails() -> None:
    tracks = [service("a"), service("b"), deployment("a")]
    answer = verify([*tracks, route("r", {"a": 1})], [*tracks, route("r", {"a": 9, "b": 1})])
    (finding,) = [each for each in answer.errors if each.code == "backend-empty"]
    assert finding.trace[-1].serving["api.example.com/"] == {"a@1": 90.0, "none@-": 10.0}
