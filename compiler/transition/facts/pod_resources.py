"""What a pod asks for and may use, by names as a quota has them: `requests.cpu`, `limits.memory`.

Source: Kubernetes, component-helpers/resource/helpers.go (`PodRequests`, `AggregateContainerRequests`).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from compiler.model.objects import mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value

Spec = Mapping[str, Any]
NOTHING = Fraction(0)


def pod_resources(spec: Spec, defaults: Spec) -> dict[str, Fraction]:
    """What a pod asks for and may use: what its containers do, unless it says so itself."""
    own = container_resources(spec, {}) if spec.get("resources") else {}
    return resources_of_all_containers(spec, defaults) | own


def resources_of_all_containers(spec: Spec, defaults: Spec) -> dict[str, Fraction]:
    """What all containers that run at once ask for and may use.

    A sidecar runs beside all containers and beside the init containers that come after it.
    """
    together: dict[str, Fraction] = {}
    most: dict[str, Fraction] = {}
    for container in mapping_items(spec.get("initContainers")):
        beside = _sum_of_resources(together, container_resources(container, defaults))
        if container.get("restartPolicy") == "Always":
            together = beside
        most = {name: max(most.get(name, NOTHING), value) for name, value in {**most, **beside}.items()}
    for container in mapping_items(spec.get("containers")):
        together = _sum_of_resources(together, container_resources(container, defaults))
    return {name: max(most.get(name, NOTHING), value) for name, value in {**most, **together}.items()}


def _sum_of_resources(first: Mapping[str, Fraction], second: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {**first, **{name: first.get(name, NOTHING) + value for name, value in second.items()}}


def container_resources(container: Spec, defaults: Spec) -> dict[str, Fraction]:
    """What one container asks for and may use, with the defaults of a LimitRange."""
    limits = {
        **mapping_or_empty(defaults.get("default")),
        **mapping_or_empty(nested_value(container, "resources", "limits")),
    }
    asked = requested_resources(container, defaults)
    names = {f"requests.{name}": quantity_value(value) for name, value in asked.items()}
    return {**names, **{f"limits.{name}": quantity_value(value) for name, value in limits.items()}}


def requested_resources(container: Spec, defaults: Spec) -> dict[str, Any]:
    """What a container asks for: a limit of its own counts as its request (`SetDefaults_Pod`) before any default."""
    own = (mapping_or_empty(nested_value(container, "resources", part)) for part in ("limits", "requests"))
    filled = (mapping_or_empty(defaults.get(part)) for part in ("default", "defaultRequest"))
    return {name: value for part in (*filled, *own) for name, value in part.items()}
