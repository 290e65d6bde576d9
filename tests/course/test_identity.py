"""What runs comes under Shipway in place, and moves to the release's own names once a second track comes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from compiler.model.compiled import CompiledEnvironment
from compiler.model.manifest import Object
from compiler.plan.upcoming_states import upcoming_states
from compiler.transition import verify
from tests.course.matrix import NEW, abort_of, compiled, course, data_of, documents, objects_of, release

SHARED = {"app": "api"}
"""a selector from before that takes the release's own pods too"""
FOREIGN = {"app": "inference", "track": "prod"}
"""one with the release's own keys and other values"""
SELECTORS = [SHARED, FOREIGN]
ROLLING = 'rolling: {version: "1.0.0"}'
BLUE_GREEN = 'blueGreen: {active: blue, blue: {version: "1.0.0"}}'
BY_WEIGHT = 'canary: {by: weight, stable: {version: "1.0.0"}, steps: [25, 100]}'
BY_PODS = BY_WEIGHT.replace("by: weight", "by: pods")
VERSIONED = 'versioned: {v1: {version: "1.0.0", path: /api}}'
DEPLOYMENT, SERVICE = "model-deployment-router-of-a-team-with-a-name", "model-router-service"
MOVES = [
    *((provider, BLUE_GREEN) for provider in ("service", "ingressNginx", "gatewayApi")),
    *((provider, BY_WEIGHT) for provider in ("ingressNginx", "gatewayApi")),
    *((provider, BY_PODS) for provider in ("service", "ingressNginx", "gatewayApi")),
    *((provider, VERSIONED) for provider in ("service", "ingressNginx", "gatewayApi")),
]
ROUTE = {"ingressNginx": "Ingress", "gatewayApi": "HTTPRoute"}


def identity(selector: dict[str, str]) -> str:
    return (
        f"identity: {{deployment: {DEPLOYMENT}, selector: {selector}, labels: {{tier: edge}}, service: {SERVICE},"
        " container: server, route: model-route}".replace("'", "")
    )


def adopting(provider: str, strategy: str, selector: dict[str, str], extra: str | None = None) -> CompiledEnvironment:
    extra = identity(selector) if extra is None else extra
    return compiled(documents(provider, release("api", strategy, extra=extra)))


def running(provider: str, selector: dict[str, str]) -> list[Object]:
    """What ran before Shipway: a Deployment and a Service of other names, and a route by the environment's router."""
    objects = objects_of(adopting(provider, ROLLING, selector))
    kept = [_unmanaged(obj, selector) for obj in objects if obj["kind"] in ("Deployment", "Service", "Ingress")]
    return kept + [_unmanaged(obj, selector) for obj in objects if obj["kind"] == "HTTPRoute"]


