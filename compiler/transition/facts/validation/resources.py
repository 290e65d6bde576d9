"""What makes the API server refuse the resources that a pod asks for as a whole, beside its containers.

Source: Kubernetes, pkg/apis/core/validation/validation.go (`validatePodResources`, `validatePodResourceConsistency`,
on by default since 1.34), pkg/apis/core/v1/defaults.go (`defaultPodRequests`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from compiler.model.objects import mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value
from compiler.transition.facts.pod_resources import resources_of_all_containers

ResourceFault = tuple[str, str]
Spec = Mapping[str, Any]
HUGE: Final = "hugepages-"


def pod_resource_errors(spec: Spec) -> Iterator[ResourceFault]:
    """Why pods of this spec are refused for the resources that they have beside those of their containers."""
    resources = mapping_or_empty(spec.get("resources"))
    if not resources:
        return
    if nested_value(spec, "os", "name") == "windows":
        yield "a pod of Windows cannot have resources of its own", "give them to its containers"
    if resources.get("claims") is not None:
        yield "the resources of a whole pod have no claims", "give the claims to its containers"
    limits, asked = (mapping_or_empty(resources.get(part)) for part in ("limits", "requests"))
    for name in {**limits, **asked}:
        if name not in ("cpu", "memory") and not str(name).startswith(HUGE):
            yield f"a whole pod cannot have {name}", "give it to a container"
    yield from _sum_errors(spec, limits, asked)


def _sum_errors(spec: Spec, limits: Spec, asked: Spec) -> Iterator[ResourceFault]:
    """What its containers need together is a pod's request where it names none, and fits in its limit."""
    together = resources_of_all_containers(spec, {})
    for name in {**limits, **asked}:
        wanted = together.get(f"requests.{name}", 0)
        if wanted > quantity_value(asked.get(name, limits.get(name))):
            yield f"its containers request more {name} together than the pod", f"raise the {name} of the pod"
    for name in limits:
        huge = str(name).startswith(HUGE) and together.get(f"limits.{name}", 0) > quantity_value(limits[name])
        if huge or any(
            quantity_value(nested_value(container, "resources", "limits", name)) > quantity_value(limits[name])
            for container in mapping_items(spec.get("containers"))
        ):
            yield f"a container may use more {name} than its pod", f"raise the limit of the pod's {name}"
