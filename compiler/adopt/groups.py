"""What belongs together, by reference: workload ← Services by selector ← HPA by target ← budgets by selector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from compiler.adopt.argo_rollouts import (
    preview_services,
    stable_services,
    with_referenced_templates,
)
from compiler.adopt.beside import backend_names, beside_releases, untouched_reason
from compiler.adopt.exposure_spec import reached_port
from compiler.adopt.jobs_spec import JOB_KINDS, job_names, jobs_by_workload
from compiler.adopt.running import Grouping, RunningObject, RunningWorkload
from compiler.model.objects import (
    equality_selector_matches,
    label_selector_accepts,
    mapping_items,
    mapping_or_empty,
    nested_value,
)
from compiler.traffic.adoption import adopted_routes

RELEASE_KINDS: Final = frozenset({"Deployment", "StatefulSet", "Rollout"})


def grouped_objects(objects: Sequence[RunningObject]) -> Grouping:
    """Every object as part of one workload's release, or beside them all with the reason."""
    running = with_referenced_templates(objects)
    workloads = [each for each in running if each.kind in RELEASE_KINDS]
    templates = [each for each in running if nested_value(each.object, "spec", "template", "metadata") is not None]
    pod_makers = [each for each in templates if each.kind not in JOB_KINDS]  # their pods answer no requests
    leads_to = {each.key: _pods_selected_by(each, pod_makers) for each in objects if each.kind == "Service"}
    services = [each for each in objects if each.kind == "Service"]
    scalers = _by_target([each for each in objects if each.kind == "HorizontalPodAutoscaler"])
    budgets = [each for each in objects if each.kind == "PodDisruptionBudget"]
    backends = _backend_services(objects)
    accounts = {each.name: each for each in objects if each.kind == "ServiceAccount"}
    previews = preview_services(workloads)
    jobs = jobs_by_workload((each for each in objects if each.kind in JOB_KINDS), workloads)

    def is_left(service: RunningObject) -> bool:
        return service.name in previews or not service.spec.get("ports") or bool(untouched_reason(service, ()))

    groups = []
    for workload in workloads:
        own = [service for service in services if leads_to[service.key] == [workload]]
        naming = next((each for each in own if each.name == _pod_names_service(workload)), None)
        headless = None if own == [naming] or (naming is not None and is_left(naming)) else naming
        leading = [each for each in own if each is not headless and each.spec.get("ports")]
        first = _main_service(leading, workload, backends)
        targets = scalers.get((workload.kind, workload.name), [])
        routes = [each for each in objects if first is not None and _leads_only_to(each, first, workload)]
        covering = [each for each in budgets if _pods_selected_by(each, pod_makers) == [workload]]
        more = [each for each in own if each is not first and each is not headless]
        groups.append(
            RunningWorkload(
                workload,
                first,
                targets[0] if len(targets) == 1 else None,
                covering[0] if len(covering) == 1 else None,
                accounts.get(str(workload.pod.get("serviceAccountName") or workload.pod.get("serviceAccount"))),
                further=tuple(each for each in more if not is_left(each)),
                left=tuple(each for each in more if is_left(each)),
                shared=tuple(each for each in services if workload in leads_to[each.key] and each not in own),
                headless=headless,
                route=next((each for each in routes if each.kind != "GRPCRoute"), None),
                calls=next((each for each in routes if each.kind == "GRPCRoute"), None),
                jobs=job_names(jobs.get(workload.title, ()), workload.name),
                counted="replicas" not in workload.spec and _is_scaled_object_target(workload, objects),
            )
        )
    written = {member.key for group in groups for member in group.everything}
    rest = [each for each in objects if each.key not in written]
    return Grouping(tuple(groups), tuple(beside_releases(each, groups, leads_to) for each in rest))


def _leads_only_to(route: RunningObject, service: RunningObject, workload: RunningObject) -> bool:
    """Whether the route leads to the Service, and to no other but what a Rollout has for its new pods."""
    routes = adopted_routes().get(route.key[:2])
    if routes is None or route.key[:2] not in (routes.KIND, routes.CALLS) or untouched_reason(route, ()):
        return False
    return [name for name in backend_names(route) if name not in preview_services([workload])] == [service.name]


def _pod_names_service(workload: RunningObject) -> str | None:
    """The Service that a StatefulSet's pods have their names from."""
    return workload.spec.get("serviceName") if workload.kind == "StatefulSet" else None


def _pods_selected_by(selecting: RunningObject, pod_makers: Sequence[RunningObject]) -> list[RunningObject]:
    selector = selecting.spec.get("selector")
    if selecting.kind == "Service":
        return [each for each in pod_makers if equality_selector_matches(mapping_or_empty(selector), each.pod_labels)]
    return [each for each in pod_makers if selector and label_selector_accepts(selector, each.pod_labels)]


def _by_target(scalers: Iterable[RunningObject]) -> dict[tuple[str, str], list[RunningObject]]:
    targets: dict[tuple[str, str], list[RunningObject]] = defaultdict(list)
    for each in scalers:
        target = mapping_or_empty(each.spec.get("scaleTargetRef"))
        targets[str(target.get("kind")), str(target.get("name"))].append(each)
    return targets


def _is_scaled_object_target(workload: RunningObject, objects: Iterable[RunningObject]) -> bool:
    """Whether KEDA scales the workload. Source: KEDA, apis/keda/v1alpha1/scaledobject_types.go, `ScaleTarget`."""
    targets = [each.spec.get("scaleTargetRef") for each in objects if each.key[:2] == ("keda.sh", "ScaledObject")]
    named = [(str(each.get("kind") or "Deployment"), each.get("name")) for each in mapping_items(targets)]
    return (workload.kind, workload.name) in named


def _backend_services(objects: Iterable[RunningObject]) -> set[str]:
    """The Services that routes of any kind name as backends."""
    return {name for each in objects if each.kind not in RELEASE_KINDS for name in backend_names(each)}


def _leading_to_first_port(services: Sequence[RunningObject], workload: RunningObject) -> set[str]:
    """The names of the Services whose first port is the first that the workload's pods declare."""
    for container in mapping_items(workload.pod.get("containers")):
        for port in mapping_items(container.get("ports")):
            number = port.get("containerPort")
            return {service.name for service in services if reached_port(service, container) == number}
    return set()


def _main_service(
    services: Sequence[RunningObject], workload: RunningObject, backends: set[str]
) -> RunningObject | None:
    """The Service that is the release's own: one that routes name, else one of the workload's name, else one that leads
    to the first port that its pods declare, else the first.
    """
    if not services:
        return None

    stable, previews = stable_services(workload), preview_services([workload])
    usual = _leading_to_first_port(services, workload)

    def rank(service: RunningObject) -> tuple[bool, bool, bool, bool, bool, bool, str]:
        headless = service.spec.get("clusterIP") == "None"
        return (
            service.name not in stable,
            service.name in previews,
            headless,
            service.name not in backends,
            service.name != workload.name,
            service.name not in usual,
            service.name,
        )

    return min(services, key=rank)
