"""shipway history --diff: what one publish changed, object by object; secrets by key name only."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command
from compiler.cli.published_history import compiled_or_rejected, history_folders, target_for
from compiler.cli.terminal import use_color
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import open_clone
from compiler.git.target import Target
from compiler.git.tree import commit_at
from compiler.model.plan import ObjectChange
from compiler.plan.differences import object_changes
from compiler.report.terminal.changes import object_lines
from compiler.report.terminal.paint import COLORED, PLAIN
from compiler.tree.published_tree import PublishedTree


def show_difference(root: Path, names: Sequence[str], release: str, args: argparse.Namespace) -> int:
    """Prints the difference from the publish before. Raises Rejected without one environment or such a revision."""
    if len(names) != 1:
        advice = f"name the environment: shipway history {names[0]} --diff {args.diff}"
        raise Rejected([Diagnostic("name-incomplete", "--diff needs one environment", None, advice)])
    compiled = compiled_or_rejected(root, names[0])
    target = target_for(root, compiled)
    if target is None:
        advice = "run `git init`, or set `spec.gitops.repository`"
        raise Rejected([Diagnostic("repository-missing", "the specs are in no Git repository", None, advice)])
    folders = history_folders(compiled, release)
    before, after = states_around_commit(target, args.diff)
    changes = [
        each for each in object_changes(before.files, after.files) if not folders or each.file.split("/")[0] in folders
    ]
    if args.format == "json":
        data = {
            "format": 1,
            "commit": after.commit,
            "before": before.commit,
            "changes": [object_change_data(e) for e in changes],
        }
        sys.stdout.write(json.dumps(data, indent=2, default=str) + "\n")
    else:
        lines = object_lines(changes, "", COLORED if use_color(sys.stdout) else PLAIN)
        sys.stdout.write("".join(f"{line}\n" for line in lines) or "no object changed\n")
    next_command(args, f"shipway history {names[0]}")
    return EXIT_OK


def states_around_commit(target: Target, rev: str) -> tuple[PublishedTree, PublishedTree]:
    """What the branch held before the commit, and with it."""
    with open_clone(target) as clone:
        if clone.fetch_head() is None:
            message = f"{target.shown} has no branch `{target.branch}`: nothing was published yet"
            raise Rejected([Diagnostic("revision-unknown", message, None, "publish first")])
        after = clone.at_revision(rev)
        commit = commit_at(clone.git, rev, target.shown)
        parents = clone.git.text("rev-list", "--parents", "--max-count=1", "--end-of-options", commit).split()[1:]
        return clone.at(parents[0] if parents else None), after


def object_change_data(change: ObjectChange) -> dict[str, object]:
    """An object's change as JSON's types, secrets masked."""
    return {
        "action": change.action,
        "kind": change.kind,
        "name": change.name,
        "was": change.was,
        "file": change.file,
        "fields": [
            {"path": each.path, "before": each.before, "after": each.after, "secret": each.secret}
            for each in change.fields
        ],
    }