def _unmanaged(obj: Object, selector: dict[str, str]) -> Object:
    metadata = {"name": obj["metadata"]["name"], "namespace": "shop"}
    if obj["kind"] != "Deployment":
        return {**obj, "metadata": metadata}
    pods = obj["spec"]["template"]["spec"]
    kept = {key: value for key, value in pods["containers"][0].items() if key not in ("envFrom", "securityContext")}
    container = {**kept, "image": "ghcr.io/acme/api:0.9.0"}
    template: dict[str, Any] = {
        "metadata": {"labels": {**selector, "tier": "edge"}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": pods["terminationGracePeriodSeconds"]},
    }
    return {**obj, "metadata": metadata, "spec": {**obj["spec"], "template": template}}


def named(objects: list[Object], kind: str) -> dict[str, Object]:
    return {obj["metadata"]["name"]: obj for obj in objects if obj["kind"] == kind}


def refusals(before: list[Object], after: list[Object], options: Any) -> list[str]:
    verdict = verify(before, after, options)
    messages = [f"{finding.severity} {finding.code}: {finding.message}" for finding in verdict.findings]
    return [] if verdict.verdict == "safe" else [verdict.verdict, *messages]


@pytest.mark.parametrize("selector", SELECTORS, ids=str)
@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_the_first_publish_changes_what_runs_in_place(provider: str, selector: dict[str, str]) -> None:
    before = running(provider, selector)
    after = objects_of(adopting(provider, ROLLING, selector))
    (deployment,) = named(after, "Deployment").values()
    assert deployment["metadata"]["name"] == DEPLOYMENT
    assert deployment["spec"]["selector"] == {"matchLabels": selector}
    assert selector.items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
    assert deployment["spec"]["template"]["metadata"]["labels"]["tier"] == "edge"
    assert deployment["spec"]["template"]["spec"]["containers"][0]["name"] == "server"
    assert named(after, "Service")[SERVICE]["spec"] == named(before, "Service")[SERVICE]["spec"]
    if provider in ROUTE:
        assert set(named(after, ROUTE[provider])) == {"model-route"}
    options = course("rest", adopting(provider, ROLLING, selector).documents, {"api": NEW}).options
    assert refusals(before, after, options) == []


@pytest.mark.parametrize("selector", SELECTORS, ids=str)
@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_a_rolling_release_keeps_its_identity_for_ever(provider: str, selector: dict[str, str]) -> None:
    rolls = course("rolling", adopting(provider, ROLLING, selector).documents, {"api": NEW})
    assert refusals(rolls.objects(0), rolls.objects(1), rolls.options) == []
    names = [named(rolls.objects(index), "Deployment") for index in (0, 1)]
    assert set(names[0]) == set(names[1]) == {DEPLOYMENT}


@pytest.mark.parametrize("selector", SELECTORS, ids=str)
@pytest.mark.parametrize(("provider", "strategy"), MOVES, ids=str)
def test_a_second_track_has_the_releases_own_identity(provider: str, strategy: str, selector: dict[str, str]) -> None:
    """From what ran, through a rolling release, to the end of the first course: every commit, also over others."""
    new_version = {**NEW, "change": "major", "path": "/v2"} if strategy is VERSIONED else NEW
    moves = course("moves", adopting(provider, strategy, selector).documents, {"api": new_version})
    states = [running(provider, selector), objects_of(adopting(provider, ROLLING, selector))]
    states += [moves.objects(index) for index in range(len(moves.states))]
    for before, after in commits(states):
        assert refusals(before, after, moves.options) == []
    started = named(moves.objects(1), "Deployment")
    own = {name for name in started if name != DEPLOYMENT}
    assert len(own) == 1
    assert started[DEPLOYMENT]["spec"]["selector"] == {"matchLabels": selector}
    assert DEPLOYMENT not in named(moves.objects(-1), "Deployment")


def commits(states: list[list[Object]]) -> Iterator[tuple[list[Object], list[Object]]]:
    """Each commit from the one before, and each of the course from every earlier one of it."""
    yield from pairwise(states)
    for index in range(4, len(states)):
        yield from ((before, states[index]) for before in states[2 : index - 1])


@pytest.mark.parametrize("selector", SELECTORS, ids=str)
@pytest.mark.parametrize(("provider", "strategy"), [each for each in MOVES if each[1] != VERSIONED], ids=str)
def test_an_aborted_course_leaves_what_ran_as_it_was(provider: str, strategy: str, selector: dict[str, str]) -> None:
    moves = course("moves", adopting(provider, strategy, selector).documents, {"api": NEW})
    back = abort_of(moves.states[1][1], moves.members)
    assert back is not None
    aborted = objects_of(back.compiled)
    assert refusals(moves.objects(1), aborted, moves.options) == []
    for step in upcoming_states(back.compiled, moves.members, data_of(back.compiled.documents)):
        finished = objects_of(step.compiled)
        assert refusals(aborted, finished, moves.options) == []
        assert set(named(finished, "Deployment")) == {DEPLOYMENT}
        assert selector.items() <= named(finished, "Deployment")[DEPLOYMENT]["spec"]["selector"]["matchLabels"].items()


@pytest.mark.parametrize("selector", SELECTORS, ids=str)
@pytest.mark.parametrize("provider", ["service", "ingressNginx", "gatewayApi"])
def test_an_identity_that_nothing_keeps_is_taken_out_of_the_spec(provider: str, selector: dict[str, str]) -> None:
    """After the course the Service keeps its name, and no pod is made anew."""
    released = 'blueGreen: {active: green, green: {version: "2.0.0"}}'
    before = objects_of(adopting(provider, released, selector))
    names = f"identity: {{service: {SERVICE}, container: server, route: model-route}}"
    after = objects_of(adopting(provider, released, selector, names))
    options = course("rest", adopting(provider, released, selector).documents, {"api": NEW}).options
    assert refusals(before, after, options) == []
    assert named(before, "Deployment") == named(after, "Deployment")
    assert SERVICE in named(after, "Service")


TERMS = [{"key": "app", "operator": "In", "values": ["inference", "model"]}, {"key": "old", "operator": "DoesNotExist"}]
EXPRESSED = identity(FOREIGN).replace(
    f"selector: {FOREIGN}".replace("'", ""),
    "expressions: [{key: app, operator: In, values: [inference, model]}, {key: old, operator: DoesNotExist}]",
)


@pytest.mark.parametrize(("provider", "strategy"), [*MOVES, ("service", ROLLING)], ids=str)
def test_a_selector_of_expressions_is_kept_through_every_course(provider: str, strategy: str) -> None:
    extra = EXPRESSED.replace("labels: {tier: edge}", "labels: {tier: edge, app: inference, track: prod}")
    arriving = {**NEW, "change": "major", "path": "/v2"} if strategy is VERSIONED else NEW
    moves = course("moves", adopting(provider, strategy, {}, extra).documents, {"api": arriving})
    before = [
        {**obj, "spec": {**obj["spec"], "selector": {"matchExpressions": TERMS}}}
        if obj["kind"] == "Deployment"
        else obj
        for obj in running(provider, FOREIGN)
    ]
    states = [before, objects_of(adopting(provider, ROLLING, {}, extra))]
    states += [moves.objects(index) for index in range(len(moves.states))]
    for old, new in pairwise(states):
        assert refusals(old, new, moves.options) == []
    kept = named(moves.objects(0), "Deployment")[DEPLOYMENT]["spec"]
    assert kept["selector"] == {"matchExpressions": TERMS}
    (service,) = (obj["spec"]["selector"] for name, obj in named(states[1], "Service").items() if name == SERVICE)
    assert service == {"tier": "edge", "app": "inference", "track": "prod"}
