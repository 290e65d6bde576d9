"""How many pods a workload comes to ask for: what its manifest says or its HPA wants under the load of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.transition.reference.workloads import HPA, Deployment, Scaler

if TYPE_CHECKING:
    from tests.transition.reference.model import Live, World


def scaler(world: World, live: Live, index: int) -> Scaler | None:
    """The HPA of a workload."""
    every = (form for _, form in world.of_kind(live, HPA) if form.target == world.deployments[index])
    return next(every, None)


def scaled_count(world: World, live: Live, index: int) -> int | None:
    """The count that the workload's HPA wants under the load of this world; None without an HPA."""
    own = scaler(world, live, index)
    if own is None:
        return None
    return own.high if world.busy(live, index) else own.low


def count_at_rest(world: World, live: Live, index: int) -> int:
    """How many pods the workload has once what is live has converged.

    An HPA leaves alone what asks for no pods; whom nobody scales any more keeps the count that he has.
    """
    form: Deployment | None = world.held(live, world.deployments[index])
    if form is None or form.written == 0:
        return 0
    count, start = scaled_count(world, live, index), world.live_at(0)
    if count is None and form.written is None and live != start:
        before: Deployment | None = world.held(start, world.deployments[index])
        if before is not None and before.written is None:
            return count_at_rest(world, start, index)
    return form.replicas if count is None else count


def applied_count(old: Deployment | None, new: Deployment, count: int) -> int:
    """The replicas after an apply: what the manifest says, the default where it stops to say any, or as they were.

    Source: kubectl's three-way merge; pkg/apis/apps/v1/defaults.go `SetDefaults_Deployment`.
    """
    if new.written is not None or old is None or old.written is not None:
        return new.replicas
    return count
