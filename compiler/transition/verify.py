"""The doors of this package: one transition, its reverse, and a whole course of commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from compiler.model.manifest import Object
from compiler.model.verdict import Compared, Finding, Proven, Refuted, Verdict
from compiler.transition.sync.options import SyncOptions
from compiler.transition.verdict.course import (
    CommitHistory,
    StepVerdicts,
    findings_as_property,
    read_history,
    skip_verdicts,
)
from compiler.transition.verdict.grouping import without_consequences
from compiler.transition.verdict.judge import judge_beside
from compiler.transition.verdict.premises import premises

DEFAULT_SYNC_OPTIONS = SyncOptions()


def verify(
    before: Sequence[Object],
    after: Sequence[Object],
    application: SyncOptions = DEFAULT_SYNC_OPTIONS,
    *,
    unconfirmed: Sequence[Sequence[Object]] = (),
) -> Verdict:
    """Whether the sync that turns the converged `before` into `after` keeps every property in every state.

    `unconfirmed` are earlier commits, the oldest first, that the cluster may still hold, wholly or half-way; what goes
    wrong from there, or on the way back from `after`, is a warning (`skip-safe`, `reversible`).
    """
    if before == after and all(earlier == after for earlier in unconfirmed):
        return _empty_change_verdict(application, len(before))
    history = read_history([*unconfirmed, before, after], application)
    verdict = history.verdict(len(unconfirmed), len(unconfirmed) + 1)
    findings = without_consequences(verdict.findings)
    if unconfirmed or not isinstance(verdict, Refuted):
        findings = (*findings, *_backward_warnings(history), *_skip_warnings(history))
    return replace(verdict, findings=findings)


@lru_cache(maxsize=64)
def _empty_change_verdict(application: SyncOptions, objects: int) -> Verdict:
    return Proven(1, premises(application), compared=Compared(objects, before=objects))


def _backward_warnings(history: CommitHistory) -> Iterator[Finding]:
    count = len(history.snapshots)
    if history.snapshots[-2].objects:
        errors = history.return_errors(count - 1, count - 2)
        yield from findings_as_property(without_consequences(errors), "not-reversible", "warning")


def _skip_warnings(history: CommitHistory) -> Iterator[Finding]:
    for _, verdict in skip_verdicts(history, len(history.snapshots) - 1):
        yield from findings_as_property(without_consequences(verdict.errors), "skip-unsafe", "warning")


def verify_forward(
    before: Sequence[Object], after: Sequence[Object], application: SyncOptions = DEFAULT_SYNC_OPTIONS
) -> Verdict:
    """Like `verify`, of the way forward alone: no word on the way back."""
    if before == after:
        return _empty_change_verdict(application, len(before))
    return read_history([before, after], application).verdict(0, 1)


@dataclass(frozen=True, slots=True)
class OtherObjects:
    """What other Applications hold while one is synced, what was published of them, and what they come to."""

    live: Sequence[Object]
    published: Sequence[Object]
    settled: Sequence[Object]


def verify_beside(
    others: OtherObjects,
    live: Sequence[Object],
    published: Sequence[Object],
    after: Sequence[Object],
    application: SyncOptions = DEFAULT_SYNC_OPTIONS,
) -> Verdict:
    """One Application's sync from `live` to `after` while the others stand still: nothing orders two of them.

    What is published answers, what answers now, and what will once all have come to what they will be, is answered
    all the way.
    """
    commits = [
        [*others.live, *live],
        [*others.live, *after],
        [*others.settled, *after],
        [*others.published, *published],
    ]
    history = read_history(commits, application)
    return judge_beside(history.change(0, 1), history.change(0, 2), history.change(3, 2))


def verify_reverse(
    before: Sequence[Object], after: Sequence[Object], application: SyncOptions = DEFAULT_SYNC_OPTIONS
) -> Verdict:
    """Whether going back from the converged `after` to `before` is safe."""
    if before == after:
        return _empty_change_verdict(application, len(before))
    return read_history([before, after], application).verdict(1, 0)


def verify_course(
    commits: Sequence[Sequence[Object]], application: SyncOptions = DEFAULT_SYNC_OPTIONS
) -> tuple[StepVerdicts, ...]:
    """Each step of a course: from its predecessor, from every earlier commit whole or half-way, and back again.

    `commits` begins with what is confirmed; step k turns `commits[k - 1]` into `commits[k]`.
    """
    history = read_history(commits, application)
    return tuple(_step_verdicts(history, number) for number in range(1, len(commits)))


def verify_steps(
    commits: Sequence[Sequence[Object]], application: SyncOptions = DEFAULT_SYNC_OPTIONS
) -> tuple[StepVerdicts, ...]:
    """As `verify_course`, but from whole earlier commits alone: for a storyboard, whose steps nobody publishes yet.

    A third of the cost; the half-way states are looked at when a step becomes the commit under review.
    """
    history = read_history(commits, application)
    return tuple(_step_from_whole_commits(history, number) for number in range(1, len(commits)))


def _step_from_whole_commits(history: CommitHistory, number: int) -> StepVerdicts:
    skipped = ((f"commit {start}", history.verdict(start, number)) for start in range(number - 1))
    return StepVerdicts(history.verdict(number - 1, number), tuple(skipped), _backward_verdict(history, number))


def _backward_verdict(history: CommitHistory, number: int) -> Verdict:
    to_install = not history.snapshots[number - 1].objects
    return history.verdict(number - 1, number) if to_install else history.verdict(number, number - 1)


def verify_newest(commits: Sequence[Sequence[Object]], application: SyncOptions = DEFAULT_SYNC_OPTIONS) -> StepVerdicts:
    """The last step of `verify_course` alone: the commit that is about to be published."""
    return _step_verdicts(read_history(commits, application), len(commits) - 1)


def _step_verdicts(history: CommitHistory, number: int) -> StepVerdicts:
    return StepVerdicts(
        history.verdict(number - 1, number),
        tuple(skip_verdicts(history, number)),
        _backward_verdict(history, number),
    )
