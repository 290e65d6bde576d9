"""Courses: several commits in a row, of which the cluster may hold any, or something half-way between two.

Source: Argo CD, controller/appcontroller.go `autoSync` (always the newest commit, and only once the running operation
has ended) and controller/sync.go (an operation is terminated between two passes, never within one); the last wave of
a sync is not waited for (gitops-engine, sync_context.go `Sync`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from compiler.diagnostics.model import Severity
from compiler.model.manifest import Object
from compiler.model.objects import Key, object_key
from compiler.model.request import Request
from compiler.model.verdict import Finding, Verdict
from compiler.transition.facts.legacy_versions import in_present_form
from compiler.transition.facts.workload import Templates
from compiler.transition.search.request_classes import routed_classes, service_classes
from compiler.transition.sync.assumed_namespace import with_assumed_namespace
from compiler.transition.sync.assumed_version import with_assumed_version
from compiler.transition.sync.change import NO_UNSETTLED_PODS, Change, Cut, UnsettledPods, prepare_change
from compiler.transition.sync.options import SyncOptions
from compiler.transition.sync.order import hook_phases, is_passed_over
from compiler.transition.sync.pod_states import PodStates
from compiler.transition.sync.snapshot import Snapshot, read_snapshot
from compiler.transition.verdict.judge import judge_change, judge_return, judge_unfinished, return_errors

END_OF_PASS = 1 << 20
PROPERTIES = {"not-reversible": "reversible", "skip-unsafe": "skip-safe"}
PROPERTY_MESSAGES = {
    "not-reversible": "going back from here is not safe: {}",
    "skip-unsafe": "not safe from an earlier commit that is not confirmed: {}",
}


@dataclass(frozen=True, slots=True)
class StepVerdicts:
    """The verdicts on one step of a course: forward, from each earlier starting point (by name), and back."""

    forward: Verdict
    skips: tuple[tuple[str, Verdict], ...]
    reverse: Verdict

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings as a plan takes them: what is unsafe from an earlier commit, or on the way back, is an error."""
        skipped = [
            finding
            for _, verdict in self.skips
            for finding in findings_as_property(verdict.errors, "skip-unsafe", "error")
        ]
        back = findings_as_property(self.reverse.errors, "not-reversible", "error")
        return (*self.forward.findings, *dict.fromkeys(skipped), *back)

    @property
    def longest_wait(self) -> float | None:
        """The seconds that a newer commit may have to wait for this step; None: a gate has no bound."""
        return self.forward.longest_wait


class CommitHistory:
    """Commits in their order, read once; remembers the verdicts between two of them."""

    def __init__(self, snapshots: Sequence[Snapshot], options: SyncOptions) -> None:
        self.snapshots = tuple(snapshots)
        self.options = options
        self._verdicts: dict[tuple[int, int], Verdict] = {}
        self._routed: dict[tuple[int, int], list[Request]] = {}

    def verdict(self, start: int, end: int) -> Verdict:
        """The verdict on the change from one converged commit to another."""
        if (start, end) not in self._verdicts:
            judge = judge_change if start <= end else judge_return
            change = self.change(start, end)
            self._verdicts[start, end] = judge(change, self._requests(start, end, change))
        return self._verdicts[start, end]

    def return_errors(self, start: int, end: int) -> tuple[Finding, ...]:
        """The errors of the verdict on the way back from a commit to an earlier one, at two thirds of its cost."""
        known = self._verdicts.get((start, end))
        change = self.change(start, end)
        return return_errors(change, self._requests(start, end, change)) if known is None else known.errors

    def _requests(self, start: int, end: int, change: Change) -> list[Request]:
        """A request of each class; those that routes tell apart are worked out once for both directions."""
        pair = (min(start, end), max(start, end))
        if pair not in self._routed:
            self._routed[pair] = routed_classes(change)
        return [*self._routed[pair], *service_classes(change)]

    def change(self, start: int, end: int) -> Change:
        """The change from one converged commit to another."""
        snapshot = self.snapshots[start]
        return prepare_change(snapshot, snapshot, self.snapshots[end], self.options, NO_UNSETTLED_PODS)


