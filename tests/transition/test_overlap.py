"""Selectors that take another workload's pods: harmless where every pod has its owner, and who counts pods is alone."""

from __future__ import annotations

import copy

import pytest

from compiler.model.manifest import Object
from compiler.transition import SyncOptions, verify
from tests.transition.manifests import deployment, metadata, route, scaler, service, template

WEB = [service("web"), deployment("web"), route("r", {"web": 1})]
TWIN = deployment("twin", labels={"app": "web", "twin": "yes"})
TWIN["spec"]["selector"] = {"matchLabels": {"twin": "yes"}}


def budget(name: str, labels: dict[str, str]) -> Object:
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": labels}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": metadata(name), "spec": spec}


def replica_set(labels: dict[str, str], own: dict[str, str]) -> Object:
    spec = {"replicas": 1, "selector": {"matchLabels": own}, "template": template({**labels, **own})}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {**metadata("bare"), "labels": labels},
        "spec": spec,
    }


def pod(labels: dict[str, str]) -> Object:
    made = template(labels)
    meta = {**metadata("bare"), "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": made["spec"]}


def severities(before: list[Object], after: list[Object], *options: str) -> list[str]:
    findings = verify(before, after, SyncOptions.from_pairs(list(options))).findings
    return [finding.severity for finding in findings if finding.code == "selectors-overlap"]


def test_a_replica_set_never_takes_pods_that_another_owns() -> None:
    assert severities(WEB, [*WEB, TWIN]) == ["warning"]


@pytest.mark.parametrize(
    "counting",
    [
        [scaler("web", 3, 6)],
        [budget("web", {"app": "web"}), budget("twin", {"twin": "yes"})],
    ],
    ids=["autoscaler", "budgets"],
)
def test_who_counts_pods_by_the_selector_counts_too_many(counting: list[Object]) -> None:
    assert severities(WEB, [*WEB, TWIN, *counting]) == ["error"]


def test_one_budget_over_both_counts_right() -> None:
    assert severities(WEB, [*WEB, TWIN, budget("web", {"app": "web"})]) == ["warning"]


def test_what_nobody_owns_is_adopted() -> None:
    orphan = replica_set({"app": "web"}, {"set": "bare"})
    stranger = replica_set({"app": "other"}, {"set": "bare", "app": "web"})
    assert severities(WEB, [*WEB, orphan]) == ["error"]
    assert severities(WEB, [*WEB, stranger]) == ["warning"]
    bare = copy.deepcopy(orphan)
    bare["metadata"]["name"] = "keeper"
    assert severities([bare], [bare, pod({"set": "bare"})]) == ["error"]
    assert severities(WEB, [*WEB, pod({"app": "web"})]) == []


def test_a_prune_that_leaves_pods_behind_makes_orphans() -> None:
    moved = [service("web"), TWIN, route("r", {"web": 1})]
    assert severities(WEB, moved, "PruneLast=true") == ["warning"]
    twin = deployment("twin", labels={"app": "web"})
    twin["spec"]["selector"] = {"matchLabels": {"app": "web"}}
    gone = [service("web"), twin, route("r", {"web": 1})]
    assert "error" in severities(WEB, gone, "PruneLast=true", "PrunePropagationPolicy=orphan")
