"""What a `Rollout` of Argo Rollouts says beside its pods: its Services, its routes, and from whom it takes the pods.

Source: Argo Rollouts, pkg/apis/rollouts/v1alpha1/types.go (`RolloutSpec`, `CanaryStrategy`, `BlueGreenStrategy`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from compiler.adopt.running import RunningObject
from compiler.model.manifest import Object
from compiler.model.objects import (
    label_selector_accepts,
    list_or_empty,
    mapping_or_empty,
    nested_value,
    object_key,
)

ROLLOUT: Final = "Rollout"
STABLE_SERVICES: Final = ("stableService", "activeService")
PREVIEW_SERVICES: Final = ("canaryService", "previewService")
CANARY_SUFFIX: Final = "-canary"
READ_BY_ROLLOUTS: Final = frozenset({"AnalysisTemplate", "AnalysisRun", "Experiment"})


def rollout_strategy(source: RunningObject) -> tuple[str, Mapping[str, Any]]:
    """`canary` or `blueGreen` with its fields; empty for what is no Rollout, or names neither."""
    strategy = mapping_or_empty(source.spec.get("strategy")) if source.kind == ROLLOUT else {}
    name = next((name for name in ("canary", "blueGreen") if name in strategy), "")
    return name, mapping_or_empty(strategy.get(name))


def traffic_routing(source: RunningObject) -> Mapping[str, Any]:
    """What divides the requests of a canary; empty where the ratio of its pods does."""
    return mapping_or_empty(rollout_strategy(source)[1].get("trafficRouting"))


def _named_services(source: RunningObject, fields: Sequence[str]) -> set[str]:
    fields_of = rollout_strategy(source)[1]
    return {str(fields_of[field]) for field in fields if fields_of.get(field)}


def stable_services(source: RunningObject) -> set[str]:
    """The Services that clients of a Rollout call."""
    return _named_services(source, STABLE_SERVICES)


def preview_services(workloads: Iterable[RunningObject]) -> set[str]:
    """The Services that Rollouts have for their new pods."""
    return {name for each in workloads for name in _named_services(each, PREVIEW_SERVICES)}


def canary_ingresses(source: RunningObject) -> list[str]:
    """The Ingresses that the controller has made beside those of a Rollout for ingress-nginx.

    Source: Argo Rollouts, utils/ingress/ingress.go, `GetCanaryIngressName`.
    """
    nginx = mapping_or_empty(traffic_routing(source).get("nginx"))
    stable = [nginx.get("stableIngress"), *list_or_empty(nginx.get("stableIngresses"))]
    most = 253 - len(CANARY_SUFFIX)
    return [f"{f'{source.name}-{name}'[:most]}{CANARY_SUFFIX}" for name in stable if name]


def template_source(source: RunningObject) -> str:
    """The title of the workload whose pod template a Rollout takes; empty where it has its own."""
    reference = mapping_or_empty(source.spec.get("workloadRef")) if source.kind == ROLLOUT else {}
    return f"{reference.get('kind', 'Deployment')}/{reference.get('name')}" if reference else ""


def scales_rollout(each: RunningObject) -> bool:
    """Whether the object is an HPA of a Rollout, which has nothing to scale once that is gone."""
    return bool(nested_value(each.object, "spec", "scaleTargetRef", "kind") == ROLLOUT)


def after_letting_go(objects: Iterable[Object]) -> tuple[Object, ...]:
    """What runs once Argo Rollouts has let go of its pods: those of each Rollout, and nothing that it needed."""
    running = [RunningObject(object_key(obj), obj) for obj in objects]
    return tuple(each.object for each in left_to_their_pods(running))


def left_to_their_pods(objects: Sequence[RunningObject]) -> list[RunningObject]:
    """The objects without what scales, guards or gives a template to Rollouts alone: the hand-over takes it away."""
    running = with_referenced_templates(objects)
    return [each for each in running if not scales_rollout(each) and not _guards_rollouts(each, running)]


def _guards_rollouts(each: RunningObject, running: Sequence[RunningObject]) -> bool:
    """Whether the object is a budget for the pods of Rollouts, and of nothing else."""
    selector = each.spec.get("selector") if each.kind == "PodDisruptionBudget" else None
    guarded = {other.kind for other in running if selector and label_selector_accepts(selector, other.pod_labels)}
    return guarded == {ROLLOUT}


def with_referenced_templates(objects: Sequence[RunningObject]) -> list[RunningObject]:
    """The objects without those that Rollouts take their pods from, whose template each Rollout has for its own."""
    referenced = {template_source(each) for each in objects}
    known = {each.title: each for each in objects if each.title in referenced}
    return [_with_template_of(each, known) for each in objects if each.title not in known]


def _with_template_of(each: RunningObject, known: Mapping[str, RunningObject]) -> RunningObject:
    reference = known.get(template_source(each))
    if reference is None:
        return each
    template = reference.spec.get("template") or reference.object.get("template")
    taken = {"selector": reference.spec.get("selector"), **each.spec, "template": template}
    return replace(each, object={**each.object, "spec": {key: value for key, value in taken.items() if value}})


def unsayable_rollout(source: RunningObject) -> str:
    """Why no commit of a release takes a Rollout over; empty where one does.

    Source: Argo Rollouts, docs/features/traffic-management/istio.md: the controller writes the hash of the pods into
    the subsets of a DestinationRule, as it does with the selectors of Services.
    """
    reference, fields = template_source(source), rollout_strategy(source)[1]
    if reference and not source.pod:
        return f"its pods are those of {reference} (workloadRef), which the source does not have"
    if "pingPong" in fields:
        return "its two Services take turns (pingPong), and only its status says which of them serves"
    rule = nested_value(dict(traffic_routing(source)), "istio", "destinationRule", "name")
    if rule:
        return (
            f"Argo Rollouts writes the hash of its pods into the subsets of DestinationRule/{rule}, and pods of a "
            "release do not have it: first change the VirtualService to route to a stableService and a canaryService"
        )
    return ""


def companion_reason(each: RunningObject, rollouts: Sequence[RunningObject]) -> str:
    """Why an object goes with the Rollout that it is for; empty for others."""
    if each.kind == "Service" and each.name in preview_services(rollouts):
        return "Argo Rollouts writes its selector: it is deleted with the Rollout"
    if scales_rollout(each):
        return "it scales the Rollout, and is deleted with it"
    for rollout in rollouts:
        if each.title == template_source(rollout):
            return f"{rollout.title} takes its pods from it (workloadRef): it is deleted with the Rollout"
    if each.key.group == "argoproj.io" and each.kind in READ_BY_ROLLOUTS:
        return "only Argo Rollouts reads it: write its queries as `analysis` of the strategy, and the pilot judges them"
    return ""
