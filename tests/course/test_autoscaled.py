"""Argo CD may set a workload back to any number of pods that its HPA had when a pass began: each is judged."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Final

import pytest

from compiler.model.manifest import Object
from compiler.transition import verify
from tests.course.matrix import MAJOR, NEW, Course, course, documents, objects_of, release

MIN, MAX = 3, 7
SCALED: Final = {"size": f"autoscale: {{min: {MIN}, max: {MAX}, cpu: 70}}"}
STRATEGIES: Final = {
    "rolling": ('rolling: {version: "1.0.0"}', NEW),
    "blueGreen": ('blueGreen: {active: blue, blue: {version: "1.0.0"}}', NEW),
    "canary": ('canary: {by: weight, steps: [10, 50, 75, 100], stable: {version: "1.0.0"}}', NEW),
    "versioned": ('versioned: {v1: {version: "1.0.0"}}', MAJOR),
}


def autoscaled(strategy: str, provider: str) -> Course:
    text, new_version = STRATEGIES[strategy]
    return course(strategy, documents(provider, release("api", text, **SCALED)), {"api": new_version})


def with_count(objects: list[Object], count: int) -> list[Object]:
    """The objects with every HPA at `count` pods, or as near as its bounds allow."""
    changed = copy.deepcopy(objects)
    for obj in changed:
        if obj["kind"] == "HorizontalPodAutoscaler":
            spec = obj["spec"]
            held = max(spec["minReplicas"], min(count, spec["maxReplicas"]))
            spec["minReplicas"] = spec["maxReplicas"] = held
    return changed


def commits(of: Course) -> Iterator[tuple[str, list[Object], list[Object]]]:
    """Each commit from each earlier one: Argo CD may skip those between."""
    states = [(name, objects_of(compiled)) for name, compiled in of.states]
    for index, (name, after) in enumerate(states):
        yield from ((f"{earlier} → {name}", before, after) for earlier, before in states[:index])


@pytest.mark.parametrize("provider", ["gatewayApi", "ingressNginx"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_number_that_may_be_written_back_loses_a_request(strategy: str, provider: str) -> None:
    of = autoscaled(strategy, provider)
    for name, before, after in commits(of):
        for count in range(MIN, MAX + 1):
            verdict = verify(with_count(before, count), with_count(after, count), of.options)
            assert verdict.verdict == "safe", (name, count, [finding.message for finding in verdict.findings])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_verdict_names_what_may_be_set_back_and_how_far(strategy: str) -> None:
    of = autoscaled(strategy, "gatewayApi")
    text = {
        name: [premise for premise in verify(before, after, of.options).premises if "may be set back" in premise]
        for name, before, after in commits(of)
    }
    assert all(f", {MIN} of {MAX} at least" in premise for premises in text.values() for premise in premises)
    assert text["rest → start"]


def test_a_switch_to_fewer_pods_than_may_have_been_there_is_refused() -> None:
    """A number that is harmless on the track that serves loses requests on the one that gains them."""
    of = autoscaled("blueGreen", "gatewayApi")
    (before, after) = (objects_of(of.states[number][1]) for number in (1, 2))
    for objects in (before, after):
        for obj in objects:
            if obj["kind"] == "HorizontalPodAutoscaler" and obj["metadata"]["name"].endswith("green"):
                obj["spec"]["minReplicas"] = MIN
    verdict = verify(before, after, of.options)
    assert "capacity-dip" in {finding.code for finding in verdict.errors}
