"""One formula for the peak: what `check` counts against the quota is what `plan` says of the commits of a course."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from compiler.model.compiled import CompiledEnvironment
from compiler.model.cost import largest_cost
from compiler.model.course import Refusal
from compiler.plan.peak import cost_of_objects, peak_cost
from compiler.plan.upcoming_states import upcoming_states
from compiler.rules.quota import cost_at_peak, cost_at_rest
from compiler.strategies import STRATEGIES
from tests.course.matrix import MAJOR, NEW, compiled, data_of, documents, objects_of, release, started

STRATEGY_SPECS = {
    "rolling": [
        'rolling: {version: "1.0.0"}',
        'rolling: {version: "1.0.0", maxSurge: 3}',
        'rolling: {version: "1.0.0", maxSurge: 40%}',
    ],
    "recreate": ['recreate: {version: "1.0.0"}'],
    "blueGreen": ['blueGreen: {active: blue, blue: {version: "1.0.0"}}'],
    "canary": [
        'canary: {stable: {version: "1.0.0"}}',
        'canary: {by: pods, steps: [10, 60, 100], stable: {version: "1.0.0"}}',
        'canary: {by: weight, steps: [10, 30], stable: {version: "1.0.0"}}',
    ],
    "versioned": ['versioned: {v1: {version: "1.0.0"}}'],
}
SIZES = ["replicas: 1", "replicas: 6", "replicas: 7", "autoscale: {min: 2, max: 5, cpu: 70}"]
EXTRAS = [
    "",
    "smokeTest: {image: 'curl:1', resources: {requests: {cpu: 100m}}}",
    "jobs: {report: {args: [report], schedule: '@daily'}}",
    "pods: {sidecars: [{name: log, image: 'log:1', resources: {requests: {cpu: 250m}}}]}",
    "pods: {initContainers: [{name: load, image: 'load:1', resources: {requests: {cpu: 4}, limits: {a.io/b: 1}}}]}",
]
RESOURCES = "resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {nvidia.com/gpu: 2}}"


def specs() -> Iterator[tuple[str, str]]:
    for name, texts in STRATEGY_SPECS.items():
        for text, size, extra in itertools.product(texts, SIZES, EXTRAS):
            if not ("autoscale" in size and "by: pods" in text) and not (
                "smokeTest" in extra and STRATEGIES[name].ONE_TRACK
            ):
                written = release("api", text, size=size, extra=extra)
                yield name, written.replace("preset: bentoml", f"preset: bentoml\n    {RESOURCES}")


def course_of(
    rest: CompiledEnvironment, new_version: dict[str, str]
) -> Iterator[tuple[CompiledEnvironment, CompiledEnvironment]]:
    """The commits of a course, each with the state before it: with a second version that replaces the first one."""
    first = started(rest, {"api": new_version})
    yield rest, first
    (member,) = first.releases
    second = member.strategy.start(member.subject, {**new_version, "version": "3.0.0"})
    # a second start of versioned is another course: it brings a third track
    if member.strategy.NAME != "versioned" and not isinstance(second, Refusal):
        yield first, started(first, {"api": {**new_version, "version": "3.0.0"}})
    now = first
    for each in upcoming_states(first, ("api",), data_of(first.documents)):
        yield now, each.compiled
        now = each.compiled


def test_every_strategy_is_here() -> None:
    assert set(STRATEGY_SPECS) == set(STRATEGIES)


@pytest.mark.parametrize(
    ("name", "text"), [pytest.param(*each, id=f"{number}-{each[0]}") for number, each in enumerate(specs())]
)
def test_check_and_plan_agree_on_every_number(name: str, text: str) -> None:
    rest = compiled(documents("gatewayApi", text))
    (member,) = rest.releases
    new_version = MAJOR if name == "versioned" else NEW
    peaks = [peak_cost(["api"], objects_of(old), objects_of(new)) for old, new in course_of(rest, new_version)]
    assert largest_cost(peaks) == cost_at_peak(member), [str(each) for each in peaks]
    assert cost_of_objects(objects_of(rest), ["api"]) == cost_at_rest(member)


def test_the_surge_of_a_rolling_release_counts() -> None:
    rest = compiled(
        documents("gatewayApi", release("api", 'rolling: {version: "1.0.0", maxSurge: 3}', size="replicas: 6"))
    )
    after = started(rest, {"api": NEW})
    assert peak_cost(["api"], objects_of(rest), objects_of(after)).pods == 9
