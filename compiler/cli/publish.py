"""shipway publish: verifies, then commits and pushes the next state."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_USAGE
from compiler.cli.output import next_command, print_diagnostics, print_notice
from compiler.diagnostics.model import Diagnostic, Rejected

if TYPE_CHECKING:
    from compiler.publish.environment import PublishOptions, PublishOutcome
    from compiler.publish.publish import PublishedCommit

MAX_LISTED_FILES = 16


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV", help="which environments (default: all)")
    parser.add_argument(
        "--again",
        metavar="ENV/RELEASE",
        help="count up the release's attempt first: Argo CD never retries a failed commit",
    )
    parser.add_argument("--plan", metavar="DIGEST", help="publish only what this plan showed (one environment)")
    parser.add_argument("--confirmed", metavar="REV", help="a published commit that Argo CD is known to have synced")
    parser.add_argument("--allow", action="append", default=[], metavar="CODE", help="let findings of this code stand")
    parser.add_argument("--reason", metavar="TEXT", help="why; it is recorded in the commit (with --allow)")
    parser.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text")


def run(args: argparse.Namespace) -> int:
    from compiler.plan.proof import AllowedFinding  # noqa: PLC0415 - `--help` needs no stages
    from compiler.publish.environment import PublishOptions  # noqa: PLC0415 - the same
    from compiler.source.workspace import chosen_environments  # noqa: PLC0415 - the same

    root = Path(args.root)
    if bool(args.allow) != bool(args.reason):
        sys.stderr.write(
            "shipway publish: --allow and --reason go together: an exception is recorded with its reason\n"
        )
        return EXIT_USAGE
    names = chosen_environments(root, args.names) if args.again is None else [bump_attempt(root, args)]
    if args.plan is not None and len(names) != 1:
        sys.stderr.write("shipway publish: --plan goes with one environment\n")
        return EXIT_USAGE
    allowed = tuple(AllowedFinding(code, args.reason) for code in args.allow)
    wish = PublishOptions(plan=args.plan, confirmed=args.confirmed, allowed=allowed)
    outcomes, found = publish_environments(root, names, wish, args)
    status = print_diagnostics(found, args if args.format != "json" else None)
    if args.format == "json":
        from compiler.diagnostics.render.json import diagnostics_data  # noqa: PLC0415 - one format is used, not all

        data = {
            "format": 1,
            "environments": [outcome_data(each) for each in outcomes],
            "diagnostics": diagnostics_data(found),
        }
        sys.stdout.write(json.dumps(data, indent=1) + "\n")
    if status != EXIT_FAILURE:
        next_command(args, push_specs_command(root) if args.again is not None else "shipway status")
    return status


def push_specs_command(root: Path) -> str:
    """What follows a commit of the specs that is published: until others have it, theirs are older than it."""
    from compiler.git.spec_repository import push_command  # noqa: PLC0415 - as above

    return push_command(root) or "shipway status"


def bump_attempt(root: Path, args: argparse.Namespace) -> str:
    """Counts up the attempt in the release's spec, commits that, and gives the environment's name.

    Equal trees make no commit, and Argo CD never syncs a commit again whose sync failed for good (autoSync).
    """
    from compiler.cli.course import split_name  # noqa: PLC0415 - the same
    from compiler.cli.move_execution import refuse_uncommitted, replace_file  # noqa: PLC0415 - as above
    from compiler.course.attempt import with_next_attempt  # noqa: PLC0415 - the same
    from compiler.course.unit_lookup import unit_named  # noqa: PLC0415 - the same
    from compiler.git.spec_repository import commit_files  # noqa: PLC0415 - the same
    from compiler.pipeline import check_environment  # noqa: PLC0415 - the same
    from compiler.source.workspace import chosen_environments, read_sources  # noqa: PLC0415 - the same

    environment, name = split_name(args.again)
    (environment,) = chosen_environments(root, [environment])
    sources = read_sources(root, environment)
    unit = unit_named(check_environment(sources), name)
    file = unit.members[0].document.file
    refuse_uncommitted(root, [file])
    before = sources.texts[file]
    after, number = with_next_attempt(unit, before)
    replace_file(root, file, before, after)
    commit_files(root, [file], None, f"{unit.shown}: attempt {number}", "")
    print_notice(args, f"{file}: shipway.dev/attempt is {number}")
    return environment


def publish_environments(
    root: Path, names: list[str], wish: PublishOptions, args: argparse.Namespace
) -> tuple[list[PublishOutcome], list[Diagnostic]]:
    """Publishes each environment; one that is refused does not keep the others from being published.

    Returns what was done, which is said here as text, and what was found, which is the caller's to print.
    """
    from compiler.publish.environment import publish_environment  # noqa: PLC0415 - as above

    outcomes: list[PublishOutcome] = []
    found: list[Diagnostic] = []
    for name in names:
        try:
            outcome = publish_environment(root, name, wish)
        except Rejected as rejected:
            found += rejected.diagnostics
            print_notice(args, f"{name}: refused, nothing was written")
            continue
        outcomes.append(outcome)
        found += outcome.warnings
        if args.format == "text":
            print_outcome(args, outcome)
    return outcomes, found


def print_outcome(args: argparse.Namespace, outcome: PublishOutcome) -> None:
    from compiler.publish.publish import NothingToDo  # noqa: PLC0415 - as above

    result = outcome.result
    where = f"{outcome.target.shown} {outcome.target.branch}"
    if isinstance(result, NothingToDo):
        print_notice(args, f"{outcome.environment}: nothing to do, {where} is at {result.commit[:12]}")
        return
    sys.stdout.write(f"{outcome.environment}: {result.commit[:12]} on {where}\n")
    for line in change_lines(result) or ["only the record of what it was made from (.shipway)"]:
        sys.stdout.write(f"  {line}\n")
    for note in result.notes:
        print_notice(args, f"note: {note}")
    if outcome.uncommitted:
        print_notice(
            args, f"note: {outcome.environment} was published from specs that are in no commit: commit them, or"
        )
        print_notice(args, "      `shipway rollback` will not find them, and the next publish may go back behind them")


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
    from compiler.publish.publish import NothingToDo  # noqa: PLC0415 - as above

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