def read_history(commits: Sequence[Sequence[Object]], options: SyncOptions) -> CommitHistory:
    """The facts of each commit; equal pod templates are one value in all of them."""
    templates: Templates = {}
    snapshots: list[Snapshot] = []
    options = with_assumed_version(commits, with_assumed_namespace(commits, options))
    for objects in commits:
        before = snapshots[-1] if snapshots else None
        written = _applied_objects(objects, options, before)
        snapshots.append(read_snapshot(written, options.kubernetes, templates, before))
    return CommitHistory(snapshots, options)


def _applied_objects(objects: Sequence[Object], options: SyncOptions, before: Snapshot | None) -> dict[Key, Object]:
    """The objects that a sync may write, by key: a hook of no phase never is, and one that is skipped stays live."""
    known = before.objects if before else {}
    keyed = ((object_key(obj, options.namespace), in_present_form(obj)) for obj in objects)
    return {key: obj for key, obj in keyed if hook_phases(obj) != () or (key in known and is_passed_over(obj))}


def skip_verdicts(history: CommitHistory, end: int) -> Iterator[tuple[str, Verdict]]:
    """The verdicts from every commit before the predecessor, and from every half-way state before `end`."""
    for start in range(end - 1):
        yield f"commit {start}", history.verdict(start, end)
    for start in range(end - 1):
        for middle in range(start + 1, end):
            yield from _partial_sync_verdicts(history, start, middle, end)


def _partial_sync_verdicts(history: CommitHistory, start: int, middle: int, end: int) -> Iterator[tuple[str, Verdict]]:
    """From each state in which the sync of `start` → `middle` can have ended, on to `end`."""
    under_way, reference = history.change(start, middle), history.change(start, end)
    between = [history.change(number, number) for number in range(start + 1, end)]
    seen: list[tuple[Mapping[Key, Object], UnsettledPods]] = []
    for number, stage in enumerate(under_way.stages):
        objects = _objects_at(under_way, Cut((number + 1, 0)))
        pods = _unsettled_pods(under_way, Cut((number, END_OF_PASS)))
        if (objects, pods) in seen or (objects == under_way.live.as_written and not pods["low"]):
            continue
        seen.append((objects, pods))
        live = read_snapshot(objects, history.options.kubernetes, _all_templates(history), history.snapshots[middle])
        change = prepare_change(reference.baseline, live, reference.target, history.options, pods)
        yield (
            f"a sync of commit {middle} that ended after {stage.name}, coming from commit {start}",
            judge_unfinished(change, reference, between),
        )


def _objects_at(change: Change, cut: Cut) -> dict[Key, Object]:
    keys = {**change.live.objects, **change.target.objects}
    snapshots = ((key, change.snapshot_of(key, cut)) for key in keys)
    written = {side: side.as_written for side in (change.live, change.target)}
    return {key: written[snapshot][key] for key, snapshot in snapshots if snapshot is not None}


def _unsettled_pods(change: Change, cut: Cut) -> UnsettledPods:
    """The workloads that have not come to rest at this point, with the states that they may be in."""
    pods = PodStates(change)
    keys = [key for key in {**change.live.workloads, **change.target.workloads} if change.moving(key)]
    moving = [key for key in keys if change.written(key, cut) and len(pods.at(key, cut, "low")) > 1]
    return {load: {key: pods.at(key, cut, load) for key in moving} for load in NO_UNSETTLED_PODS}


def _all_templates(history: CommitHistory) -> Templates:
    templates: Templates = {}
    for snapshot in history.snapshots:
        for key, workload in snapshot.workloads.items():
            known = templates.setdefault(key, [])
            if workload.template not in known:
                known.append(workload.template)
    return templates


def findings_as_property(errors: Iterable[Finding], code: str, severity: Severity) -> Iterator[Finding]:
    """Errors, told as those of another property."""
    for error in errors:
        message = PROPERTY_MESSAGES[code].format(f"{error.message} [{error.code}]")
        yield replace(error, code=code, property=PROPERTIES[code], severity=severity, message=message)
