"""One formula for the peak: what `check` counts against the quota is what `plan` says of the commits of a course."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from compiler.model.compiled import CompiledEnvironment
from compiler.model.cost import ZERO_COST, largest_cost
from compiler.model.course import Refusal
from compiler.plan.peak import cost_of_objects, peak_cost
from compiler.plan.upcoming_states import upcoming_states
from compiler.rules.quota import release_costs
from compiler.strategies import STRATEGIES
from tests.course.matrix import GROUP, MAJOR, NEW, abort_of, compiled, data_of, documents, objects_of, release, started

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
        'canary: {by: header, steps: [25, 100], stable: {version: "1.0.0"}}',
    ],
    "versioned": ['versioned: {v1: {version: "1.0.0"}}'],
}
SIZES = ["replicas: 1", "replicas: 6", "replicas: 7", "autoscale: {min: 2, max: 5, cpu: 70}"]
EXTRAS = [
    "",
    "smokeTest: {image: 'curl:1', resources: {requests: {cpu: 100m}}}",
    "jobs: {report: {args: [report], schedule: '@daily'}}",
    "jobs: {migrate: {args: [up], resources: {requests: {cpu: 3}}}, warm: {args: [warm]}}",
    "jobs: {load: {resources: {requests: {cpu: 1, memory: 9Gi}}, overrides: {spec: {parallelism: 3}}}}",
    "pods: {sidecars: [{name: log, image: 'log:1', resources: {requests: {cpu: 250m}}}]}",
    "pods: {initContainers: [{name: load, image: 'load:1', resources: {requests: {cpu: 4}, limits: {a.io/b: 1}}}]}",
]
ASKS_MORE = "{template: {spec: {containers: [{name: api, resources: {requests: {cpu: 2}}}]}}}"
OF_ONE_TRACK = ["stateful: {}", f"overrides: {{Deployment/api: {{spec: {ASKS_MORE}}}}}"]
"""what names the one workload of a release, or makes another of it"""
RESOURCES = "resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {nvidia.com/gpu: 2}}"


def specs() -> Iterator[tuple[str, str]]:
    for name, texts in STRATEGY_SPECS.items():
        one = STRATEGIES[name].ONE_TRACK
        for text, size, extra in itertools.product(texts, SIZES, [*EXTRAS, *(OF_ONE_TRACK if one else ())]):
            impossible = (
                ("autoscale" in size and ("by: pods" in text or "stateful" in extra))
                or ("smokeTest" in extra and one)
                or ("stateful" in extra and ("maxSurge" in text or name == "recreate"))
            )
            if not impossible:
                yield name, with_resources(release("api", text, size=size, extra=extra))


def with_resources(text: str) -> str:
    return text.replace("preset: bentoml", f"preset: bentoml\n    {RESOURCES}")


def course_of(
    rest: CompiledEnvironment, new_version: dict[str, str]
) -> Iterator[tuple[CompiledEnvironment, CompiledEnvironment]]:
    """The commits of a course, each with the state before it; at each state yet another version may come instead."""
    first = started(rest, {"api": new_version})
    yield rest, first
    now = first
    for each in upcoming_states(first, ("api",), data_of(first.documents)):
        yield from restarts(now, new_version)
        aborted = abort_of(now, ("api",))
        if aborted is not None:
            yield now, aborted.compiled
            yield from restarts(aborted.compiled, new_version)
        yield now, each.compiled
        now = each.compiled


def restarts(
    now: CompiledEnvironment, new_version: dict[str, str]
) -> Iterator[tuple[CompiledEnvironment, CompiledEnvironment]]:
    """The start of a third version where the course stands; one of versioned brings a third track: another course."""
    (member,) = now.releases
    third = {"api": {**new_version, "version": "3.0.0"}}
    if member.strategy.NAME != "versioned" and not isinstance(
        member.strategy.start(member.subject, third["api"]), Refusal
    ):
        yield now, started(now, third)


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
    assert largest_cost(peaks) == release_costs(member).at_peak, [str(each) for each in peaks]
    assert cost_of_objects(objects_of(rest), ["api"]) == release_costs(member).at_rest


def test_the_surge_of_a_rolling_release_counts() -> None:
    rest = compiled(
        documents("gatewayApi", release("api", 'rolling: {version: "1.0.0", maxSurge: 3}', size="replicas: 6"))
    )
    after = started(rest, {"api": NEW})
    assert peak_cost(["api"], objects_of(rest), objects_of(after)).pods == 9


MEMBERS = [
    release("web", 'blueGreen: {blue: {version: "1.0.0"}}', expose="host: shop.example.com", extra=EXTRAS[1]),
    release("api", 'blueGreen: {blue: {version: "1.0.0"}}', expose="", extra=EXTRAS[3], size="replicas: 7"),
]


def test_the_members_of_a_group_are_at_their_peak_together() -> None:
    rest = compiled(documents("gatewayApi", *map(with_resources, MEMBERS), GROUP))
    first = started(rest, {"web": NEW, "api": NEW})
    third = started(first, {name: {**NEW, "version": "3.0.0"} for name in ("web", "api")})
    commits = itertools.pairwise(map(objects_of, [rest, first, third]))
    peaks = [peak_cost(["web", "api"], old, new) for old, new in commits]
    assert largest_cost(peaks) == sum((release_costs(each).at_peak for each in rest.releases), ZERO_COST)
