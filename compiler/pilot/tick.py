"""One tick of the pilot: look, decide, and make at most one move for each release. Git holds all that a tick knows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
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
from compiler.pipeline import lower_sources
from compiler.plan.allowances import AllowedFinding
from compiler.publish.environment import PublishOptions, PublishOutcome, publish_environment, refuse_unpublishable
from compiler.publish.publish import PublishedCommit
from compiler.source.workspace import read_sources, with_edited_texts

Via = Literal["commit", "branch"]
ABORT_TRIES: Final = 4
ABORT_PAUSE: Final = 0.5


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


def run_tick(root: Path, environment: str, options: TickOptions, now: datetime) -> TickReport:
    """Looks once, and makes the moves that it decides on. Raises Rejected where specs or branch cannot be read."""
    checkout = refreshed_checkout(root)
    servers = open_servers(lower_sources(read_sources(root, environment)).documents.environment)
    seen = look(root, environment, servers, now)
    confirmed = confirm_settled(seen, options)
    outcomes = []
    base = seen.published.commit
    for unit, situation in seen.situations:
        if options.only and not options.only & {unit.name, *unit.folders}:
            continue
        outcome = carry_out_decision(root, checkout, unit, situation, base, options)
        if outcome.commit or outcome.branch:
            checkout = refreshed_checkout(root)
            base = outcome.commit or base
        outcomes.append(outcome)
    return TickReport(environment, tuple(outcomes), confirmed, seen.findings, seen.sources.texts)


def confirm_settled(seen: Look, options: TickOptions) -> str:
    """Confirms the published commit where Argo CD reports it as synced and healthy; its id, empty otherwise."""
    target, commit = seen.published.target, seen.published.commit
    modes = {situation.mode for _, situation in seen.situations}
    if not seen.settled or target is None or commit is None or commit == seen.published.confirmed:
        return ""
    if options.dry_run or not modes & {"abortOnly", "full"}:
        return ""
    with open_clone(target) as clone:
        clone.fetch_head()
        write_confirmed(clone, commit)
    return commit


def carry_out_decision(
    root: Path, checkout: Checkout, unit: Unit, situation: Situation, base: str | None, options: TickOptions
) -> UnitOutcome:
    """Decides, and does it. A refusal is part of the outcome: the next tick looks again."""
    decision = decide(situation)
    position = situation.course.position
    if decision.action in ("hold", "none"):
        return UnitOutcome(unit.shown, position, decision)
    if options.dry_run or not permitted(decision, situation):
        return UnitOutcome(unit.shown, position, decision, advice=True)
    try:
        if decision.action == "publish":
            return published_outcome(root, unit, situation, decision, base)
        return moved_outcome(root, checkout, unit, situation, decision, base, options)
    except Rejected as rejected:
        return UnitOutcome(unit.shown, position, decision, refused=refusal_lines(rejected))


def moved_outcome(
    root: Path,
    checkout: Checkout,
    unit: Unit,
    situation: Situation,
    decision: Decision,
    base: str | None,
    options: TickOptions,
) -> UnitOutcome:
    """Makes the move: proven first, then committed to the specs, then published."""
    position = situation.course.position
    move = move_of(unit, decision)
    if isinstance(move, Already):
        return UnitOutcome(unit.shown, position, decision, refused=move.reason)
    after = texts_after_move(unit, move, unit.texts)
    sources = with_edited_texts(root, read_sources(root, unit.environment), after)
    refuse_unpublishable(root, sources, publish_options(decision, situation, base))
    commit = commit_texts(checkout, after, spec_message(decision, situation))
    if options.via == "branch":
        return branch_outcome(root, checkout, unit, situation, decision, base, commit)
    try:
        if not push_move(checkout, commit, checkout.branch):
            return UnitOutcome(unit.shown, position, decision, refused="somebody changed the specs meanwhile")
    except Rejected:
        # what takes a bad version away is not kept back by a rule of the specs' repository
        if decision.action != "abort":
            raise
    follow_move(checkout, commit)
    return published_outcome(root, unit, situation, decision, base)


def branch_outcome(
    root: Path,
    checkout: Checkout,
    unit: Unit,
    situation: Situation,
    decision: Decision,
    base: str | None,
    commit: str,
) -> UnitOutcome:
    """Pushes the commit to a branch for a pull request. An abort is published from there at once."""
    position = situation.course.position
    branch = branch_name(["shipway", decision.action, unit.environment, unit.name, situation.course.commit[:12]])
    if remote_has_branch(checkout, branch):
        return UnitOutcome(unit.shown, position, decision, branch=branch, refused="its branch waits to be merged")
    push_move(checkout, commit, branch)
    if decision.action != "abort":
        return UnitOutcome(unit.shown, position, decision, branch=branch)
    switch_to(root, branch, commit)
    try:
        outcome = published_outcome(root, unit, situation, decision, base)
    finally:
        switch_to(root, checkout.branch)
    return UnitOutcome(unit.shown, position, decision, outcome.commit, branch, outcome.refused)


def move_of(unit: Unit, decision: Decision) -> Move | Already:
    verbs = {"advance": advance_move, "finish": finish_move, "abort": abort_move}
    return verbs[decision.action](unit)


def publish_options(decision: Decision, situation: Situation, base: str | None) -> PublishOptions:
    """As the verbs publish: a freeze keeps changes out, not the way back."""
    back = decision.action == "abort" or situation.course.pending == "abort"
    allowed = (AllowedFinding("frozen", f"abort of {situation.course.unit}"),) if back else ()
    return PublishOptions(allowed=allowed, base=base, evidence=evidence_trailers(decision, situation))


def published_outcome(
    root: Path, unit: Unit, situation: Situation, decision: Decision, base: str | None
) -> UnitOutcome:
    """Publishes the specs as they stand, and records what it was decided from."""
    published = tried_publish(root, unit, publish_options(decision, situation, base))
    result = published.result
    if not isinstance(result, PublishedCommit):
        return UnitOutcome(unit.shown, situation.course.position, decision, refused="nothing was left to publish")
    record_decision(published.target, result.commit, record_text(decision, situation))
    return UnitOutcome(unit.shown, situation.course.position, decision, result.commit)


def tried_publish(root: Path, unit: Unit, options: PublishOptions) -> PublishOutcome:
    """The publish; an abort again where the branch was moved or could not be reached."""
    tries = ABORT_TRIES if options.allowed else 1
    for attempt in range(1, tries + 1):
        try:
            return publish_environment(root, unit.environment, options)
        except Rejected as rejected:
            moved = any(each.code in MOVED_ON for each in rejected.diagnostics)
            if attempt == tries or not moved:
                raise
            time.sleep(ABORT_PAUSE * attempt)
    raise AssertionError("the last try returns or raises")


MOVED_ON: Final = ("publish-contended", "repository-unreachable", "push-unanswered", "repository-locked")


def record_decision(target: Target, commit: str, text: str) -> None:
    """The note is what the move can be replayed from; the move itself stands without it."""
    with open_clone(target) as clone:
        clone.fetch_head()
        write_note(clone, commit, text)
