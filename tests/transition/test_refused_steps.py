"""Steps of a Rollout's canary that Argo Rollouts does not get past, each beside a near miss that it takes."""

from __future__ import annotations

from typing import Any

import pytest

from compiler.model.manifest import Object
from tests.transition.refusable_objects import canary_step, refusals, rollout

TEMPLATE = {"name": "baseline", "specRef": "stable"}
ISTIO = {"istio": {"virtualService": {"name": "vs"}, "destinationRule": {"name": "dr"}}}
ALB = {"alb": {"ingress": "web", "servicePort": 80, "rootService": "root"}}
NAMES = {"stableService": "a", "canaryService": "b"}
PING_PONG = {"pingService": "a", "pongService": "b"}


def experiment(*templates: dict[str, Any], **fields: Any) -> Object:
    return canary_step(experiment={"templates": list(templates), **fields})


def weighted(router: dict[str, Any]) -> Object:
    return rollout(trafficRouting=router, **NAMES, steps=[{"experiment": {"templates": [{**TEMPLATE, "weight": 5}]}}])


def by_header(router: dict[str, Any], **match: Any) -> Object:
    step = {"name": "h", "match": [{"headerName": "X-Canary", **match}]}
    return rollout(
        trafficRouting={**router, "managedRoutes": [{"name": "h"}]}, **NAMES, steps=[{"setHeaderRoute": step}]
    )


def mirrored(**match: Any) -> Object:
    routing = {**ISTIO, "managedRoutes": [{"name": "m"}]}
    return rollout(trafficRouting=routing, steps=[{"setMirrorRoute": {"name": "m", "match": [match]}}])


PAIRS: dict[str, tuple[Object, Object]] = {
    "experiment of nothing": (canary_step(experiment={"duration": "1h"}), experiment(TEMPLATE, duration="1h")),
    "no template": (experiment(), experiment(TEMPLATE)),
    "no version": (experiment({"name": "a"}), experiment({"name": "a", "specRef": "canary"})),
    "another version": (experiment({"name": "a", "specRef": "new"}), experiment({"name": "a", "specRef": "canary"})),
    "no name": (experiment({"specRef": "canary"}), experiment({"name": "a", "specRef": "canary"})),
    "one name twice": (experiment(TEMPLATE, TEMPLATE), experiment(TEMPLATE, {**TEMPLATE, "name": "other"})),
    "share without a router": (experiment({**TEMPLATE, "weight": 5}), experiment({**TEMPLATE, "replicas": 5})),
    "share by nginx": (weighted({"nginx": {"stableIngress": "web"}}), weighted(ISTIO)),
    "analysis of nothing": (
        experiment(TEMPLATE, analyses=[{"name": "rate"}]),
        experiment(TEMPLATE, analyses=[{"name": "rate", "templateName": "rate"}]),
    ),
    "argument": (
        canary_step(analysis={"templates": [{"templateName": "rate"}], "args": [{"value": "web"}]}),
        canary_step(analysis={"templates": [{"templateName": "rate"}], "args": [{"name": "svc", "value": "web"}]}),
    ),
    "plugin": (canary_step(plugin={"config": {}}), canary_step(plugin={"name": "acme/step"})),
    "header of two values": (
        by_header(ISTIO, headerValue={"exact": "1", "prefix": "1"}),
        by_header(ISTIO, headerValue={"prefix": "1"}),
    ),
    "header without a value": (by_header(ISTIO), by_header(ISTIO, headerValue={"regex": ".*"})),
    "header of an ALB": (by_header(ALB, headerValue={"prefix": "1"}), by_header(ALB, headerValue={"exact": "1"})),
    "mirrored path": (mirrored(path={}), mirrored(path={"prefix": "/"})),
    "active Service": (rollout("blueGreen", previewService="web"), rollout("blueGreen", activeService="web")),
    "ping and pong": (
        rollout(pingPong=PING_PONG, trafficRouting={"nginx": {"stableIngress": "web"}}, **NAMES),
        rollout(pingPong=PING_PONG, trafficRouting={"istio": {"virtualService": {"name": "vs"}}}),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_step_is_refused_and_its_near_miss_is_taken(name: str) -> None:
    fault, near_miss = PAIRS[name]
    assert refusals(fault), "taken"
    assert refusals(near_miss) == []
