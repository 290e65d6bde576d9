"""Environments published one after the other, and what came of each in words and as data."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from compiler.cli.output import print_done, print_notice
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.publish.environment import PublishOptions, PublishOutcome, publish_environment
from compiler.publish.publish import NothingToDo, PublishedCommit

MAX_LISTED_FILES: Final = 16


def publish_environments(
    root: Path, names: list[str], options: PublishOptions, args: argparse.Namespace
) -> tuple[list[PublishOutcome], list[Diagnostic]]:
    """Publishes each environment; one that is refused does not keep the others from being published.

    Returns what was done, printed here where text is wanted, and the diagnostics, which the caller prints.
    """
    outcomes: list[PublishOutcome] = []
    diagnostics: list[Diagnostic] = []
    for name in names:
        try:
            outcome = publish_environment(root, name, options)
        except Rejected as rejected:
            diagnostics += rejected.diagnostics
            known = all(each.code != "push-unanswered" for each in rejected.diagnostics)
            print_notice(args, f"{name}: refused" + (", nothing was written" if known else ""))
            continue
        outcomes.append(outcome)
        diagnostics += outcome.warnings
        if args.format == "text":
            print_outcome(args, outcome)
    return outcomes, diagnostics


def print_outcome(args: argparse.Namespace, outcome: PublishOutcome) -> None:
    result = outcome.result
    where = f"{outcome.target.shown} {outcome.target.branch}"
    if isinstance(result, NothingToDo):
        at = f"is at {result.commit[:12]}" if result.commit else "does not exist yet"
        print_notice(args, f"{outcome.environment}: nothing to do, {where} {at}")
        return
    print_done(args, f"{outcome.environment}: {result.commit[:12]} on {where}\n")
    for line in change_lines(result) or ["only the record of its source (.shipway)"]:
        print_done(args, f"  {line}\n")
    for note in (*outcome.notes, *result.notes):
        print_notice(args, f"note: {note}")
    if outcome.uncommitted:
        print_notice(
            args, f"note: {outcome.environment} was published from specs that are not committed: commit them, or"
        )
        print_notice(args, "      `shipway rollback` will not find them, and the next publish may undo them")


def change_lines(result: PublishedCommit) -> list[str]:
    """One line a file, or one a folder where they are many: `+` new, `~` changed, `-` removed."""
    marked = [("+" if path in result.added else "~", path) for path in paths_without_indexes(result.written)]
    marked += [("-", path) for path in paths_without_indexes(result.removed)]
    if len(marked) <= MAX_LISTED_FILES:
        return [f"{mark} {path}" for mark, path in marked]
    folders = Counter((mark, path.rpartition("/")[0]) for mark, path in marked)
    return [f"{mark} {folder}/ ({count} file{'' if count == 1 else 's'})" for (mark, folder), count in folders.items()]


def paths_without_indexes(paths: Sequence[str]) -> list[str]:
    """The paths without the indexes, which change with whatever stands beside them."""
    return [path for path in paths if not path.endswith("/.shipway")]


def outcome_data(outcome: PublishOutcome) -> dict[str, object]:
    result = outcome.result
    written, removed = ((), ()) if isinstance(result, NothingToDo) else (result.written, result.removed)
    return {
        "environment": outcome.environment,
        "repository": outcome.target.shown,
        "branch": outcome.target.branch,
        "path": outcome.target.path,
        "commit": result.commit,
        "changed": not isinstance(result, NothingToDo),
        "written": list(written),
        "removed": list(removed),
    }
