"""An edit of the specs in Git: committed, for a pull request or in place, and published."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from compiler.cli.exit_status import EXIT_FAILURE
from compiler.cli.output import print_diagnostics, print_notice
from compiler.cli.publishing import outcome_data, publish_environments
from compiler.course.move import Move
from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.diagnostics.render.json import diagnostics_data
from compiler.forge.links import pull_request_address
from compiler.git.spec_repository import (
    branch_name,
    commit_files,
    head_commit,
    push_branch,
    push_command,
    push_head,
    remote_address,
    uncommitted_files,
)
from compiler.model.unit import Unit
from compiler.plan.allowances import AllowedFinding
from compiler.plan.way_back_alone import WayBackAlone
from compiler.publish.environment import PublishOptions


def refuse_uncommitted(root: Path, files: Sequence[str]) -> None:
    """Raises Rejected where one of the files holds changes that nobody committed: they would be committed as well."""
    for file in uncommitted_files(root, files):
        message = f"{file} has changes that are not committed"
        advice = "commit or undo them first, or leave out --commit and --publish"
        raise Rejected([Diagnostic("course-file-dirty", message, Loc(file, 1, 1), advice)])


def commit_edit(root: Path, unit: Unit, move: Move, files: Sequence[str], args: argparse.Namespace) -> None:
    first, *rest = move.summaries if unit.group is None else (move.name, *move.summaries)
    commit_unit(root, unit, f"{unit.shown}: {first}", "".join(f"{line}\n" for line in rest), files, args)


def commit_pending(root: Path, unit: Unit, args: argparse.Namespace) -> None:
    """Commits the unit's specs where they hold edits that nobody committed yet."""
    pending = uncommitted_files(root, unit.files)
    if pending:
        commit_unit(root, unit, f"{unit.shown}: {unit.position}", "", pending, args)


def commit_unit(
    root: Path, unit: Unit, subject: str, body: str, files: Sequence[str], args: argparse.Namespace
) -> None:
    """Commits these files: on a branch of its own for a pull request, or in place where they are published at once."""
    versions = [args.version] if args.version else []
    branch = None if args.publish else branch_name([args.command, unit.environment, unit.name, *versions])
    commit, on = commit_files(root, files, branch, subject, body)
    print_notice(args, f"committed {commit[:12]}{f' on {on}' if on else ''}: {subject}")
    if branch is not None:
        offer_branch(root, on, args)


def offer_branch(root: Path, branch: str, args: argparse.Namespace) -> None:
    """Pushes the branch where that is asked for, and says where its pull request is opened."""
    if args.push:
        push_branch(root, branch)
        print_notice(args, f"pushed {branch}")
    page = pull_request_address(remote_address(root), branch)
    if page is not None:
        print_notice(args, f"open the pull request{'' if args.push else ', once it is pushed'}: {page}")


def share_published(root: Path, unit: Unit, args: argparse.Namespace) -> None:
    """Brings what was published, and no remote has yet, to the others: until then a publish of theirs is refused.

    The commit stands on the branch that was checked out, which may be protected: it goes to one of its own.
    """
    if push_command(root) is None:
        return
    branch = branch_name([args.command, unit.environment, unit.name, head_commit(root)[:7]])
    if args.push:
        push_head(root, branch)
        print_notice(args, f"pushed {branch}: merge it, or the next publish from elsewhere is refused")
    else:
        print_notice(
            args, "push the commit: until it is merged, a publish from elsewhere is refused. On a protected branch:"
        )
        print_notice(args, f"  {push_command(root, branch)}")
    page = pull_request_address(remote_address(root), branch)
    if page is not None:
        print_notice(args, f"open the pull request{'' if args.push else ', once it is pushed'}: {page}")


def way_back_command(unit: Unit, args: argparse.Namespace) -> str:
    """The command again, as it is typed in another checkout."""
    target = ["--to", args.to] if getattr(args, "to", None) else []
    return shlex.join(["shipway", args.command, unit.shown, *target, "--publish", "--push"])


def publish_edit(root: Path, unit: Unit, args: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    """Publishes the unit's environment; the exit status, and what was published as facts for JSON."""
    # a freeze keeps changes out, not the way back
    options = PublishOptions(
        allowed=(AllowedFinding("frozen", f"{args.command} of {unit.shown}"),),
        way_back=WayBackAlone(unit.name, unit.folders, way_back_command(unit, args)),
    )
    outcomes, diagnostics = publish_environments(root, [unit.environment], options, args)
    status = print_diagnostics(diagnostics, args if args.format != "json" else None)
    if status == EXIT_FAILURE:
        print_notice(args, "the edit is committed but was not published: `shipway plan` shows why")
    else:
        share_published(root, unit, args)
    return status, {
        "published": [outcome_data(each) for each in outcomes],
        "diagnostics": diagnostics_data(diagnostics),
    }
