"""Autoscalers and budgets, and the workloads that they name or select."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.model.manifest import Object
from compiler.model.object_finding import ObjectFinding, object_finding, spelling_suggestion
from compiler.validate.references.inventory import ObjectInventory, object_namespace, pod_template_of


def check_autoscaler_target(obj: Object, world: ObjectInventory) -> Iterator[ObjectFinding]:
    """A target that exists, and requests for each utilization that is measured."""
    target, namespace = obj["spec"]["scaleTargetRef"], object_namespace(obj)
    workload = world.objects.get((target["kind"], namespace, target["name"]))
    if workload is None:
        if (target["kind"], target["name"]) not in world.outside:
            names = [name for kind, _, name in world.objects if kind == target["kind"]]
            message = f"{target['kind']} `{target['name']}` does not exist"
            yield object_finding(
                "target-missing", ("spec", "scaleTargetRef"), message, spelling_suggestion(target["name"], names)
            )
        return
    for index, metric in enumerate(obj["spec"].get("metrics", ())):
        resource = metric.get("resource", {})
        if "averageUtilization" in resource.get("target", {}):
            without = _without_request(workload, resource["name"])
            if without:
                message = (
                    f"container `{without}` has no request for {resource['name']}, so its utilization cannot be "
                    "measured"
                )
                # a LimitRange of the namespace may give the request: not ours to know
                where = ("spec", "metrics", index, "resource")
                yield object_finding("utilization-without-request", where, message, severity="warning")


def check_budget_target(obj: Object, world: ObjectInventory) -> Iterator[ObjectFinding]:
    """A workload behind the selector, with more replicas than must stay."""
    spec = obj["spec"]
    selected = world.selected(spec["selector"], object_namespace(obj))
    if not selected:
        yield object_finding(
            "target-missing", ("spec", "selector"), ("the budget does not select the pods of any workload")
        )
    least = spec.get("minAvailable")
    replicas = sum(pods.manifest.object["spec"].get("replicas", 1) for pods in selected)
    if isinstance(least, int) and selected and 0 < replicas <= least:
        message = (
            f"minAvailable {least} of {replicas} replicas forbids evicting any pod: its node could never be drained"
        )
        yield object_finding("budget-blocks-drain", ("spec", "minAvailable"), message)


def _without_request(workload: Object, resource: str) -> str | None:
    """The first container without a request for `resource`; a limit stands in for a missing request."""
    template: dict[str, Any] = pod_template_of(workload) or {}
    for container in template.get("spec", {}).get("containers", ()):
        resources = container.get("resources", {})
        if resource not in resources.get("requests", {}) and resource not in resources.get("limits", {}):
            return str(container["name"])
    return None
