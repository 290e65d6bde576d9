"""What an AppProject in the folders permits decides what is applied and pruned."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from compiler.transition import SyncOptions, Verdict, verify
from tests.transition.manifests import config_map, deployment, route, service

CORE = [("", "Service"), ("", "ConfigMap"), ("apps", "Deployment")]
ROUTES = ("gateway.networking.k8s.io", "HTTPRoute")


def project(*kinds: tuple[str, str], name: str = "shop", place: str = "shop", **more: Any) -> Object:
    spec = {
        "destinations": [{"namespace": place, "server": "*"}],
        "sourceRepos": ["*"],
        "namespaceResourceWhitelist": [{"group": group, "kind": kind} for group, kind in kinds],
        **more,
    }
    metadata = {"name": name, "namespace": "argocd"}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": metadata, "spec": spec}


def web(*more: Object) -> list[Object]:
    return [service("web"), deployment("web"), *more]


def codes(verdict: Verdict) -> set[tuple[str, str]]:
    return {(each.code, each.severity) for each in verdict.findings if "permitted" in each.code}


PERMITTED, NARROW = project(*CORE, ROUTES), project(*CORE)
R = route("web", {"web": 1})


@pytest.mark.parametrize(
    ("before", "after", "expected", "verdict"),
    [
        # the last route goes together with its kind, and is never pruned
        (web(R, PERMITTED), web(NARROW), {("prune-not-permitted", "error")}, "unsafe"),
        (web(R, PERMITTED), web(PERMITTED), set(), "safe"),
        # the kind may go once the object is gone, or when another list permits it
        (web(PERMITTED), web(NARROW), set(), "safe"),
        (web(R, PERMITTED), web(project(("*", "*"))), set(), "safe"),
        # an object stays, and its kind is no longer permitted: no sync succeeds any more
        (web(R, PERMITTED), web(R, NARROW), {("kind-not-permitted", "error")}, "unsafe"),
        # a kind comes together with its permission: a retry repairs the first sync
        (web(NARROW), web(config_map("extra"), R, PERMITTED), {("kind-not-permitted", "warning")}, "safe"),
        (web(NARROW), web(R, NARROW), {("kind-not-permitted", "error")}, "unsafe"),
        # what a list forbids counts before what another permits
        (
            web(R, PERMITTED),
            web(R, project(*CORE, ROUTES, namespaceResourceBlacklist=[{"group": "*", "kind": "HTTP*"}])),
            {("kind-not-permitted", "error")},
            "unsafe",
        ),
        # a project of other namespaces says nothing about these objects; what it now forbids to others is not known
        (web(R, project(*CORE, ROUTES, place="other")), web(R, project(*CORE, place="other")), set(), "unknown"),
        (web(R, project(*CORE, place="other")), web(R, project(*CORE, ROUTES, place="other")), set(), "safe"),
    ],
)
def test_a_kind_that_the_project_does_not_permit_is_neither_applied_nor_pruned(
    before: list[Object], after: list[Object], expected: set[tuple[str, str]], verdict: str
) -> None:
    answer = verify(before, after)
    assert codes(answer) == expected
    assert answer.verdict == verdict, answer.findings


def test_the_application_names_its_project() -> None:
    before, after = web(R, project(*CORE, ROUTES, place="other")), web(project(*CORE, place="other"))
    named = SyncOptions.from_application({"spec": {"project": "shop"}})
    assert codes(verify(before, after, named)) == {("prune-not-permitted", "error")}
    assert not codes(verify(before, after, SyncOptions.from_application({"spec": {"project": "default"}})))
