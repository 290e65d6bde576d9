"""Commits in a row, of which Argo CD may sync the last alone: what each step promises must hold without those between.

The verdicts were decided from the order of Argo CD's sync before the engine was asked.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from compiler.model.manifest import Object
from compiler.transition import verify_newest
from tests.transition.manifests import config_map, deployment, metadata, route, service

Commits = Sequence[Sequence[Object]]
CLASS = {
    "apiVersion": "scheduling.k8s.io/v1",
    "kind": "PriorityClass",
    "metadata": {"name": "high"},
    "value": 1000,
}


def reading(name: str, image: str = "img:1") -> Object:
    return deployment("web", image, envFrom=[{"configMapRef": {"name": name}}])


def ordered(config: str, replicas: int) -> Object:
    """A StatefulSet with that ConfigMap."""
    found = reading(config)
    spec = {name: value for name, value in found["spec"].items() if name != "strategy"}
    return {**found, "kind": "StatefulSet", "spec": {**spec, "replicas": replicas}}


def passing(name: str) -> Object:
    """A ConfigMap that each sync deletes once it has succeeded."""
    notes = {"argocd.argoproj.io/hook": "Sync", "argocd.argoproj.io/hook-delete-policy": "HookSucceeded"}
    return {**config_map(name), "metadata": {**metadata(name), "annotations": notes}}


def prioritized() -> Object:
    pods = deployment("web", "img:2")
    pods["spec"]["template"]["spec"]["priorityClassName"] = "high"
    return pods


def base() -> list[Object]:
    return [service("web"), deployment("web"), route("web", {"web": 1})]


def canary(weight: int, wave: str) -> list[Object]:
    shares = {"web": 100 - weight, "next": weight}
    return [*base()[:2], service("next"), deployment("next"), route("web", shares, wave=wave)]


def colors(active: str, wave: str) -> list[Object]:
    pods = [deployment(name, labels={"shipway.dev/contract": name[-1]}) for name in ("web-1", "web-2")]
    front = {**service("web", active), "metadata": metadata("web", wave=wave)}
    return [front, *pods, route("web", {"web": 1}, wave=wave)]


def first_color() -> list[Object]:
    pods = deployment("web-1", labels={"shipway.dev/contract": "1"})
    return [service("web", "web-1"), pods, route("web", {"web": 1})]


SEQUENCES: dict[str, tuple[Commits, str]] = {
    "a canary grows, its share behind a gate": ([base(), canary(10, "1"), canary(50, "1")], "safe"),
    "a canary grows, its share in the wave of its pods": ([base(), canary(10, "0"), canary(50, "0")], "unsafe"),
    "data are renamed, and the old ones removed a commit later": (
        [
            [service("web"), reading("a"), config_map("a")],
            [service("web"), reading("b"), config_map("a"), config_map("b")],
            [service("web"), reading("b"), config_map("b")],
        ],
        "unsafe",
    ),
    "a StatefulSet without pods comes to name a hook that is deleted": (
        [
            [ordered("a", 0), config_map("a")],
            [ordered("b", 0), config_map("a"), passing("b")],
            [ordered("b", 0), config_map("a"), passing("b")],
        ],
        "safe",
    ),
    "data come a commit before who reads them": (
        [
            [service("web"), deployment("web")],
            [service("web"), deployment("web"), config_map("a")],
            [service("web"), reading("a", "img:2"), config_map("a")],
        ],
        "safe",
    ),
    "a color comes idle, and is switched to behind a gate": (
        [first_color(), colors("web-1", "1"), colors("web-2", "1")],
        "safe",
    ),
    "a color comes idle, and is switched to without a gate": (
        [first_color(), colors("web-1", "0"), colors("web-2", "0")],
        "unsafe",
    ),
    "a route leaves a Service, which goes a commit later": (
        [
            [*base()[:2], service("old", "web"), route("web", {"old": 1})],
            [*base(), service("old", "web")],
            base(),
        ],
        "unsafe",
    ),
    "a class comes a commit before the pods that name it": (
        [base(), [*base(), CLASS], [base()[0], prioritized(), base()[2], CLASS]],
        "safe",
    ),
    "a class goes a commit after the pods that named it": (
        [[base()[0], prioritized(), base()[2], CLASS], [*base(), CLASS], base()],
        "unsafe",
    ),
    "a Namespace of others goes a commit after it came": (
        [base(), [*base(), {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x"}}], base()],
        "safe",
    ),
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_last_step_is_judged_from_every_earlier_commit(name: str) -> None:
    commits, verdict = SEQUENCES[name]
    step = verify_newest(commits)
    messages = [(where, each.verdict, [f.message for f in each.errors]) for where, each in step.skips]
    assert step.forward.verdict == "safe", step.forward.errors
    skipped = {each.verdict for _, each in step.skips}
    assert (verdict == "unsafe") == ("unsafe" in skipped), messages
