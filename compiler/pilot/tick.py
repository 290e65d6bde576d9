"""One tick of the pilot: look, decide, and make at most one move for each release. Git holds all that a tick knows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from compiler.course.move import Already, Move, texts_after_move
from compiler.course.verbs import abort_move, advance_move, finish_move
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import open_clone
from compiler.git.confirmed import write_confirmed
from compiler.git.notes import write_note
from compiler.git.spec_moves import (
    Checkout,
    commit_texts,
    follow_move,
    push_move,
    refreshed_checkout,
    remote_has_branch,
    switch_to,
)
from compiler.git.spec_repository import branch_name
from compiler.git.target import Target
from compiler.model.unit import Unit
from compiler.pilot.decision import decide, permitted
from compiler.pilot.look import Look, look, refusal_lines
from compiler.pilot.record import evidence_trailers, record_text, spec_message
from compiler.pilot.servers import open_servers
from compiler.pilot.situation import Decision, Situation
from compiler.plan.allowances import AllowedFinding
from compiler.publish.environment import PublishOptions, PublishOutcome, publish_environment, refuse_unpublishable
from compiler.publish.publish import PublishedCommit
from compiler.source.workspace import read_sources, with_edited_texts

Via = Literal["commit", "branch"]
ABORT_PAUSES: Final = (0.5, 1, 2, 4, 8, 8)
"""Seconds between the tries of an abort's publish."""
MOVED_ON: Final = ("publish-contended", "repository-unreachable", "push-unanswered", "repository-locked")


@dataclass(frozen=True, slots=True)
class TickOptions:
    """`only`: names of releases and groups, empty for all; `dry_run`: decide, and change nothing."""

    only: frozenset[str] = frozenset()
    dry_run: bool = False
    via: Via = "commit"


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """What a tick did with one release or group. `commit`: the publish that it made; `refused`: why it made none."""

    unit: str
    position: str
    decision: Decision
    commit: str = ""
    branch: str = ""
    refused: str = ""
    advice: bool = False
    """decided, but not done: a dry run, or the policy"""


@dataclass(frozen=True, slots=True)
class TickReport:
    """What one tick saw and did in one environment; `confirmed`: the commit that it confirmed."""

    environment: str
    outcomes: tuple[UnitOutcome, ...]
    confirmed: str = ""
    findings: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a tick stands: the checkout of the specs, and the published commit that its next move goes on."""

    checkout: Checkout
    base: str | None
    options: TickOptions

    @property
    def root(self) -> Path:
        return self.checkout.root


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided for one release or group, and from what."""

    unit: Unit
    situation: Situation
    decision: Decision

    def outcome(self, *, commit: str = "", branch: str = "", refused: str = "", advice: bool = False) -> UnitOutcome:
        return UnitOutcome(
            self.unit.shown, self.situation.course.position, self.decision, commit, branch, refused, advice
        )

    @property
    def is_abort(self) -> bool:
        """Whether it takes a version away, now or as a move of which the publish is left."""
        return "abort" in (self.decision.action, self.situation.course.pending)

    @property
    def publish_options(self) -> PublishOptions:
        """As the verbs publish: a freeze keeps changes out, not the way back."""
        allowed = (AllowedFinding("frozen", f"abort of {self.unit.shown}"),) if self.is_abort else ()
        return PublishOptions(allowed=allowed, evidence=evidence_trailers(self.decision, self.situation))


def run_tick(root: Path, environment: str, options: TickOptions, now: datetime) -> TickReport:
    """Looks once, and makes the moves that it decides on. Raises Rejected where specs or branch cannot be read."""
    checkout = refreshed_checkout(root)
    unpushed = () if options.dry_run else bring_moves(checkout)
    seen = look(root, environment, open_servers, now)
    confirmed, refusals = confirm_settled(seen, options)
    stand, outcomes = Stand(checkout, seen.published.commit, options), []
    for unit, situation in seen.situations:
        if options.only and not options.only & {unit.name, *unit.folders}:
            continue
        outcome = carry_out_choice(stand, Choice(unit, situation, decide(situation)))
        if outcome.commit or outcome.branch:
            stand = replace(stand, checkout=refreshed_checkout(root), base=outcome.commit or stand.base)
        outcomes.append(outcome)
    findings = (*checkout.fault, *unpushed, *seen.findings, *refusals)
    return TickReport(environment, tuple(outcomes), confirmed, findings, seen.sources.texts)


def bring_moves(checkout: Checkout) -> tuple[Diagnostic, ...]:
    """Pushes moves of the pilot's that the specs' remote does not have yet; why it did not take them."""
    if not checkout.ours:
        return ()
    try:
        push_move(checkout, checkout.commit, checkout.branch)
    except Rejected as rejected:
        return rejected.diagnostics
    return ()


