"""shipway init: a repository of specs that works at once: a new one, or what an existing one lacks."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import Final

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.new_files import write_new_files
from compiler.cli.new_repository import EXAMPLE_IN_PROD, IGNORED, Additions, missing_files
from compiler.cli.output import print_done, print_notice
from compiler.cli.workflow_files import ACTION_PLACEHOLDER, GITLAB_INCLUDED, GITLAB_PIPELINE
from compiler.diagnostics.model import Diagnostic, Rejected

WORKFLOWS: Final = ".github/workflows/"


def run(args: argparse.Namespace) -> int:
    folder = Path(args.root) / args.folder
    try:
        additions = missing_files(folder, args.action, args.ci, args.strategy)
        if not args.dry_run:
            write_new_files(folder, additions.new, {IGNORED: additions.ignored} if additions.ignored else {})
    except OSError as error:
        message = f"{error.filename or folder}: {(error.strerror or str(error)).lower()}"
        raise Rejected(
            [Diagnostic("output-unwritable", message, None, "name a folder that you can write to")]
        ) from None
    print_done(args, "".join(f"{folder / name}\n" for name in [*additions.new, *([IGNORED] * bool(additions.ignored))]))
    for note in notes(folder, additions):
        print_notice(args, f"note: {note}")
    if args.dry_run:
        print_notice(args, "dry run: nothing was written")
    elif not additions.new and not additions.ignored:
        print_notice(args, "nothing to add: every file exists")
    elif EXAMPLE_IN_PROD in additions.new:
        print_notice(args, f"{folder / 'README.md'} lists the commands to a first release")
    there = "" if str(folder) == "." else f"cd {shlex.quote(str(folder))} && "
    print_notice(args, f"next: {there}shipway build")
    return EXIT_OK


def notes(folder: Path, additions: Additions) -> list[str]:
    """What somebody has to see to, or to know."""
    lines = [f"{folder / name} exists already, and is not changed" for name in additions.kept]
    if GITLAB_INCLUDED in additions.new:
        lines.append(f"add `include: {GITLAB_INCLUDED}` to {folder / GITLAB_PIPELINE}")
    if any(name.startswith(WORKFLOWS) for name in additions.new) and is_below_repository(folder):
        lines.append(
            f"GitHub reads {WORKFLOWS} only at the top of a repository: move them there, "
            f"and give the action `working-directory`"
        )
    if any(ACTION_PLACEHOLDER.partition("@")[0].encode() in each for each in ci_files(additions)):
        lines.append(f"in the CI files, replace {ACTION_PLACEHOLDER} with your copy of Shipway")
    return lines


def ci_files(additions: Additions) -> list[bytes]:
    places = (WORKFLOWS, GITLAB_PIPELINE, GITLAB_INCLUDED)
    return [content for name, content in additions.new.items() if name.startswith(places)]


def is_below_repository(folder: Path) -> bool:
    """Whether the folder lies in a repository of Git whose top is another folder."""
    here = folder.resolve()
    return not (here / ".git").exists() and any((each / ".git").exists() for each in here.parents)
