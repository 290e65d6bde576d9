"""What pods ask of a cluster: their number, cores, bytes, devices; and how many there are while a track changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from compiler.model.objects import integer_or_default, mapping_items, nested_value
from compiler.model.quantity import formatted_quantity, is_quantity, parse_quantity

BASIC_RESOURCES: Final = ("cpu", "memory")
ContainerRequests = Mapping[str, Any]
"""A container with its `resources` and, for init containers, its `restartPolicy`."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Pods (count), requested cpu (cores), memory (bytes), and whatever else is requested, by name, in its units."""

    pods: int
    cpu: Decimal
    memory: Decimal
    extended: tuple[tuple[str, Decimal], ...] = ()

    def __add__(self, other: Cost) -> Cost:
        extended = summed_resources(self.extended, other.extended)
        return Cost(self.pods + other.pods, self.cpu + other.cpu, self.memory + other.memory, extended)

    def __sub__(self, other: Cost) -> Cost:
        return self + other * -1

    def __mul__(self, times: int) -> Cost:
        extended = tuple((name, value * times) for name, value in self.extended)
        return Cost(self.pods * times, self.cpu * times, self.memory * times, extended)

    def __str__(self) -> str:
        """`12 pods, 6 cores, 24 GiB, 4 nvidia.com/gpu`; what nothing was requested of is left out."""
        parts = [f"{self.pods} pod{'' if self.pods == 1 else 's'}"]
        if self.cpu:
            parts.append(f"{formatted_quantity(self.cpu, 'cpu')} core{'' if self.cpu == 1 else 's'}")
        if self.memory:
            parts.append(formatted_quantity(self.memory, "memory"))
        parts += [f"{formatted_quantity(value, name)} {name}" for name, value in self.extended if value]
        return ", ".join(parts)

    @property
    def record(self) -> tuple[Any, ...]:
        """All of it as plain data, which the cache takes."""
        return self.pods, str(self.cpu), str(self.memory), tuple((name, str(value)) for name, value in self.extended)

    @staticmethod
    def of_record(record: tuple[Any, ...]) -> Cost:
        pods, cpu, memory, extended = record
        return Cost(pods, Decimal(cpu), Decimal(memory), tuple((name, Decimal(value)) for name, value in extended))

    def use_of(self, resource: str) -> Decimal:
        """The use of a resource that a quota limits: `pods`, `cpu`, `memory`, `nvidia.com/gpu`."""
        basic = {"pods": Decimal(self.pods), "cpu": self.cpu, "memory": self.memory}
        return basic[resource] if resource in basic else dict(self.extended).get(resource, Decimal(0))


ZERO_COST = Cost(0, Decimal(0), Decimal(0))


def summed_resources(*parts: Iterable[tuple[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
    total: dict[str, Decimal] = {}
    for name, value in (each for part in parts for each in part):
        total[name] = total.get(name, Decimal(0)) + value
    return tuple(sorted(total.items()))


def largest_cost(costs: Iterable[Cost]) -> Cost:
    """The most that any of the costs has of each resource."""
    every = list(costs)
    extended = {name: max(each.use_of(name) for each in every) for each in every for name, _ in each.extended}
    basic = [max((each.use_of(name) for each in every), default=Decimal(0)) for name in ("pods", *BASIC_RESOURCES)]
    return Cost(int(basic[0]), basic[1], basic[2], tuple(sorted(extended.items())))


def pod_cost(containers: Sequence[ContainerRequests], init_containers: Sequence[ContainerRequests]) -> Cost:
    """What a quota counts a pod for: all its containers together, or an init container that asks for more.

    Source: Kubernetes, pkg/quota/v1/evaluator/core/pods.go (`PodUsageFunc`) and, for init containers that go on
    beside the others, KEP-753.
    """
    lasting = [each for each in init_containers if each.get("restartPolicy") == "Always"]
    passing = [requests_of(each) for each in init_containers if each not in lasting]
    together = merged_requests(requests_of(each) for each in containers)
    names = {name for part in (together, *passing, *map(requests_of, lasting)) for name in part}
    beside = merged_requests(requests_of(each) for each in lasting)
    total = {
        name: beside.get(name, Decimal(0)) + max(part.get(name, Decimal(0)) for part in (together, *passing))
        for name in sorted(names)
    }
    cpu, memory = (total.pop(name, Decimal(0)) for name in BASIC_RESOURCES)
    return Cost(1, cpu, memory, tuple(total.items()))


def template_cost(workload: Mapping[str, Any]) -> Cost:
    """What one pod of a workload or Job asks for."""
    spec = nested_value(workload, "spec", "template", "spec") or {}
    return pod_cost(list(mapping_items(spec.get("containers"))), list(mapping_items(spec.get("initContainers"))))


def job_cost(job: Mapping[str, Any]) -> Cost:
    """What the pods of a Job ask for that run at once. Source: Kubernetes, pkg/controller/job, `manageJob`."""
    parallelism = integer_or_default(nested_value(job, "spec", "parallelism"), 1)
    completions = integer_or_default(nested_value(job, "spec", "completions"), parallelism)
    return template_cost(job) * min(parallelism, completions)


def merged_requests(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    return dict(summed_resources(*(part.items() for part in parts)))


def requests_of(container: ContainerRequests) -> dict[str, Decimal]:
    """A container's requests; its limits stand in for missing ones (`SetDefaults_Pod`). What is not a quantity is 0
    here: the object's schema refuses it.
    """
    resources = container.get("resources")
    parts = [resources.get(part) for part in ("limits", "requests")] if isinstance(resources, dict) else []
    asked = {name: value for part in parts if isinstance(part, dict) for name, value in part.items()}
    return {name: parse_quantity(value) if is_quantity(value) else Decimal(0) for name, value in asked.items()}


class LargestCounts(NamedTuple):
    """The most pods of a release's workloads: between two commits, and while one of them replaces pods."""

    standing: int
    changing: int


def cost_of_change(pod: Cost, counts: LargestCounts, first_jobs: Cost, smoke_tests: Cost) -> Cost:
    """The most that a change takes of each resource.

    Jobs that must succeed before the first pod of a version run while only the pods from before stand; smoke tests run
    beside all pods.
    """
    return largest_cost([pod * counts.standing + first_jobs, pod * counts.changing + smoke_tests])


def track_peak(before: int, after: int, surge: int | str, *, replaced: bool) -> int:
    """The most pods of a Deployment while it goes from `before` to `after` pods; `replaced`: by pods of a new template.

    New pods are made up to `maxSurge` above the wanted number, and never more than that number.
    Source: Kubernetes, pkg/controller/deployment/util, `NewRSNewReplicas`.
    """
    if not replaced:
        return max(before, after)
    return max(before, min(after + surge_pods(surge, after), before + after))


def surge_pods(surge: int | str, replicas: int) -> int:
    """`maxSurge` in pods; percentages round up (kubernetes pkg/controller/deployment/util, ResolveFenceposts)."""
    return surge if isinstance(surge, int) else -(-replicas * int(surge.removesuffix("%")) // 100)
