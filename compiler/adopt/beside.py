"""Objects that no release writes itself: why, and whether they go beside the specs as they stand, or stay untouched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from compiler.adopt.argo_rollouts import ROLLOUT, companion_reason, preview_services
from compiler.adopt.credentials import secret_entries, secret_texts
from compiler.adopt.jobs_spec import BEFORE_PODS, phases_of
from compiler.adopt.running import Beside, RunningObject, RunningWorkload
from compiler.model.frame import HOOKS
from compiler.model.objects import (
    CLUSTER_SCOPED,
    Key,
    annotations_of,
    is_service,
)
from compiler.traffic.adoption import adopted_routes
from compiler.transition.facts.named_objects import named_objects

POD_MAKERS: Final[Mapping[str, str]] = {
    "RayService": "ray.io", "RayCluster": "ray.io", "RayJob": "ray.io",
    "InferenceService": "serving.kserve.io", "ServingRuntime": "serving.kserve.io",
    "ClusterServingRuntime": "serving.kserve.io", "SeldonDeployment": "machinelearning.seldon.io",
    "Server": "mlops.seldon.io", "Model": "mlops.seldon.io", "Pipeline": "mlops.seldon.io",
}  # fmt: skip
"""Kinds whose own controller makes the pods, with the group of their API."""


def beside_releases(
    each: RunningObject, groups: Sequence[RunningWorkload], leads_to: Mapping[Key, list[RunningObject]]
) -> Beside:
    """The object with the reason why no release writes it, and where it goes."""
    untouched = untouched_reason(each, groups)
    if untouched:
        return Beside(each, untouched, "untouched")
    return Beside(each, _extras_reason(each, groups, leads_to), "extras")


def untouched_reason(each: RunningObject, groups: Sequence[RunningWorkload]) -> str:
    """Why nothing is made of the object; empty where it can go beside the specs as it stands."""
    if each.kind == "Secret":
        return "Shipway never copies the values of a Secret: it must exist"
    if POD_MAKERS.get(each.kind) == each.key.group:
        return f"the controller of {each.key.group} makes its pods: it stays as it is"
    if each.key.group == "shipway.dev":
        return "it is already a spec of Shipway"
    if each.kind in CLUSTER_SCOPED:
        return "it belongs to the cluster, not to a release"
    if any(hook in annotations_of(each.object) for hook in HOOKS):
        return _hook_reason(each)
    return _rollout_reason(each, groups) or _secret_reason(each)


def _hook_reason(each: RunningObject) -> str:
    """Why a hook of a sync or an upgrade is none of a release's `jobs`."""
    if each.kind != "Job":
        return "a hook of a sync or an upgrade: a release has no hooks"
    if not phases_of(each) & BEFORE_PODS:
        return "a hook that does not run before an upgrade: `jobs` of a release run before its pods"
    return "a hook whose image no workload here has, or one of several that run in order: write it under `jobs`"


def _rollout_reason(each: RunningObject, groups: Sequence[RunningWorkload]) -> str:
    """Why an object goes with the Rollout that it is for; empty for others."""
    rollouts = [group for group in groups if group.source.kind == ROLLOUT]
    if any(group.budget is not None and group.budget.key == each.key for group in rollouts):
        return "a release has a budget for each of its tracks: this one is deleted with the Rollout"
    previews = preview_services(group.source for group in rollouts)
    if backend_names(each) and previews.issuperset(backend_names(each)):
        return "it routes to the new pods of the Rollout, and is deleted with it"
    return companion_reason(each, [group.source for group in rollouts])


def _secret_reason(each: RunningObject) -> str:
    """Which part of the object holds a secret as text; the value is not repeated."""
    entries = secret_entries(each) if each.kind == "ConfigMap" else secret_texts(each.spec, "spec")
    places = [f"{place} ({kind})" for place, kind in entries]
    return f"it holds a secret in plain text, which Shipway never copies: {', '.join(places)}" if places else ""


def _extras_reason(
    each: RunningObject, groups: Sequence[RunningWorkload], leads_to: Mapping[Key, list[RunningObject]]
) -> str:
    reached = leads_to.get(each.key, [])
    if each.kind == "Service":
        return _service_reason(reached)
    if each.key[:2] in adopted_routes():
        return _route_reason(backend_names(each), groups)
    if each.kind == "CronJob":
        return "no workload of this source has its image, so it belongs to no version: it stays until somebody edits it"
    if each.pod:
        return f"a release cannot express a {each.kind}: its image stays as it is until somebody edits it"
    return f"a release cannot express a {each.kind}"


def _route_reason(services: Sequence[str], groups: Sequence[RunningWorkload]) -> str:
    """Why a route is not a release's own, by the Services that it leads to."""
    text = f"a route to {', '.join(services) or 'no Service'}"
    if len(services) > 1:
        return f"{text}: a release writes routes only to its own Service"
    routed = (
        group.route.title for group in groups if group.route and group.service and [group.service.name] == services
    )
    other = next(routed, None)
    return text if other is None else f"{text}: its release writes one route, and that is {other}"


def backend_names(each: RunningObject) -> list[str]:
    """The Services that a route leads to, in order, each once; those that another object names."""
    routes = adopted_routes().get(each.key[:2])
    if routes is not None:
        return list(dict.fromkeys(routes.backends(each.spec)))
    return sorted({named.key.name for named in named_objects(each.object, each.key) if is_service(named.key)})


def _service_reason(reached: Sequence[RunningObject]) -> str:
    """Why a Service is not a release's own, by the workloads that it leads to."""
    if not reached:
        return "it reaches no workload of this source"
    if len(reached) == 1:
        return f"a further Service of {reached[0].title}"
    return f"it reaches the pods of {', '.join(work.title for work in reached)}"
