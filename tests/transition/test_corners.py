"""Corners of the model that no folder of cases shows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.model.quantity import quantity_value
from compiler.transition import SyncOptions, Verdict, verify
from compiler.transition.controllers.quota import pod_usage
from compiler.transition.facts.pods import read_template
from tests.transition.manifests import config_map, deployment, job, metadata, route, service, template


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def web(*more: Object, **fields: Any) -> list[Object]:
    return [service("web"), deployment("web", **fields), route("r", {"web": 1}), *more]


def test_a_commit_that_mends_mixed_contracts_is_no_breach() -> None:
    tracks = [service("a"), service("b"), deployment("a"), deployment("b", labels={"shipway.dev/contract": "2"})]
    mixed, one = [*tracks, route("r", {"a": 1, "b": 1})], [*tracks, route("r", {"a": 1, "b": 0})]
    assert verify(mixed, one).verdict == "safe"
    assert codes(verify(one, mixed)) == {"contracts-mixed"}


def test_what_was_not_served_is_reported_and_not_claimed() -> None:
    dark = [service("web", "nobody"), deployment("web"), route("r", {"web": 1})]
    answer = verify(dark, [*dark[:1], deployment("web", "img:2"), dark[2], config_map("c")])
    assert answer.verdict == "safe"
    dim = verify(dark, [service("web", "nobody-else"), *dark[1:]])
    assert any("not served before" in premise for premise in dim.premises)


def rollout(image: str, strategy: dict[str, Any]) -> Object:
    spec = {"replicas": 4, "strategy": strategy, "selector": {"matchLabels": {"app": "web"}}}
    spec["template"] = template({"app": "web"}, image)
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": metadata("web"), "spec": spec}


@pytest.mark.parametrize(
    ("strategy", "verdict"),
    [
        ({"blueGreen": {"activeService": "web"}}, "safe"),
        ({"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}}, "safe"),
        ({"canary": {"maxUnavailable": "100%"}}, "unsafe"),
    ],
)
def test_argo_rollouts(strategy: dict[str, Any], verdict: str) -> None:
    front = [service("web"), route("r", {"web": 1}, wave="1")]
    answer = verify([*front, rollout("img:1", strategy)], [*front, rollout("img:2", strategy)])
    assert answer.verdict == verdict
    waits = any("pause" in step for step in strategy.get("canary", {}).get("steps", []))
    assert (answer.longest_wait is None) is waits


def test_a_smoke_job_that_calls_what_a_later_wave_brings() -> None:
    smoke = job("smoke", wave="0")
    smoke["spec"]["template"]["spec"]["containers"][0]["args"] = ["--url", "http://late/readyz"]
    late = service("late")
    late["metadata"] = metadata("late", wave="1")
    assert "gate-needs-later-wave" in codes(verify(web(), [*web(), smoke, late, deployment("late")]))


def test_a_secret_that_an_operator_makes() -> None:
    names = [{"secretRef": {"name": "token"}}]
    made: Object = {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": metadata("token"),
        "spec": {},
    }
    assert verify(web(), web(made, image="img:2", envFrom=names)).verdict == "safe"
    assert "reference-missing" in codes(verify(web(), web(image="img:2", envFrom=names)))


def test_pods_that_get_requests_before_they_are_ready() -> None:
    early = service("web", publishNotReadyAddresses=True)
    assert "port-refused" in codes(verify([early, *web()[1:]], [early, *web(image="img:2")[1:]]))


def test_a_longer_request_than_the_grace_period() -> None:
    slow: dict[str, Any] = {"timeouts": {"request": "2m"}}
    before = [service("web"), deployment("web"), route("r", {"web": 1}, **slow)]
    after = [service("web"), deployment("web", "img:2"), route("r", {"web": 1}, **slow)]
    assert codes(verify(before, after)) == {"drain-too-short"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("250m", Fraction(1, 4)),
        ("2Gi", Fraction(2**31)),
        ("1e3", Fraction(1000)),
        ("1.5", Fraction(3, 2)),
        ("x", Fraction(0)),
    ],
)
def test_quantities(text: str, number: Fraction) -> None:
    assert quantity_value(text) == number


def test_what_a_pod_counts_for() -> None:
    spec = {
        "containers": [{"resources": {"requests": {"cpu": "1"}}}, {"resources": {"limits": {"cpu": "2"}}}],
        "initContainers": [{"resources": {"requests": {"cpu": "5"}}}],
    }
    usage = pod_usage(spec, {})
    names = ("requests.cpu", "cpu", "limits.cpu", "pods")
    assert [int(usage[name]) for name in names] == [5, 5, 2, 1]


@pytest.mark.parametrize(
    ("env", "addresses"),
    [
        ({"value": "http://api-blue:443/x"}, {("api-blue", 443)}),
        ({"value": "https://api"}, {("api", 443)}),
        ({"value": "api:8080"}, {("api", 8080)}),
        ({"value": "postgres://user:secret@db.prod:5432/x"}, {("db.prod", 5432)}),
        ({"value": "http://api:99999999"}, {("api", 80)}),
        ({"value": "Some Text"}, set()),
    ],
)
def test_whom_pods_are_configured_to_call(env: dict[str, str], addresses: set[tuple[str, int]]) -> None:
    pods = read_template(template({"app": "web"}, env=[{"name": "URL", **env}]))
    assert {call for call in pods.calls if call[0] != "img"} == addresses


@pytest.mark.parametrize(
    ("objects", "code"),
    [
        ([service("other"), deployment("web"), route("r", {"web": 1})], "backend-missing"),
        ([service("web", ports=[{"port": 81}]), deployment("web"), route("r", {"web": 1})], "port-missing"),
        ([service("web", "nobody"), deployment("web"), route("r", {"web": 1})], "backend-empty"),
    ],
)
def test_a_first_install_that_leads_nowhere_is_safe_with_a_warning(objects: list[Object], code: str) -> None:
    answer = verify([], objects)
    assert answer.verdict == "safe"
    assert [(finding.code, finding.severity) for finding in answer.findings] == [(code, "warning")]
    assert verify([], web()).findings == ()


def test_an_automated_sync_refuses_to_prune_everything() -> None:
    assert codes(verify(web(), [])) == {"folder-empty", "no-longer-served"}
    allowed = {"syncPolicy": {"automated": {"prune": True, "allowEmpty": True}}}
    assert codes(verify(web(), [], SyncOptions.from_application({"spec": allowed}))) == {"no-longer-served"}
    assert codes(verify(web(), [config_map("left")])) == {"no-longer-served"}


def test_a_share_that_moves_while_pods_roll_is_due_no_more_than_the_rollout_permits() -> None:
    def at(image: str, weights: dict[str, int], unavailable: int) -> list[Object]:
        strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": unavailable}}
        pods = [deployment("web", image, replicas=2, strategy=strategy), deployment("new", replicas=2)]
        return [service("web"), service("new"), *pods, route("r", weights)]

    before = at("img:1", {"web": 100, "new": 0}, 0)
    assert verify(before, at("img:2", {"web": 90, "new": 10}, 1)).verdict == "safe"


def test_the_commit_that_brings_the_drain_learns_that_only_the_old_pods_lack_it() -> None:
    def at(image: str, **container: Any) -> str:
        (finding,) = verify(web(lifecycle={}), web(image=image, **container)).errors
        assert finding.code == "drain-too-short"
        return finding.help

    assert "this once" in at("img:2")
    assert "in an earlier commit, set" in at("img:2", lifecycle={})


def test_a_backend_of_another_group_called_service_is_not_known() -> None:
    def at(image: str) -> list[Object]:
        ref = {"group": "serving.knative.dev", "kind": "Service", "name": "fn", "port": 80}
        fn = {
            "apiVersion": "serving.knative.dev/v1",
            "kind": "Service",
            "metadata": metadata("fn"),
            "spec": {"i": image},
        }
        return [*web(), route("fn", {}, backendRefs=[ref]), fn]

    assert verify(web(), at("1")).verdict == "unknown"
    assert verify(at("1"), at("2")).verdict == "unknown"


@pytest.mark.parametrize("amount", ["1.2.3", ".", "1e99999999999", "9" * 5000, "1e", "-", "١", ["1"], {"a": 1}, True])
def test_a_quantity_that_is_none_is_no_crash(amount: Any) -> None:
    asked = web(resources={"requests": {"cpu": amount}})
    assert verify(asked, web(image="img:2", resources={"requests": {"cpu": amount}})).verdict in ("safe", "unsafe")
    assert verify(web(), asked).verdict in ("safe", "unsafe")


def test_what_breaks_two_properties_is_one_finding() -> None:
    both = [{"name": "t", "port": 80}, {"name": "u", "port": 80, "protocol": "UDP"}]
    answer = verify(web(), [service("web", ports=both), *web()[1:]])
    assert [finding.code for finding in answer.errors].count("ports-merged") == 1
