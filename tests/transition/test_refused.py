"""What the API server refuses by its schemas, and what only looks refused."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import SyncOptions, verify
from tests.transition.manifests import HOOK, config_map, deployment, job, metadata, route, service

BASE = [service("web"), deployment("web"), route("r", {"web": 1})]


def refused(*more: Object, before: tuple[Object, ...] = ()) -> list[str]:
    answer = verify([*BASE, *before], [*BASE, *more])
    return [finding.message for finding in answer.errors if finding.property == "accepted"]


def generated() -> Object:
    notes = {HOOK: "PostSync"}
    return {**job("smoke"), "metadata": {"generateName": "smoke-", "name": "smoke-*", "annotations": notes}}


def secret(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata(name), "data": {"TOKEN": "no base64"}}


def test_a_value_of_the_wrong_type_is_refused_and_named() -> None:
    (finding,) = refused(config_map("cfg", {"PORT": 3000}))  # type: ignore[dict-item]  # as YAML reads it
    assert "data.PORT" in finding


def test_a_value_that_no_reader_can_take_is_refused_though_nothing_else_changes() -> None:
    before, after = deployment("web"), deployment("web")
    after["spec"]["template"]["spec"]["affinity"] = "none"
    answer = verify([*BASE[::2], before], [*BASE[::2], after])
    assert [finding.code for finding in answer.errors] == ["object-refused"]
    assert "affinity" in answer.errors[0].message


@pytest.mark.parametrize(
    "rules", ["all", {"to": []}, ["all"], [{"to": ["all"]}], [{"to": [{"ipBlock": "10.0.0.0/8"}]}]]
)
def test_rules_of_a_policy_may_be_of_any_type(rules: Any) -> None:
    selected = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Egress"]}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata("out")}
    narrow = {**policy, "spec": {**selected, "egress": [{"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]}]}}
    assert verify([*BASE, {**policy, "spec": {**selected, "egress": rules}}], [*BASE, narrow])
    assert refused({**policy, "spec": {**selected, "egress": rules}}, before=(narrow,))


@pytest.mark.parametrize(
    "taken",
    [
        {**deployment("idle"), "spec": {**deployment("idle")["spec"], "replica": 2}},
        {**deployment("idle"), "status": None},
        deployment("idle", image="Registry/Upper:1"),
        deployment("idle", env=[{"name": "2ND-NAME", "value": "x"}]),
        {"apiVersion": "acme.example/v1", "kind": "Widget", "metadata": {"name": "w", "namespace": "shop"}, "spec": 1},
        generated(),
    ],
    ids=["unknown field", "null", "image", "variable", "unknown kind", "generated name"],
)
def test_what_the_api_server_takes_is_not_refused(taken: dict[str, Any]) -> None:
    assert refused(taken) == []


def test_only_a_hook_can_leave_its_name_to_the_server() -> None:
    (finding,) = refused({**generated(), "metadata": {"generateName": "smoke-", "name": "smoke-*"}})
    assert "generateName" in finding


def test_a_hook_of_a_generated_name_meets_none_of_an_earlier_sync() -> None:
    changed = {**generated(), "spec": {**generated()["spec"], "backoffLimit": 0, "completions": 2}}
    for each in (before := generated(), changed):
        each["metadata"] = {
            **each["metadata"],
            "annotations": {HOOK: "PostSync", f"{HOOK}-delete-policy": "HookFailed"},
        }
    assert refused(changed, before=(before,)) == []
    named = [{**each, "metadata": {**each["metadata"], "name": "smoke"}} for each in (before, changed)]
    assert refused(named[1], before=(named[0],))


def test_a_fault_that_the_cluster_holds_already_was_taken() -> None:
    assert refused(secret("b"))
    assert refused(secret("b"), before=(secret("a"),)) == []


@pytest.mark.parametrize(
    ("size", "options", "taken"),
    [
        (200_000, [], True),
        (300_000, [], False),
        (300_000, ["ServerSideApply=true"], True),
        (300_000, ["Replace=true"], True),
        (1_100_000, ["ServerSideApply=true"], False),
    ],
)
def test_data_fits_into_the_object_and_into_the_annotation_of_a_client_side_apply(
    size: int, options: list[str], taken: bool
) -> None:
    answer = verify(BASE, [*BASE, config_map("big", {"MODEL": "x" * size})], SyncOptions.from_pairs(options))
    assert (answer.verdict == "safe") is taken


def test_the_way_back_leads_to_objects_that_the_cluster_took() -> None:
    before, after = secret("a"), {**secret("a"), "data": {"TOKEN": "eA=="}}
    answer = verify([*BASE, before], [*BASE, after])
    assert answer.verdict == "safe"
    assert [finding for finding in answer.findings if finding.code == "not-reversible"] == []
