"""What makes Argo Rollouts' controller stop at a Rollout (`InvalidSpec`): it becomes Degraded, and no pod moves.

Source: Argo Rollouts, pkg/apis/rollouts/validation/validation.go (`ValidateRolloutStrategy`,
`ValidateRolloutStrategyBlueGreen`, `ValidateRolloutStrategyCanary`), utils/defaults/defaults.go. The pods of a
`workloadRef` are judged with their workload.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.validation.update_limits import deadline_errors, standstill_errors
from compiler.validate import VERSIONS, malformed_findings

RolloutError = tuple[str, str]
Spec = Mapping[str, Any]
GO_DURATION = re.compile(r"\+?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+|\+?0")
"""Durations that are not negative, as Go's time.ParseDuration reads them."""
STEPS = frozenset(
    {"setWeight", "pause", "experiment", "analysis", "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin"}
)
EXCLUSIVE_STEPS = ("setWeight", "pause", "experiment", "analysis")
WITH_BOTH_SERVICES = ("smi", "apisix", "ambassador", "nginx", "appMesh", "traefik")
"""The routers that need a stable and a canary Service."""
WITH_HEADER_ROUTES = ("istio", "alb", "apisix", "plugins")
DEFAULT_HISTORY: Final = 10
FULL_WEIGHT: Final = 100


def rollout_errors(obj: Object) -> Iterator[RolloutError]:
    """Why the controller does not act on this Rollout, in words, each with what fixes it."""
    spec = mapping_or_empty(obj.get("spec"))
    yield from _template_errors(spec)
    yield from deadline_errors(spec)
    strategies = {way: nested_value(spec, "strategy", way) for way in ("canary", "blueGreen")}
    given = [way for way, strategy in strategies.items() if strategy is not None]
    if len(given) != 1:
        yield (
            f"its strategy has {'both' if given else 'neither'} canary {'and' if given else 'nor'} blueGreen",
            ("keep one of them" if given else "set one of them"),
        )
    elif given == ["canary"]:
        yield from _canary_errors(mapping_or_empty(strategies["canary"]))
    else:
        yield from _blue_green_errors(mapping_or_empty(strategies["blueGreen"]), spec)


def _template_errors(spec: Spec) -> Iterator[RolloutError]:
    """What Kubernetes' own validation has against the template, in the version that the controller is built with."""
    if isinstance(spec.get("template"), Mapping):
        pods = {"apiVersion": "v1", "kind": "PodTemplate", "metadata": {"name": "pods"}, "template": spec["template"]}
        for each in malformed_findings(pods, VERSIONS[-1]):
            yield f"the template of its pods: {each.message}", each.help or "correct the field"


def _blue_green_errors(strategy: Spec, spec: Spec) -> Iterator[RolloutError]:
    if strategy.get("activeService") == strategy.get("previewService"):
        yield "activeService and previewService are the same Service", "name two Services, or remove previewService"
    history = integer_or_default(spec.get("revisionHistoryLimit"), DEFAULT_HISTORY)
    if integer_or_default(strategy.get("scaleDownDelayRevisionLimit"), history) > history:
        yield "scaleDownDelayRevisionLimit is greater than revisionHistoryLimit", "lower it"
    yield from _anti_affinity_errors(strategy)


def _canary_errors(strategy: Spec) -> Iterator[RolloutError]:
    yield from standstill_errors(strategy)
    stable, canary = strategy.get("stableService"), strategy.get("canaryService")
    if stable and stable == canary:
        yield "stableService and canaryService are the same Service", "name two Services"
    routing = strategy.get("trafficRouting")
    yield from _unrouted_errors(strategy) if routing is None else _routing_errors(strategy, mapping_or_empty(routing))
    for number, step in enumerate(mapping_items(strategy.get("steps")), start=1):
        for message, fix in _step_errors(step, None if routing is None else mapping_or_empty(routing)):
            yield f"step {number}: {message}", fix
    yield from _anti_affinity_errors(strategy)


def _unrouted_errors(strategy: Spec) -> Iterator[RolloutError]:
    for name in ("scaleDownDelaySeconds", "dynamicStableScale"):
        if strategy.get(name) not in (None, False):
            yield f"{name} needs trafficRouting", f"remove {name}, or set trafficRouting"


def _routing_errors(strategy: Spec, routing: Spec) -> Iterator[RolloutError]:
    if strategy.get("scaleDownDelaySeconds") is not None and strategy.get("dynamicStableScale"):
        yield "dynamicStableScale and scaleDownDelaySeconds exclude each other", "remove one of them"
    if routing.get("maxTrafficWeight") is not None and not (routing.get("nginx") or routing.get("plugins")):
        yield "maxTrafficWeight is for nginx and plugins only", "remove it"
    if _needs_both_services(strategy, routing):
        for name in ("stableService", "canaryService"):
            if not strategy.get(name):
                yield f"its trafficRouting needs a {name}", "name the Service"
    yield from _ping_pong_errors(strategy, routing)


def _needs_both_services(strategy: Spec, routing: Spec) -> bool:
    if any(routing.get(name) is not None for name in WITH_BOTH_SERVICES):
        return True
    if routing.get("alb") is not None and strategy.get("pingPong") is None:
        return True
    return routing.get("istio") is not None and nested_value(routing, "istio", "destinationRule") is None


def _ping_pong_errors(strategy: Spec, routing: Spec) -> Iterator[RolloutError]:
    if strategy.get("pingPong") is None:
        return
    ping, pong = (nested_value(strategy, "pingPong", name) for name in ("pingService", "pongService"))
    if not ping or not pong or ping == pong:
        yield "pingPong needs two Services", "set pingService and pongService"
    if routing.get("alb") is None:
        yield "pingPong is for an ALB only", "remove it"
    elif not nested_value(routing, "alb", "rootService"):
        yield "pingPong needs the rootService of the ALB", "name it"


def _step_errors(step: Spec, routing: Spec | None) -> Iterator[RolloutError]:
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
    yield from _routed_step_errors(step, routing)


def _routed_step_errors(step: Spec, routing: Spec | None) -> Iterator[RolloutError]:
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


def _is_duration(value: Any) -> bool:
    """A count of seconds, or text as Go reads durations; neither may be negative."""
    if isinstance(value, int):
        return value >= 0
    return isinstance(value, str) and (value.isdecimal() or GO_DURATION.fullmatch(value) is not None)


def _anti_affinity_errors(strategy: Spec) -> Iterator[RolloutError]:
    affinity = strategy.get("antiAffinity")
    if affinity is None:
        return
    preferred = nested_value(affinity, "preferredDuringSchedulingIgnoredDuringExecution")
    required = nested_value(affinity, "requiredDuringSchedulingIgnoredDuringExecution")
    if (preferred is None) == (required is None):
        yield "its antiAffinity needs exactly one rule", "keep the preferred or the required one"
    if preferred is not None and not 1 <= integer_or_default(nested_value(preferred, "weight"), 0) <= FULL_WEIGHT:
        yield "the weight of its antiAffinity is not between 1 and 100", "set a weight in this range"
