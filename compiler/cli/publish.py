"""shipway publish: verifies, then commits and pushes the next state."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.failure import USAGE, WRONG
from compiler.cli.output import next_command, print_diagnostics, say
from compiler.diagnostics.model import Diagnostic, Rejected

if TYPE_CHECKING:
    from compiler.gitops.publish import Published
    from compiler.publishing import Outcome, Wish

MOST_FILES = 16


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
    from compiler.plan.proof import Allowed  # noqa: PLC0415 - `--help` needs no stages
    from compiler.publishing import Wish  # noqa: PLC0415 - the same
    from compiler.workspace import chosen_environments  # noqa: PLC0415 - the same

    root = Path(args.root)
    if bool(args.allow) != bool(args.reason):
        sys.stderr.write(
            "shipway publish: --allow and --reason go together: an exception is recorded with its reason\n"
        )
        return USAGE
    names = chosen_environments(root, args.names) if args.again is None else [try_again(root, args)]
    if args.plan is not None and len(names) != 1:
        sys.stderr.write("shipway publish: --plan goes with one environment\n")
        return USAGE
    allowed = tuple(Allowed(code, args.reason) for code in args.allow)
    wish = Wish(plan=args.plan, confirmed=args.confirmed, allowed=allowed)
    outcomes, found = publish_environments(root, names, wish, args)
    status = print_diagnostics(found, args if args.format != "json" else None)
    if args.format == "json":
        from compiler.diagnostics.render.json import as_data  # noqa: PLC0415 - one format is used, not all

        data = {"format": 1, "environments": [data_of(each) for each in outcomes], "diagnostics": as_data(found)}
        sys.stdout.write(json.dumps(data, indent=1) + "\n")
    if status != WRONG:
        next_command(args, to_share(root) if args.again is not None else "shipway status")
    return status


def to_share(root: Path) -> str:
    """What follows a commit of the specs that is published: until others have it, theirs are older than it."""
    from compiler.gitops.specs import push_command  # noqa: PLC0415 - as above

    return push_command(root) or "shipway status"


def try_again(root: Path, args: argparse.Namespace) -> str:
    """Counts up the attempt in the release's spec, commits that, and gives the environment's name.

    Equal trees make no commit, and Argo CD never syncs a commit again whose sync failed for good (autoSync).
    """
    from compiler.cli.carrying_out import refuse_dirty, rewrite  # noqa: PLC0415 - as above
    from compiler.cli.course import split_name  # noqa: PLC0415 - the same
    from compiler.course.attempt import counted_up  # noqa: PLC0415 - the same
    from compiler.course.unit import unit_named  # noqa: PLC0415 - the same
    from compiler.gitops.specs import commit_files  # noqa: PLC0415 - the same
    from compiler.pipeline import check  # noqa: PLC0415 - the same
    from compiler.workspace import chosen_environments, read_environment  # noqa: PLC0415 - the same

    environment, name = split_name(args.again)
    (environment,) = chosen_environments(root, [environment])
    sources = read_environment(root, environment)
    unit = unit_named(check(sources), name)
    file = unit.members[0].document.file
    refuse_dirty(root, [file])
    before = sources.texts[file]
    after, number = counted_up(unit, before)
    rewrite(root, file, before, after)
    commit_files(root, [file], None, f"{unit.shown}: attempt {number}", "")
    say(args, f"{file}: shipway.dev/attempt is {number}")
    return environment


def publish_environments(
    root: Path, names: list[str], wish: Wish, args: argparse.Namespace
) -> tuple[list[Outcome], list[Diagnostic]]:
    """Publishes each environment; one that is refused does not keep the others from being published.

    Returns what was done, which is said here as text, and what was found, which is the caller's to print.
    """
    from compiler.publishing import publish_environment  # noqa: PLC0415 - as above

    outcomes: list[Outcome] = []
    found: list[Diagnostic] = []
    for name in names:
        try:
            outcome = publish_environment(root, name, wish)
        except Rejected as rejected:
            found += rejected.diagnostics
            say(args, f"{name}: refused, nothing was written")
            continue
        outcomes.append(outcome)
        found += outcome.warnings
        if args.format == "text":
            describe(args, outcome)
    return outcomes, found


def describe(args: argparse.Namespace, outcome: Outcome) -> None:
    from compiler.gitops.publish import NothingToDo  # noqa: PLC0415 - as above

    result = outcome.result
    where = f"{outcome.target.shown} {outcome.target.branch}"
    if isinstance(result, NothingToDo):
        say(args, f"{outcome.environment}: nothing to do, {where} is at {result.commit[:12]}")
        return
    sys.stdout.write(f"{outcome.environment}: {result.commit[:12]} on {where}\n")
    for line in change_lines(result) or ["only the record of what it was made from (.shipway)"]:
        sys.stdout.write(f"  {line}\n")
    for note in result.notes:
        say(args, f"note: {note}")
    if outcome.uncommitted:
        say(args, f"note: {outcome.environment} was published from specs that are in no commit: commit them, or")
        say(args, "      `shipway rollback` will not find them, and the next publish may go back behind them")


def change_lines(result: Published) -> list[str]:
    """One line a file, or one a folder where they are many: `+` new, `~` changed, `-` removed."""
    marked = [("+" if path in result.added else "~", path) for path in visible(result.written)]
    marked += [("-", path) for path in visible(result.removed)]
    if len(marked) <= MOST_FILES:
        return [f"{mark} {path}" for mark, path in marked]
    folders = Counter((mark, path.rpartition("/")[0]) for mark, path in marked)
    return [f"{mark} {folder}/ ({count} file{'' if count == 1 else 's'})" for (mark, folder), count in folders.items()]


def visible(paths: Sequence[str]) -> list[str]:
    """The paths without the indexes, which change with whatever stands beside them."""
    return [path for path in paths if not path.endswith("/.shipway")]


def data_of(outcome: Outcome) -> dict[str, object]:
    from compiler.gitops.publish import NothingToDo  # noqa: PLC0415 - as above

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
