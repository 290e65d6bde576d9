"""What makes the API server refuse the fields and resources that a pod reads of itself (the downward API).

Source: Kubernetes, pkg/apis/core/validation/validation.go (`validateEnvVarValueFrom`, `validateDownwardAPIVolumeFile`,
`validateContainerResourceFieldSelector`, `validateContainerResourceDivisor`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from compiler.model.objects import mapping_items, mapping_or_empty, nested_value
from compiler.model.quantity import quantity_value

DownwardError = tuple[str, str]
Spec = Mapping[str, Any]
READ_RESOURCES = frozenset(
    f"{part}.{name}" for part in ("limits", "requests") for name in ("cpu", "memory", "ephemeral-storage")
)
READ_RESOURCE_PREFIXES = ("limits.hugepages-", "requests.hugepages-")
CORES = (Fraction(1, 1000), Fraction(1))
BYTES = (*(Fraction(1000**power) for power in range(7)), *(Fraction(1024**power) for power in range(1, 7)))
WHOLE_MAPPINGS = ("metadata.labels", "metadata.annotations")


def downward_errors(spec: Spec, containers: Iterable[Spec]) -> Iterator[DownwardError]:
    """Why the API server refuses a variable or a file in which a pod reads of itself."""
    for container in containers:
        for variable in mapping_items(container.get("env")):
            yield from _read_variable_errors(mapping_or_empty(variable.get("valueFrom")))
    for volume in mapping_items(spec.get("volumes")):
        for part in (volume, *mapping_items(nested_value(volume, "projected", "sources"))):
            for file in mapping_items(nested_value(part, "downwardAPI", "items")):
                yield from _downward_file_errors(file)


def _read_variable_errors(source: Spec) -> Iterator[DownwardError]:
    path = nested_value(source, "fieldRef", "fieldPath")
    if path in WHOLE_MAPPINGS:
        yield f"a variable cannot hold all of {path}", f"name one: {path}['KEY']"
    if "resourceFieldRef" in source:
        yield from _read_resource_errors(mapping_or_empty(source["resourceFieldRef"]))


def _downward_file_errors(file: Spec) -> Iterator[DownwardError]:
    path = str(nested_value(file, "fieldRef", "fieldPath") or "metadata")
    resource = mapping_or_empty(file.get("resourceFieldRef"))
    if not path.startswith("metadata"):
        yield f"a file of the downward API cannot hold {path}", "read it in a variable"
    if bool(file.get("fieldRef")) == bool(resource):
        yield "a file of the downward API needs a fieldRef or a resourceFieldRef", "set one of them"
    if resource:
        if not resource.get("containerName"):
            yield "the resourceFieldRef of a file has no containerName", "name the container"
        yield from _read_resource_errors(resource)


def _read_resource_errors(reference: Spec) -> Iterator[DownwardError]:
    resource = str(reference.get("resource") or "")
    if resource not in READ_RESOURCES and not resource.startswith(READ_RESOURCE_PREFIXES):
        yield (
            f"'{resource}' is no resource that a pod can read of itself",
            "use requests.cpu, limits.memory or the like",
        )
    divisor = reference.get("divisor")
    if divisor is not None and quantity_value(divisor) not in (0, *_divisors(resource)):
        yield f"{resource} cannot be divided by {divisor}", "divide by 1m, 1, or a unit such as 1Mi"


def _divisors(resource: str) -> tuple[Fraction, ...]:
    """Of cores a core or its thousandth, of bytes one unit (`validateContainerResourceDivisor`)."""
    return CORES if resource.endswith(".cpu") else BYTES
