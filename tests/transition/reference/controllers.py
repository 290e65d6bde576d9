"""The Deployment, Rollout and ReplicaSet controllers, one step at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.transition.reference.workloads import Deployment

ANY = -1


class ReplicaSet(NamedTuple):
    wanted: int = 0
    ready: int = 0
    unready: int = 0

    @property
    def pods(self) -> int:
        return self.ready + self.unready

    @property
    def available(self) -> int:
        """Ready pods but those about to be deleted: that a controller may act on a stale status is not modeled."""
        return min(self.ready, self.wanted)


class Pods(NamedTuple):
    """A Deployment's ReplicaSets, one per commit; `scaled` once the last change of replicas has been acted on.

    `active`: the set to which a blue/green Rollout has switched its Service; ANY before it has done so once.
    `asked`: the replicas that its object asks for at this moment, whoever has written them.
    """

    sets: tuple[ReplicaSet, ...]
    scaled: bool = True
    active: int = ANY
    asked: int = 0


def with_set(pods: Pods, at: int, changed: ReplicaSet) -> Pods:
    return pods._replace(sets=(*pods.sets[:at], changed, *pods.sets[at + 1 :]))


def wanting(pods: Pods, at: int, wanted: int) -> Pods:
    return with_set(pods, at, pods.sets[at]._replace(wanted=wanted))


def controller(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    """The Deployment controller's next write, if any: scale first, then roll (`syncDeployment`)."""
    if deployment.active:
        yield from switch(pods, deployment, current)
    elif deployment.ordered:
        yield from in_order(pods, deployment, current)
    elif not pods.scaled:
        # a paused one makes no new set, and scales those that it has (`syncDeployment`, `sync`)
        active = [at for at, each in enumerate(pods.sets) if each.wanted] or [current] * (not deployment.paused)
        if not active:
            yield pods._replace(scaled=True)
            return
        at = active[0] if len(active) == 1 else current
        yield wanting(pods, at, deployment.replicas)._replace(scaled=True)
    elif deployment.paused:
        return
    elif deployment.recreate:
        yield from recreate(pods, deployment, current)
    else:
        yield from roll(pods, deployment, current)


def olds(pods: Pods, current: int) -> list[int]:
    return [at for at, each in enumerate(pods.sets) if at != current and each.wanted]


def switch(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    """Blue/green: the new pods beside the old, then the Service, then the old ones go (Argo Rollouts, `bluegreen.go`).

    The old set keeps following the replicas as long as the Service leads to it (`scaleBlueGreen`); what the Service
    leads to no more, or never did, goes after a delay, whatever the new pods do (`scaleDownDelayHelper`).
    """
    mine, count = pods.sets[current], deployment.replicas
    if not pods.scaled:
        serving = pods.active if pods.active != ANY and pods.sets[pods.active].wanted else current
        yield wanting(pods, serving, count)._replace(scaled=True)
    elif mine.wanted != count:
        yield wanting(pods, current, count)
    elif pods.active != current and mine.available == count:
        yield pods._replace(active=current)
    for at in olds(pods, current) if pods.scaled else ():
        if at != pods.active:
            yield wanting(pods, at, 0)


def in_order(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    """A StatefulSet's one step at a time, each once all pods are ready (stateful_set_control.go, `updateStatefulSet`).

    Pods that come have the new template; those with the highest ordinals go first, and have the newest ones.
    """
    total, newest = sum(each.wanted for each in pods.sets), [current, *reversed(olds(pods, current))]
    if not pods.scaled:
        yield pods._replace(scaled=True)
    elif any(each.ready != each.wanted or each.unready for each in pods.sets):
        return
    elif total < deployment.replicas:
        yield wanting(pods, current, pods.sets[current].wanted + 1)
    elif total > deployment.replicas or newest[1:]:
        at = next(at for at in (newest if total > deployment.replicas else newest[1:]) if pods.sets[at].wanted)
        yield wanting(pods, at, pods.sets[at].wanted - 1)


def recreate(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    running = [each for at, each in enumerate(pods.sets) if at != current and each.pods]
    if olds(pods, current):
        for at in olds(pods, current):
            pods = wanting(pods, at, 0)
        yield pods
    elif not running and pods.sets[current].wanted < deployment.replicas:
        yield wanting(pods, current, deployment.replicas)


def roll(pods: Pods, deployment: Deployment, current: int) -> Iterator[Pods]:
    """`reconcileNewReplicaSet`, and only when it has nothing to do `reconcileOldReplicaSets`."""
    mine = pods.sets[current]
    room = deployment.replicas + deployment.surge - sum(each.wanted for each in pods.sets)
    if mine.wanted > deployment.replicas:
        yield wanting(pods, current, deployment.replicas)
    elif mine.wanted < deployment.replicas and room > 0:
        yield wanting(pods, current, min(mine.wanted + room, deployment.replicas))
    elif olds(pods, current):
        shrunk = retire(pods, deployment, current)
        if shrunk != pods:
            yield shrunk


def retire(pods: Pods, deployment: Deployment, current: int) -> Pods:
    """Unready old pods go first (`cleanupUnhealthyReplicas`), then what is ready above the floor, oldest first."""
    mine, floor = pods.sets[current], deployment.replicas - deployment.unavailable
    spare = sum(each.wanted for each in pods.sets) - floor - (mine.wanted - mine.available)
    if spare <= 0:
        return pods
    for at in olds(pods, current):
        old = pods.sets[at]
        unhealthy = min(spare, old.wanted - old.available)
        spare -= unhealthy
        pods = wanting(pods, at, old.wanted - unhealthy)
    surplus = sum(each.available for each in pods.sets) - floor
    for at in olds(pods, current):
        old = pods.sets[at]
        healthy = max(min(surplus, old.wanted), 0)
        surplus -= healthy
        pods = wanting(pods, at, old.wanted - healthy)
    return pods


def replica_set(replicas: ReplicaSet, *, startable: bool, room: bool) -> Iterator[ReplicaSet]:
    """The ReplicaSet controller creates a pod, or deletes all that are too many (unready first); one becomes ready.

    `room`: whether the quotas of the namespace admit one pod more.
    """
    wanted, ready, unready = replicas
    if ready + unready < wanted and room:
        yield ReplicaSet(wanted, ready, unready + 1)
    elif ready + unready > wanted:
        waiting = min(unready, ready + unready - wanted)
        yield ReplicaSet(wanted, min(ready, wanted), unready - waiting)
    if unready and startable:
        yield ReplicaSet(wanted, ready + 1, unready - 1)
