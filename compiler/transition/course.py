"""Courses: several commits in a row, of which the cluster may hold any, or something half-way between two.

Source: Argo CD, controller/appcontroller.go `autoSync` (always the newest commit, and only once the running operation
has ended) and controller/sync.go (an operation is terminated between two passes, never within one); the last wave of
a sync is not waited for (gitops-engine, sync_context.go `Sync`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from compiler.diagnostics.model import Severity
from compiler.manifest import Object
from compiler.transition.change import AT_REST, Change, Cut, Unsettled, prepare
from compiler.transition.judge import judge
from compiler.transition.model import Finding, SyncOptions, Verdict
from compiler.transition.objects import Key, key_of
from compiler.transition.side import Side, read_side
from compiler.transition.sync import hook_phases
from compiler.transition.workload import Templates

WHOLE_PASS = 1 << 20
PROPERTIES = {"not-reversible": "reversible", "skip-unsafe": "skip-safe"}
WORDS = {
    "not-reversible": "going back from here is not safe: {}",
    "skip-unsafe": "from an earlier commit that is not confirmed: {}",
}


@dataclass(frozen=True, slots=True)
class Step:
    """The verdicts on one step of a course: forward, from each earlier starting point (by name), and back."""

    forward: Verdict
    skips: tuple[tuple[str, Verdict], ...]
    reverse: Verdict

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings as a plan takes them: what is unsafe from an earlier commit, or on the way back, is an error."""
        skipped = [found for _, verdict in self.skips for found in as_property(verdict, "skip-unsafe", "error")]
        back = as_property(self.reverse, "not-reversible", "error")
        return (*self.forward.findings, *dict.fromkeys(skipped), *back)

    @property
    def longest_wait(self) -> float | None:
        """The seconds that a newer commit may have to wait for this step; None: a gate has no bound."""
        return self.forward.longest_wait


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Commits in their order, read once."""

    sides: tuple[Side, ...]
    options: SyncOptions
    verdicts: dict[tuple[int, int], Verdict]


def read_history(commits: Sequence[Sequence[Object]], options: SyncOptions) -> History:
    """The facts of each commit; equal pod templates are one value on all sides."""
    templates: Templates = {}
    sides: list[Side] = []
    for objects in commits:
        before = sides[-1] if sides else None
        sides.append(read_side(_applied(objects, options, before), templates, before))
    return History(tuple(sides), options, {})


def _applied(objects: Sequence[Object], options: SyncOptions, before: Side | None) -> dict[Key, Object]:
    """The objects that a sync may write, by key: a hook of no phase never is, unless it was no hook before."""
    known = before.objects if before else {}
    keyed = ((key_of(obj, options.namespace), obj) for obj in objects)
    return {key: obj for key, obj in keyed if hook_phases(obj) != () or key in known}


def forward(history: History, start: int, end: int) -> Verdict:
    """The verdict on the change from one converged commit to another."""
    if (start, end) not in history.verdicts:
        history.verdicts[start, end] = judge(_change(history, start, end))
    return history.verdicts[start, end]


def _change(history: History, start: int, end: int) -> Change:
    side = history.sides[start]
    return prepare(side, side, history.sides[end], history.options, AT_REST)


def skips(history: History, end: int) -> Iterator[tuple[str, Verdict]]:
    """The verdicts from every commit before the predecessor, and from every half-way state before `end`."""
    for start in range(end - 1):
        yield f"commit {start}", forward(history, start, end)
    for start in range(end - 1):
        for middle in range(start + 1, end):
            yield from _half_way(history, start, middle, end)


def _half_way(history: History, start: int, middle: int, end: int) -> Iterator[tuple[str, Verdict]]:
    """From each state in which the sync of `start` → `middle` can have ended, on to `end`."""
    under_way, reference = _change(history, start, middle), _change(history, start, end)
    between = [_change(history, number, number) for number in range(start + 1, end)]
    seen: list[tuple[Mapping[Key, Object], Unsettled]] = []
    for number, stage in enumerate(under_way.stages):
        objects = _objects(under_way, Cut((number + 1, 0)))
        pods = _pods(under_way, Cut((number, WHOLE_PASS)))
        if (objects, pods) in seen or (objects == under_way.live.objects and not pods["low"]):
            continue
        seen.append((objects, pods))
        live = read_side(objects, _templates(history), history.sides[middle])
        change = prepare(reference.baseline, live, reference.target, history.options, pods)
        yield (
            f"commit {middle} ended after {stage.name} on the way from commit {start}",
            judge(change, reference, between),
        )


def _objects(change: Change, cut: Cut) -> dict[Key, Object]:
    keys = {**change.live.objects, **change.target.objects}
    sides = ((key, change.side_of(key, cut)) for key in keys)
    return {key: side.objects[key] for key, side in sides if side is not None}


def _pods(change: Change, cut: Cut) -> Unsettled:
    """The workloads that have not come to rest at this point, with the states that they may be in."""
    keys = [key for key in {**change.live.workloads, **change.target.workloads} if change.moving(key)]
    moving = [key for key in keys if change.written(key, cut) and len(change.pods(key, cut, "low")) > 1]
    return {load: {key: change.pods(key, cut, load) for key in moving} for load in AT_REST}


def _templates(history: History) -> Templates:
    templates: Templates = {}
    for side in history.sides:
        for key, workload in side.workloads.items():
            known = templates.setdefault(key, [])
            if workload.template not in known:
                known.append(workload.template)
    return templates


def as_property(verdict: Verdict, code: str, severity: Severity) -> Iterator[Finding]:
    """A verdict's errors, told as those of another property."""
    for found in verdict.errors:
        message = WORDS[code].format(f"{found.message} [{found.code}]")
        yield replace(found, code=code, property=PROPERTIES[code], severity=severity, message=message)
