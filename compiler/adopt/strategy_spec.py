"""How a workload is replaced today, as a strategy of a release; a Rollout's becomes `canary` or `blueGreen`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from compiler.adopt.argo_rollouts import rollout_strategy, traffic_routing
from compiler.adopt.receipt import ReceiptChange
from compiler.adopt.rollout_steps import ANALYSIS, BY_HAND, NO_COUNTERPART, canary_steps_of, pause_words
from compiler.adopt.running import RunningWorkload
from compiler.adopt.scale_spec import update_words
from compiler.model.objects import mapping_items, nested_value

BESIDE: Final = "the old pods stay until `shipway finish`, which is a separate commit"
PODS_COUNTED: Final = (
    "a canary by pods divides requests by counting pods, which the autoscaler changes: all requests switch at once"
    " until the release has its own route (`expose`), and `by: weight`"
)
BLUE_GREEN_FIELDS: Final = ("activeService", "previewService", "autoPromotionEnabled", "autoPromotionSeconds")
CANARY_FIELDS: Final = ("steps", "stableService", "canaryService", "trafficRouting")
FIELD_REASONS: Final[Mapping[str, str]] = {
    "analysis": ANALYSIS,
    "prePromotionAnalysis": ANALYSIS,
    "postPromotionAnalysis": ANALYSIS,
    "scaleDownDelaySeconds": BESIDE,
    "scaleDownDelayRevisionLimit": BESIDE,
    "abortScaleDownDelaySeconds": "an aborted version stays, without requests, until `shipway finish`",
    "previewReplicaCount": "the new color has all its pods before the switch",
    "dynamicStableScale": "stable keeps all its pods until the end, so it can take all requests back at once",
    "minPodsPerReplicaSet": "the canary has as many pods as its share of the requests asks for",
    "maxSurge": "a new track starts beside the old one: no pod has to make room",
    "maxUnavailable": "a new track starts beside the old one: no pod has to make room",
    "antiAffinity": "`pods.affinity` says where the pods of a release run",
    "canaryMetadata": "Shipway's own labels tell the pods of the tracks apart",
    "stableMetadata": "Shipway's own labels tell the pods of the tracks apart",
    "previewMetadata": "Shipway's own labels tell the pods of the tracks apart",
    "activeMetadata": "Shipway's own labels tell the pods of the tracks apart",
    "replicaProgressThreshold": "a step waits until all pods of its commit are ready",
}
"""Source: Argo Rollouts, pkg/apis/rollouts/v1alpha1/types.go, `CanaryStrategy` and `BlueGreenStrategy`."""


@dataclass(frozen=True, slots=True)
class StrategyWords:
    """`spec.strategy`, and what of the strategy of today it leaves out."""

    words: dict[str, Any]
    notes: tuple[ReceiptChange, ...] = ()


def strategy_words(group: RunningWorkload, version: Mapping[str, Any]) -> StrategyWords:
    """`rolling` or `recreate` for what a Deployment does; `canary` or `blueGreen` for a Rollout that does so."""
    name, fields = rollout_strategy(group.source)
    if name == "blueGreen":
        return _blue_green_words(fields, version)
    if name == "canary" and (group.autoscaler is None or group.route is not None):
        return _canary_words(group, fields, version)
    if name == "canary":
        words = {"active": "blue", "blue": dict(version), "preview": "off"}
        note = ReceiptChange("spec.strategy.canary", dict(fields), "blueGreen", PODS_COUNTED)
        return StrategyWords({"blueGreen": words}, (note,))
    if (
        group.source.kind == "Deployment"
        and nested_value(group.source.object, "spec", "strategy", "type") == "Recreate"
    ):
        return StrategyWords({"recreate": dict(version)})
    return StrategyWords({"rolling": {**version, **update_words(group)}})


def _blue_green_words(fields: Mapping[str, Any], version: Mapping[str, Any]) -> StrategyWords:
    seconds = fields.get("autoPromotionSeconds")
    paused = {"pause": pause_words([seconds])} if isinstance(seconds, int) and seconds > 0 else {}
    words = {"active": "blue", "blue": dict(version), "preview": "off", **paused}
    return StrategyWords({"blueGreen": words}, tuple(_blue_green_notes(fields)))


def _canary_words(group: RunningWorkload, fields: Mapping[str, Any], version: Mapping[str, Any]) -> StrategyWords:
    """By weight where the release writes the route; else the pods of both versions share one Service."""
    weighted = group.route is not None and (bool(traffic_routing(group.source)) or group.autoscaler is not None)
    taken = canary_steps_of(fields, routed=weighted)
    shares = any("setWeight" in step for step in mapping_items(fields.get("steps")))
    by = "pods" if not weighted else "header" if taken.header and not shares else "weight"
    words = {"stable": dict(version), "by": by, "steps": taken.steps}
    words |= {"header": taken.header} if taken.header else {}
    notes = (*taken.notes, *_routing_notes(group, by), *_unsaid_fields("canary", fields, CANARY_FIELDS))
    return StrategyWords({"canary": words}, notes)


def _routing_notes(group: RunningWorkload, by: str) -> Iterator[ReceiptChange]:
    """What divides the requests from now on, where a router does today."""
    routing = traffic_routing(group.source)
    path = "spec.strategy.canary.trafficRouting"
    if routing and by == "pods":
        reason = "the ratio of pods divides requests until the release has its own route (`expose`), and `by: weight`"
        yield ReceiptChange(path, dict(routing), None, f"the release does not write {_routes_named(routing)}: {reason}")
    elif routing:
        route = group.route.title if group.route is not None else ""
        yield ReceiptChange(path, dict(routing), f"by: {by}", f"each commit sets the division of requests in {route}")


def _routes_named(routing: Mapping[str, Any]) -> str:
    """The routers whose objects the controller writes today, in a sentence."""
    names = [name for name in routing if name not in ("plugins", "managedRoutes", "maxTrafficWeight")]
    plugins = routing.get("plugins")
    names += list(plugins) if isinstance(plugins, dict) else []
    return f"the routes of {' and '.join(names)}" if names else "a route"


def _blue_green_notes(blue_green: Mapping[str, Any]) -> Iterator[ReceiptChange]:
    path = "spec.strategy.blueGreen"
    if blue_green.get("autoPromotionEnabled") is not False:
        yield ReceiptChange(f"{path}.autoPromotionEnabled", True, None, BY_HAND)
    if blue_green.get("autoPromotionSeconds"):
        yield ReceiptChange(f"{path}.autoPromotionSeconds", blue_green["autoPromotionSeconds"], None, BY_HAND)
    if blue_green.get("previewService"):
        reason = "if the release has a route, `preview` of the strategy sends a header or a host to the new color"
        yield ReceiptChange(f"{path}.previewService", blue_green["previewService"], None, reason)
    yield from _unsaid_fields("blueGreen", blue_green, BLUE_GREEN_FIELDS)


def _unsaid_fields(name: str, strategy: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[ReceiptChange]:
    for field, value in strategy.items():
        if field not in known:
            path = f"spec.strategy.{name}.{field}"
            yield ReceiptChange(path, value, None, FIELD_REASONS.get(field, NO_COUNTERPART))
