"""What a release's pods ask for, from its spec."""

from __future__ import annotations

from collections.abc import Sequence

from compiler.assemble.container import resources_of
from compiler.model.cost import ZERO_COST, Cost, largest_cost, pod_cost
from compiler.spec.container import Resources
from compiler.spec.release import Release


def cost_of_pod(release: Release, versions: Sequence[Resources | None] = ()) -> Cost:
    """One pod, by the largest requests among the container's and its versions' own."""
    pods = release.spec.pods
    own = [resources_of(release.spec.container.resources, version) for version in (None, *versions)]
    return largest_cost(pod_cost([each, *pods.sidecars], pods.init_containers) for each in own)


def smoke_cost(release: Release) -> Cost:
    """The pod of the smoke test, which runs while both tracks do: without room for it the gate never opens."""
    test = release.spec.smoke_test
    return ZERO_COST if test is None else pod_cost([resources_of(test.resources, None)], ())
