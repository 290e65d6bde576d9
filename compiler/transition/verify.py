"""The doors of this package: one transition, its reverse, and a whole course of commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from compiler.manifest import Object
from compiler.transition.course import History, Step, as_property, forward, read_history, skips
from compiler.transition.judge import premises
from compiler.transition.model import Finding, SyncOptions, Verdict

DEFAULTS = SyncOptions()


def verify(
    before: Sequence[Object],
    after: Sequence[Object],
    application: SyncOptions = DEFAULTS,
    *,
    unconfirmed: Sequence[Sequence[Object]] = (),
) -> Verdict:
    """Whether the sync that turns the converged `before` into `after` keeps every property in every state.

    `unconfirmed` are earlier commits, the oldest first, that the cluster may still hold, wholly or half-way; what goes
    wrong from there, or on the way back from `after`, is a warning (`skip-safe`, `reversible`).
    """
    if before == after and all(earlier == after for earlier in unconfirmed):
        return _unchanged(application)
    history = read_history([*unconfirmed, before, after], application)
    verdict = forward(history, len(unconfirmed), len(unconfirmed) + 1)
    if verdict.verdict == "unsafe" and not unconfirmed:
        return verdict
    warnings = [*_backward_warnings(history), *_skip_warnings(history)]
    return replace(verdict, findings=(*verdict.findings, *warnings))


@lru_cache(maxsize=64)
def _unchanged(application: SyncOptions) -> Verdict:
    return Verdict("safe", 1, premises(application))


def _backward_warnings(history: History) -> Iterator[Finding]:
    count = len(history.sides)
    if history.sides[-2].objects:
        yield from as_property(forward(history, count - 1, count - 2), "not-reversible", "warning")


def _skip_warnings(history: History) -> Iterator[Finding]:
    for _, verdict in skips(history, len(history.sides) - 1):
        yield from as_property(verdict, "skip-unsafe", "warning")


def verify_forward(before: Sequence[Object], after: Sequence[Object], application: SyncOptions = DEFAULTS) -> Verdict:
    """Like `verify`, of the way forward alone: no word on the way back."""
    if before == after:
        return _unchanged(application)
    return forward(read_history([before, after], application), 0, 1)


def verify_reverse(before: Sequence[Object], after: Sequence[Object], application: SyncOptions = DEFAULTS) -> Verdict:
    """Whether going back from the converged `after` to `before` is safe."""
    if before == after:
        return _unchanged(application)
    return forward(read_history([before, after], application), 1, 0)


def verify_course(commits: Sequence[Sequence[Object]], application: SyncOptions = DEFAULTS) -> tuple[Step, ...]:
    """Each step of a course: from its predecessor, from every earlier commit whole or half-way, and back again.

    `commits` begins with what is confirmed; step k turns `commits[k - 1]` into `commits[k]`.
    """
    history = read_history(commits, application)
    return tuple(_step(history, number) for number in range(1, len(commits)))


def verify_steps(commits: Sequence[Sequence[Object]], application: SyncOptions = DEFAULTS) -> tuple[Step, ...]:
    """As `verify_course`, but from whole earlier commits alone: for a storyboard, whose steps nobody publishes yet.

    A third of the cost; the half-way states are looked at when a step becomes the commit under review.
    """
    history = read_history(commits, application)
    return tuple(_whole_step(history, number) for number in range(1, len(commits)))


def _whole_step(history: History, number: int) -> Step:
    skipped = ((f"commit {start}", forward(history, start, number)) for start in range(number - 1))
    return Step(forward(history, number - 1, number), tuple(skipped), _back(history, number))


def _back(history: History, number: int) -> Verdict:
    to_install = not history.sides[number - 1].objects
    return forward(history, number - 1, number) if to_install else forward(history, number, number - 1)


def verify_newest(commits: Sequence[Sequence[Object]], application: SyncOptions = DEFAULTS) -> Step:
    """The last step of `verify_course` alone: the commit that is about to be published."""
    return _step(read_history(commits, application), len(commits) - 1)


def _step(history: History, number: int) -> Step:
    return Step(forward(history, number - 1, number), tuple(skips(history, number)), _back(history, number))
