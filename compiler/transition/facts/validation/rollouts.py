"""What makes Argo Rollouts' controller stop at a Rollout (`InvalidSpec`): it becomes Degraded, and no pod moves.

Source: Argo Rollouts, pkg/apis/rollouts/validation/validation.go (`ValidateRolloutStrategy`,
`ValidateRolloutStrategyBlueGreen`, `ValidateRolloutStrategyCanary`), utils/defaults/defaults.go. The pods of a
`workloadRef` are judged with their workload.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.manifest import Object
from compiler.model.objects import integer_or_default, mapping_items, mapping_or_empty, nested_value
from compiler.transition.facts.validation.rollout_steps import FULL_WEIGHT, step_errors
from compiler.transition.facts.validation.update_limits import deadline_errors, standstill_errors
from compiler.validate import VERSIONS, malformed_findings

RolloutError = tuple[str, str]
Spec = Mapping[str, Any]
WITH_BOTH_SERVICES = ("smi", "apisix", "ambassador", "nginx", "appMesh", "traefik")
"""The routers that need a stable and a canary Service."""
DEFAULT_HISTORY: Final = 10


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
    if not strategy.get("activeService"):
        yield "it has no activeService", "name the Service that gets the requests"
    elif strategy.get("activeService") == strategy.get("previewService"):
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
        for message, fix in step_errors(step, None if routing is None else mapping_or_empty(routing)):
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
    if strategy.get("pingPong") is not None:
        return False
    if routing.get("alb") is not None:
        return True
    return routing.get("istio") is not None and nested_value(routing, "istio", "destinationRule") is None


def _ping_pong_errors(strategy: Spec, routing: Spec) -> Iterator[RolloutError]:
    if strategy.get("pingPong") is None:
        return
    ping, pong = (nested_value(strategy, "pingPong", name) for name in ("pingService", "pongService"))
    if not ping or not pong or ping == pong:
        yield "pingPong needs two Services", "set pingService and pongService"
    if routing.get("alb") is None and routing.get("istio") is None:
        yield "pingPong is for an ALB or Istio only", "remove it"
    elif routing.get("alb") is not None and not nested_value(routing, "alb", "rootService"):
        yield "pingPong needs the rootService of the ALB", "name it"


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
