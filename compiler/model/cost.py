"""What pods ask of a cluster: their number, cores and bytes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compiler.model.quantity import formatted_quantity


@dataclass(frozen=True, slots=True)
class Cost:
    """Pods (count), requested cpu (cores) and memory (bytes)."""

    pods: int
    cpu: Decimal
    memory: Decimal

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.pods + other.pods, self.cpu + other.cpu, self.memory + other.memory)

    def __mul__(self, times: int) -> Cost:
        return Cost(self.pods * times, self.cpu * times, self.memory * times)

    def __str__(self) -> str:
        """`12 pods, 6 cores, 24 GiB`; what nothing was requested of is left out."""
        parts = [f"{self.pods} pod{'' if self.pods == 1 else 's'}"]
        if self.cpu:
            parts.append(f"{formatted_quantity(self.cpu, 'cpu')} core{'' if self.cpu == 1 else 's'}")
        if self.memory:
            parts.append(formatted_quantity(self.memory, "memory"))
        return ", ".join(parts)


ZERO_COST = Cost(0, Decimal(0), Decimal(0))
