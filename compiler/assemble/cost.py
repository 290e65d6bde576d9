"""What a release's pods ask for: cores and bytes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from compiler.assemble.container import resources_of
from compiler.model.cost import ZERO_COST, Cost
from compiler.model.quantity import is_quantity, parse_quantity
from compiler.spec.container import Resources
from compiler.spec.release import Release


def cost_of(release: Release, pods: int, versions: Sequence[Resources | None] = ()) -> Cost:
    """The cost of `pods` pods, by the largest requests among the container's and its versions' own."""
    candidates = [None, *(own for own in versions if own is not None)]
    cpu, memory = (max(pod_request(release, own, name) for own in candidates) for name in ("cpu", "memory"))
    return Cost(1, cpu, memory) * pods


def pod_request(release: Release, version: Resources | None, name: str) -> Decimal:
    """What a quota counts a pod for: all its containers together, or an init container that asks for more.

    Source: Kubernetes, pkg/quota/v1/evaluator/core/pods.go (`PodUsageFunc`) and, for init containers that go on
    beside the others, KEP-753.
    """
    pods = release.spec.pods
    lasting = [each for each in pods.init_containers if each.get("restartPolicy") == "Always"]
    passing = [requested_amount(each.get("resources"), name) for each in pods.init_containers if each not in lasting]
    beside = sum((requested_amount(each.get("resources"), name) for each in lasting), Decimal(0))
    own = requested_amount(resources_of(release.spec.container.resources, version).get("resources"), name)
    together = own + sum((requested_amount(each.get("resources"), name) for each in pods.sidecars), Decimal(0))
    return beside + max([together, *passing])


def smoke_cost(release: Release) -> Cost:
    """The pod of the smoke test, which runs while both tracks do: without room for it the gate never opens."""
    test = release.spec.smoke_test
    if test is None:
        return ZERO_COST
    asked = resources_of(test.resources, None).get("resources")
    return Cost(1, requested_amount(asked, "cpu"), requested_amount(asked, "memory"))


def requested_amount(resources: Any, name: str) -> Decimal:
    """A container's request; its limit stands in for a missing one (`SetDefaults_Pod`). What is no quantity is 0 here:
    the object's schema refuses it.
    """
    parts = resources if isinstance(resources, dict) else {}
    for part in (parts.get("requests"), parts.get("limits")):
        if isinstance(part, dict) and name in part:
            return parse_quantity(part[name]) if is_quantity(part[name]) else Decimal(0)
    return Decimal(0)
