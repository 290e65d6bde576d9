"""One change under judgment: what is live, what comes, in which passes, and what each object is at each point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from compiler.model.objects import Key
from compiler.transition.controllers import fleet
from compiler.transition.facts.pods import Template
from compiler.transition.facts.workload import ABSENT_PODS, WITHOUT_HEALTH, PodState, WorkloadFacts
from compiler.transition.sync import order, replicas
from compiler.transition.sync.options import SyncOptions
from compiler.transition.sync.order import SyncOperation, SyncPass
from compiler.transition.sync.replicas import Load
from compiler.transition.sync.snapshot import Snapshot

SyncPosition = tuple[int, int]
NEVER_WRITTEN: SyncPosition = (1 << 30, 0)
UnsettledPods = Mapping[Load, Mapping[Key, tuple[PodState, ...]]]
"""For each load, the workloads that an unfinished sync has left moving, with the states that they may be in."""
NO_UNSETTLED_PODS: UnsettledPods = {"low": {}, "grown": {}, "held": {}}


class Cut(NamedTuple):
    """A point of the sync: every group before `place` is written, and of the group there, the keys in `partly`.

    Of these, `gone` are deleted and not yet created anew.
    """

    place: SyncPosition
    partly: frozenset[Key] = frozenset()
    gone: frozenset[Key] = frozenset()


START = Cut((-1, 0))
END = Cut((1 << 29, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """The transition from `live` to `target`; requests must keep what `baseline` (confirmed) gave them.

    `unsettled` are the states of pods that an earlier, unfinished sync may have left behind.
    """

    baseline: Snapshot
    live: Snapshot
    target: Snapshot
    options: SyncOptions
    stages: tuple[SyncPass, ...]
    ops: Mapping[Key, tuple[SyncPosition, SyncOperation]]
    member_stage: Mapping[Key, int]
    unsettled: UnsettledPods

    def written(self, key: Key, cut: Cut) -> bool:
        """Whether the sync has written (or deleted) the object at this point."""
        result = self.ops.get(key)
        return result is not None and (result[0] < cut.place or key in cut.partly)

    def snapshot_of(self, key: Key, cut: Cut) -> Snapshot | None:
        """Where the object's present form is to be found; None: it does not exist."""
        if key in cut.gone:
            return None
        if key not in self.ops or not self.written(key, cut):
            return self.live if key in self.live.objects else None
        return self.target if key in self.target.objects else None

    def recreated(self, key: Key) -> bool:
        """Whether the sync deletes the object before it creates it anew."""
        return key in self.ops and self.ops[key][1].action == "recreate"

    def deleted_at(self, key: Key) -> Cut:
        """The point just after the object's write, of one that is created anew while it is away."""
        away = frozenset({key})
        return Cut(self.ops[key][0], away, away if self.recreated(key) else frozenset())

    def moment(self, *keys: Key) -> Cut:
        """The point just after the write of the first of these that the sync writes, or its beginning."""
        written = next((key for key in keys if key in self.ops), None)
        return START if written is None else Cut(self.ops[written][0], frozenset({written}))

    def moving(self, key: Key) -> bool:
        """Whether the pods of a workload may change in this transition, by whatever write."""
        if key in self.ops or key in self.unsettled["low"]:
            return True
        scaler = self.scaler_key(key)
        return scaler is not None and scaler in self.ops

    def moved_by(self, key: Key) -> Key | None:
        """The workload whose write sets a Rollout going, for that takes its template from there (`workloadRef`)."""
        old, new = self.live.workloads.get(key), self.target.workloads.get(key)
        if old is None or new is None or new.template_owner not in self.ops or old.template is new.template:
            return None
        return new.template_owner

    def gate_of(self, key: Key) -> int:
        """The pass whose gate, if it waits, opens once all pods of the workload are new; that of none is never reached.

        A Rollout is looked at in its own wave: what moves it later is seen by no gate.
        """
        if key[:2] in WITHOUT_HEALTH and key in self.target.workloads:
            return NEVER_WRITTEN[0]
        own = self.member_stage.get(key, NEVER_WRITTEN[0])
        owner = self.moved_by(key)
        if owner is None:
            return self.ops[key][0][0] if key in self.ops else own
        return own if self.ops[owner][0][0] <= own else NEVER_WRITTEN[0]

    def scaler_place(self, key: Key) -> SyncPosition | None:
        """Where the HPA of a workload is written in this sync."""
        scaler = self.scaler_key(key)
        return self.ops[scaler][0] if scaler is not None and scaler in self.ops else None

    def outlived_by_scaler(self, key: Key) -> bool:
        """Whether the HPA that a workload loses is still there after its write, and may set the count once more."""
        old, new, place = self.live.workloads.get(key), self.target.workloads.get(key), self.scaler_place(key)
        loses = old is not None and old.scaler is not None and new is not None and new.scaler is None
        return loses and key in self.ops and place is not None and self.ops[key][0] < place

    def scaler_key(self, key: Key) -> Key | None:
        """The HPA of a workload, as it comes or as it was."""
        for snapshot in (self.target, self.live):
            workload = snapshot.workloads.get(key)
            if workload is not None and workload.scaler is not None:
                return workload.scaler.key
        return None

    def count_before(self, key: Key, load: Load) -> int:
        """How many pods the workload has before the commit."""
        old = self.live.workloads.get(key)
        return 0 if old is None else replicas.converged_replicas(old, self.options, load)

    def count_after(self, key: Key, load: Load) -> int:
        """How many pods it surely has once its own write, and that of its HPA, have taken effect."""
        return self.count_of(key, self.target.workloads[key], load)

    def count_of(self, key: Key, new: WorkloadFacts, load: Load) -> int:
        """How many pods it surely has once `new` has taken effect, which is one of its forms with one of its HPA's.

        A count that stands in a manifest as before has been written back by each sync since: it takes no pods away now.
        """
        old, live = self.live.workloads.get(key), self.count_before(key, load)
        stays = old is not None and key not in self.ops
        count = (
            replicas.within_hpa_bounds(new, live) if stays else replicas.written_replicas(old, new, live, self.options)
        )
        if new.scaler is None or load != "low":
            return count
        return min(count, max(1, new.scaler.low))

    def makes_anew(self, key: Key) -> bool:
        """Whether the pods that the sync makes are the first of their template: none has shown that it can start."""
        old = self.live.workloads.get(key)
        known = old is not None and old.template is self.made_template(key)
        return not known or self.count_before(key, "low") == 0

    def made_template(self, key: Key) -> Template:
        """The template of the pods that come: a paused Deployment makes no ReplicaSet, and scales the latest it has.

        Source: Kubernetes, pkg/controller/deployment/sync.go `sync`, util/deployment_util.go `FindActiveOrLatest`.
        """
        old, new = self.live.workloads.get(key), self.target.workloads[key]
        kept = new.kind == "Deployment" and new.paused and not self.recreated(key)
        return old.template if kept and old is not None else new.template

    def starts(self, key: Key, load: Load) -> tuple[PodState, ...]:
        """The states that the pods can be in before this sync touches them."""
        if key in self.unsettled[load]:
            return self.unsettled[load][key]
        old = self.live.workloads.get(key)
        return (ABSENT_PODS,) if old is None else (fleet.converged_state(old, self.count_before(key, load)),)

    def settles(self, stage: int) -> bool:
        """Whether the wave after this one begins only with its objects Healthy, also in every retry.

        With ApplyOutOfSyncOnly a retry leaves out what was applied, Healthy or not, and goes on
        (Argo CD gitops-engine, sync_context.go, `filterOutOfSyncTasks`).
        """
        if stage >= len(self.stages) or not self.stages[stage].waits:
            return False
        return not self.options.has("ApplyOutOfSyncOnly=true")

    def workload(self, key: Key) -> WorkloadFacts:
        """The workload, as it comes or, where it goes, as it was."""
        return self.target.workloads.get(key) or self.live.workloads[key]

    def known_workload(self, key: Key) -> WorkloadFacts | None:
        """The workload as it comes or as it was; None where it had gone before, and only its pods may be left."""
        return self.target.workloads.get(key) or self.live.workloads.get(key)