def confirm_settled(seen: Look, options: TickOptions) -> tuple[str, tuple[Diagnostic, ...]]:
    """Confirms the published commit where Argo CD reports it as synced and healthy: its id, and why it was refused.

    A refusal keeps nothing else back: an abort does not wait for it.
    """
    target, commit = seen.published.target, seen.published.commit
    modes = {situation.mode for _, situation in seen.situations}
    if not seen.settled or target is None or commit is None or commit == seen.published.confirmed:
        return "", ()
    if options.dry_run or not modes & {"abortOnly", "full"}:
        return "", ()
    try:
        with open_clone(target) as clone:
            clone.fetch_head()
            write_confirmed(clone, commit)
    except Rejected as rejected:
        return "", rejected.diagnostics
    return commit, ()


def carry_out_choice(stand: Stand, choice: Choice) -> UnitOutcome:
    """Does what was decided. A refusal is part of the outcome: the next tick looks again."""
    action = choice.decision.action
    if action in ("hold", "none"):
        return choice.outcome()
    if stand.options.dry_run or not permitted(choice.decision, choice.situation):
        return choice.outcome(advice=True)
    try:
        if stand.checkout.fault and not choice.is_abort:
            raise Rejected(stand.checkout.fault)
        return published_outcome(stand, choice) if action == "publish" else moved_outcome(stand, choice)
    except Rejected as rejected:
        return choice.outcome(refused=refusal_lines(rejected))


def moved_outcome(stand: Stand, choice: Choice) -> UnitOutcome:
    """Makes the move: proven first, then committed to the specs, then published."""
    unit = choice.unit
    move = move_of(unit, choice.decision)
    if isinstance(move, Already):
        return choice.outcome(refused=move.reason)
    after = texts_after_move(unit, move, unit.texts)
    sources = with_edited_texts(stand.root, read_sources(stand.root, unit.environment), after)
    refuse_unpublishable(stand.root, sources, replace(choice.publish_options, base=stand.base))
    commit = commit_texts(stand.checkout, after, spec_message(choice.decision, choice.situation))
    if stand.options.via == "branch":
        return branch_outcome(stand, choice, commit)
    if not shared(stand.checkout, choice, commit, stand.checkout.branch):
        return choice.outcome(refused="somebody changed the specs meanwhile")
    follow_move(stand.checkout, commit)
    return published_outcome(stand, choice)


def shared(checkout: Checkout, choice: Choice, commit: str, branch: str) -> bool:
    """Whether the remote has the commit on `branch` now; False: somebody else was faster. Raises Rejected.

    An abort goes on where the remote declines or is away: what takes a bad version away is not kept back by the specs'
    repository. The next tick pushes it again.
    """
    try:
        if checkout.fault:
            raise Rejected(checkout.fault)
        return push_move(checkout, commit, branch)
    except Rejected:
        if not choice.is_abort:
            raise
        return True


def branch_outcome(stand: Stand, choice: Choice, commit: str) -> UnitOutcome:
    """Pushes the commit to a branch for a pull request. An abort is published from there at once."""
    unit = choice.unit
    words = ["shipway", choice.decision.action, unit.environment, unit.name, choice.situation.course.commit[:12]]
    branch = branch_name(words)
    waits = not stand.checkout.fault and remote_has_branch(stand.checkout, branch)
    if waits and not choice.is_abort:
        return choice.outcome(branch=branch, refused="its branch waits to be merged")
    if not waits and not shared(stand.checkout, choice, commit, branch):
        return choice.outcome(refused="somebody else created its branch meanwhile")
    if not choice.is_abort:
        return choice.outcome(branch=branch)
    switch_to(stand.root, branch, commit)
    try:
        return replace(published_outcome(stand, choice), branch=branch)
    finally:
        switch_to(stand.root, stand.checkout.branch)


def move_of(unit: Unit, decision: Decision) -> Move | Already:
    verbs = {"advance": advance_move, "finish": finish_move, "abort": abort_move}
    return verbs[decision.action](unit)


def published_outcome(stand: Stand, choice: Choice) -> UnitOutcome:
    """Publishes the specs as they stand, and records what it was decided from."""
    published = tried_publish(stand.root, choice.unit, replace(choice.publish_options, base=stand.base))
    result = published.result
    if not isinstance(result, PublishedCommit):
        return choice.outcome(refused="nothing was left to publish")
    record_decision(published.target, result.commit, record_text(choice.decision, choice.situation))
    return choice.outcome(commit=result.commit)


def tried_publish(root: Path, unit: Unit, options: PublishOptions) -> PublishOutcome:
    """The publish; an abort again where the branch was moved or could not be reached."""
    for pause in ABORT_PAUSES if options.allowed else ():
        try:
            return publish_environment(root, unit.environment, options)
        except Rejected as rejected:
            if not any(each.code in MOVED_ON for each in rejected.diagnostics):
                raise
            time.sleep(pause)
    return publish_environment(root, unit.environment, options)


def record_decision(target: Target, commit: str, text: str) -> None:
    """Writes the note that the move can be replayed from. The move stands without it, so a refusal is let go:
    `why-moved` says that nothing was recorded.
    """
    with suppress(Rejected), open_clone(target) as clone:
        clone.fetch_head()
        write_note(clone, commit, text)
