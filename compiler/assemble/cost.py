"""What a release costs at the peak of a course: pods, cores and bytes, against the environment's quota."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compiler.assemble.quantity import amount, written
from compiler.diagnostics.model import Problem
from compiler.spec.container import Resources
from compiler.spec.pods import Quota
from compiler.spec.release import Release


@dataclass(frozen=True, slots=True)
class Cost:
    """Pods (count), requested cpu (cores) and memory (bytes)."""

    pods: int
    cpu: Decimal
    memory: Decimal

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.pods + other.pods, self.cpu + other.cpu, self.memory + other.memory)

    def __str__(self) -> str:
        """`12 pods, 6 cores, 24 GiB`; what nothing was requested of is left out."""
        parts = [f"{self.pods} pod{'' if self.pods == 1 else 's'}"]
        if self.cpu:
            parts.append(f"{written(self.cpu, 'cpu')} core{'' if self.cpu == 1 else 's'}")
        if self.memory:
            parts.append(written(self.memory, "memory"))
        return ", ".join(parts)


NOTHING = Cost(0, Decimal(0), Decimal(0))


def cost_of(release: Release, pods: int, versions: Sequence[Resources | None] = ()) -> Cost:
    """The cost of `pods` pods, by the largest requests among the container's and its versions' own."""
    base = release.spec.container.resources.requests
    candidates = [{**base, **(own.requests if own is not None else {})} for own in (None, *versions)]
    cpu = max(amount(candidate.get("cpu", 0)) for candidate in candidates)
    memory = max(amount(candidate.get("memory", 0)) for candidate in candidates)
    return Cost(pods, cpu * pods, memory * pods)


def check_quota(quota: Quota | None, others: Cost, own: Cost) -> list[Problem]:
    """A course of one release at its peak, while all the others rest, must fit: a full quota stalls a rollout."""
    if quota is None:
        return []
    total = others + own
    limits = {"pods": quota.pods, "cpu": quota.cpu, "memory": quota.memory}
    uses = {"pods": Decimal(total.pods), "cpu": total.cpu, "memory": total.memory}
    problems = []
    for name, limit in limits.items():
        if limit is not None and uses[name] > amount(limit):
            problems.append(
                Problem(
                    "quota-exceeded",
                    f"a course needs {written(uses[name], name)} {name} at its peak, and the quota is {limit}",
                    ("spec", "strategy"),
                    f"this release alone takes {own}: raise the environment's quota, or ask for less",
                    on_key=True,
                )
            )
    return problems