def prepare_change(
    baseline: Snapshot, live: Snapshot, target: Snapshot, options: SyncOptions, unsettled: UnsettledPods
) -> Change:
    """The change, with its passes laid out."""
    stages = order.sync_passes(live.as_written, target.as_written, options)
    ops = _positions_of_operations(stages)
    ops |= dict(_rollouts_by_reference(live, target, ops))
    return Change(baseline, live, target, options, stages, ops, _members(stages), unsettled)


def _rollouts_by_reference(
    live: Snapshot, target: Snapshot, ops: Mapping[Key, tuple[SyncPosition, SyncOperation]]
) -> Iterator[tuple[Key, tuple[SyncPosition, SyncOperation]]]:
    """Rollouts whose template changes with the workload that they take it from: its write sets them going.

    Where a write of their own changes them too, the first of both counts.
    """
    for key, new in target.workloads.items():
        old, owner = live.workloads.get(key), new.template_owner
        if old is not None and owner is not None and owner in ops and old.template is not new.template:
            action = ops[key][1].action if key in ops else "apply"
            own = key in ops and live.objects[key].get("spec") != target.objects[key].get("spec")
            places = [ops[each][0] for each in ((key, owner) if own or action == "recreate" else (owner,))]
            yield key, (min(places), SyncOperation(key, action))


def _positions_of_operations(stages: Sequence[SyncPass]) -> dict[Key, tuple[SyncPosition, SyncOperation]]:
    keys: dict[Key, tuple[SyncPosition, SyncOperation]] = {}
    for number, stage in enumerate(stages):
        for index, group in enumerate(stage.groups):
            for op in group:
                keys.setdefault(op.key, ((number, index), op))
    return keys


def _members(stages: Sequence[SyncPass]) -> dict[Key, int]:
    return {key: number for number, stage in enumerate(stages) for key in stage.members}
