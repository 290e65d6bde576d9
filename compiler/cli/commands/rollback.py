"""shipway rollback: back to a track that still stands, a version that served, or a revision of the specs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from compiler.cli.published_history import fetched_history
from compiler.cli.release_selection import split_name
from compiler.cli.spec_edit import OpenSpecs, carry_out, open_specs
from compiler.course.move import Already, Move
from compiler.course.rollback import EarlierSpecs, move_to_revision, move_to_version, undo_move, unknown_target
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.source_repository import source_repository, spec_changes_since
from compiler.git.spec_repository import Revision, resolve_commit, revisions, spec_texts_at
from compiler.model.unit import Unit
from compiler.plan.undo import SHORT_COMMIT, restore_command, unit_inputs

SHALLOW: Final = "this checkout is shallow and has no older commits: `git fetch --unshallow`, in CI `fetch-depth: 0`"
MIN_COMMIT_PREFIX: Final = 4
"""The fewest digits of a commit's id that Git accepts (core.abbrev)."""


def run(args: argparse.Namespace) -> int:
    environment, name = split_name(args.name)
    specs = open_specs(Path(args.root), environment)
    with specs.refusing_wrong_first():
        unit = specs.unit(name)
        try:
            move = rollback_move(specs, unit, args.to)
        except Rejected as rejected:
            raise Rejected([with_cut_history(specs.root, each) for each in rejected.diagnostics]) from None
    return carry_out(specs, unit, move, args)


def with_cut_history(root: Path, refusal: Diagnostic) -> Diagnostic:
    """The refusal; where a shallow checkout may be why nothing was found, with how to fetch the rest."""
    source = source_repository(root) if refusal.code in ("rollback-unknown", "rollback-no-history") else None
    if source is None or not source.shallow:
        return refusal
    return replace(refusal, help=f"{refusal.help}; {SHALLOW}")


def rollback_move(specs: OpenSpecs, unit: Unit, to: str | None) -> Move | Already:
    """A version that a track or the history holds, else a revision of the specs or what was published from one."""
    known = earlier_specs(specs.root, unit)
    if to is None:
        return undo_move(unit, known)
    outcome = move_to_version(unit, to, known)
    if outcome is not None:
        return outcome
    past = specs_at_revision(specs.root, unit, to)
    if past is None or None in past.texts.values():
        source = source_commit_of(specs, to)
        past = specs_at_revision(specs.root, unit, source) if source is not None else past
    if past is None:
        raise unknown_target(unit, to, known)
    return with_other_changes(specs, unit, past.commit, move_to_revision(unit, past, unit.texts))


def with_other_changes(specs: OpenSpecs, unit: Unit, commit: str, outcome: Move | Already) -> Move | Already:
    """The outcome, with the command for what the unit is made from besides its own specs and differs from `commit`."""
    changes = spec_changes_since(specs.root, commit, specs.sources.places)
    others = (changes.files & unit_inputs(specs.read, unit)) - set(unit.files) if changes is not None else ()
    if not others:
        return outcome
    short = commit[:SHORT_COMMIT]
    advice = f"other files that these specs use differ from {short}: `{restore_command(short, sorted(others))}`"
    if isinstance(outcome, Already):
        return Already(f"{outcome.reason}; {advice}")
    return replace(outcome, summaries=(*outcome.summaries, advice))


def specs_at_revision(root: Path, unit: Unit, rev: str) -> EarlierSpecs | None:
    """The unit's spec files at a revision; None where there is no such revision."""
    try:
        revision = resolve_commit(root, rev)
    except Rejected as rejected:
        if rejected.diagnostics[0].code != "revision-unknown":
            raise
        return None
    return specs_at_commits(root, unit, [revision])[0]


def source_commit_of(specs: OpenSpecs, rev: str) -> str | None:
    """The commit of the specs that the published commit `rev` came from: `history` shows both."""
    try:
        history = fetched_history(specs.root, specs.read)
    except Rejected:
        return None
    publishes = history.publishes if history is not None and len(rev) >= MIN_COMMIT_PREFIX else ()
    sources = {each.facts.source for each in publishes if each.commit.startswith(rev)}
    return sources.pop() if len(sources) == 1 else None


def earlier_specs(root: Path, unit: Unit) -> list[EarlierSpecs]:
    """The unit's spec files at each commit that changed one of them, the newest first."""
    return specs_at_commits(root, unit, revisions(root, unit.files))


def specs_at_commits(root: Path, unit: Unit, known: Sequence[Revision]) -> list[EarlierSpecs]:
    texts = spec_texts_at(root, [each.commit for each in known], unit.files) if known else []
    return [EarlierSpecs(each.commit, each.time, each.subject, held) for each, held in zip(known, texts, strict=True)]
