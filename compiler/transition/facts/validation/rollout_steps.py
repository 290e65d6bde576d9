"""What is wrong with a step of a canary, so that a Rollout is refused, becomes Degraded, or stops at the step.

Source: Argo Rollouts, manifests/crds/rollout-crd.yaml (fields that a step must have), pkg/apis/rollouts/validation/
validation.go (`ValidateRolloutStrategyCanary`), rollout/experiment.go (`GetExperimentFromTemplate`),
utils/conditions/experiments.go (`VerifyExperimentSpec`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from compiler.model.objects import integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.validation.duplicates import duplicate_name_errors

StepError = tuple[str, str]
Spec = Mapping[str, Any]
GO_DURATION = re.compile(r"\+?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+|\+?0")
"""Durations that are not negative, as Go's time.ParseDuration reads them."""
STEPS = frozenset(
    {"setWeight", "pause", "experiment", "analysis", "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin"}
)
EXCLUSIVE_STEPS = ("setWeight", "pause", "experiment", "analysis")
WITH_HEADER_ROUTES = ("istio", "alb", "apisix", "plugins")
WITH_EXPERIMENT_WEIGHTS = ("alb", "smi", "istio", "plugins")
VERSIONS_OF_A_TEMPLATE = ("stable", "canary")
WAYS_TO_MATCH = ("exact", "prefix", "regex")
FULL_WEIGHT: Final = 100


def step_errors(step: Spec, routing: Spec | None) -> Iterator[StepError]:
    """Why Argo Rollouts does not get past this step, in words, each with what fixes it; `routing`: trafficRouting."""
    given = [name for name in STEPS if step.get(name) is not None]
    if not given:
        yield "it has no setWeight, no pause, and nothing else that Argo Rollouts knows", "set one of them"
    exclusive = [name for name in EXCLUSIVE_STEPS if name in given]
    if len(exclusive) > 1:
        yield f"it has {' and '.join(exclusive)}", "make a step of each of them"
    weight = step.get("setWeight")
    most = integer_or_default((routing or {}).get("maxTrafficWeight"), FULL_WEIGHT)
    if weight is not None and not 0 <= integer_or_default(weight, -1) <= most:
        yield f"setWeight is {weight}, which is not between 0 and {most}", "set a share in this range"
    duration = nested_value(step, "pause", "duration")
    if duration is not None and not _is_duration(duration):
        yield f"the duration {duration!r} of its pause is not one", "write a number of seconds, or a duration like 5m"
    if step.get("plugin") is not None and not nested_value(step, "plugin", "name"):
        yield "its plugin has no name", "name the plugin"
    yield from _unnamed_errors("an argument of its analysis", mapping_items(nested_value(step, "analysis", "args")))
    if step.get("experiment") is not None:
        yield from _experiment_errors(mapping_or_empty(step["experiment"]), routing)
    yield from _routed_step_errors(step, routing)


def _experiment_errors(experiment: Spec, routing: Spec | None) -> Iterator[StepError]:
    """An Experiment without templates is refused, and one that the controller cannot make holds up the update."""
    templates = list(mapping_items(experiment.get("templates")))
    if not templates:
        yield "its experiment has no templates", "list one, with a name and a specRef"
    yield from _unnamed_errors("a template of its experiment", templates)
    yield from duplicate_name_errors("templates of its experiment", (each.get("name") for each in templates))
    for each in templates:
        if each.get("specRef") not in VERSIONS_OF_A_TEMPLATE:
            yield (
                f"the specRef {each.get('specRef') or ''!r} of its experiment is neither stable nor canary",
                "set one of them",
            )
        weighted = routing is not None and any(routing.get(router) for router in WITH_EXPERIMENT_WEIGHTS)
        if each.get("weight") is not None and not weighted:
            yield (
                "the weight of an experiment needs trafficRouting by " + " or ".join(WITH_EXPERIMENT_WEIGHTS),
                "remove the weight",
            )
    duration = experiment.get("duration")
    if duration is not None and not _is_duration(duration):
        yield f"the duration {duration!r} of its experiment is not one", "write a duration like 5m"
    analyses = list(mapping_items(experiment.get("analyses")))
    yield from _unnamed_errors("an analysis of its experiment", analyses)
    if not all(each.get("templateName") for each in analyses):
        yield "an analysis of its experiment has no templateName", "name an AnalysisTemplate"


def _unnamed_errors(what: str, items: Iterable[Spec]) -> Iterator[StepError]:
    if not all(each.get("name") for each in items):
        yield f"{what} has no name", "name it"


def _routed_step_errors(step: Spec, routing: Spec | None) -> Iterator[StepError]:
    if step.get("setCanaryScale") is not None and routing is None:
        yield "setCanaryScale needs trafficRouting", "remove the step, or set trafficRouting"
    routers = {"setHeaderRoute": WITH_HEADER_ROUTES, "setMirrorRoute": ("istio",)}
    for name, wanted in routers.items():
        if step.get(name) is None:
            continue
        if routing is None or not any(routing.get(router) for router in wanted):
            yield f"{name} needs trafficRouting by {' or '.join(wanted)}", "remove the step, or set it"
            continue
        managed = [route.get("name") for route in mapping_items(routing.get("managedRoutes"))]
        if nested_value(step, name, "name") not in managed:
            yield f"{name} names a route that managedRoutes does not list", "list it there"
        yield from _route_match_errors(name, mapping_items(nested_value(step, name, "match")), routing)


def _route_match_errors(name: str, matches: Iterable[Spec], routing: Spec) -> Iterator[StepError]:
    """A match compares in one way (`hasMultipleMatchValues`); an ALB compares whole values (`hasALBInvalidValues`)."""
    for match in matches:
        if name == "setHeaderRoute" and not match.get("headerName"):
            yield "a match of setHeaderRoute has no headerName", "name the header"
        fields = ("headerValue",) if name == "setHeaderRoute" else tuple(f for f in ("method", "path") if f in match)
        for field in fields:
            ways = [way for way in WAYS_TO_MATCH if nested_value(match, field, way)]
            if len(ways) != 1:
                yield f"the {field} of {name} needs one of {', '.join(WAYS_TO_MATCH)}", "keep one of them"
            elif routing.get("alb") and name == "setHeaderRoute" and ways != ["exact"]:
                yield f"the {field} of {name} is not exact, and an ALB compares whole values", "set exact"


def _is_duration(value: Any) -> bool:
    """A count of seconds, or text as Go reads durations; neither may be negative."""
    if isinstance(value, int):
        return value >= 0
    return isinstance(value, str) and (value.isdecimal() or GO_DURATION.fullmatch(value) is not None)
