"""shipway confirm: says that a published commit is synced and Healthy; later plans start from it."""

from __future__ import annotations

import argparse
from pathlib import Path

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command, print_done, print_notice
from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.clone import open_clone
from compiler.git.confirmed import confirmed_ref, write_confirmed
from compiler.git.destination import target_of
from compiler.pipeline import environment_document
from compiler.source.workspace import read_sources


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    (name,) = chosen_environments(root, [args.name])
    environment = environment_document(read_sources(root, name))
    target = target_of(root, environment.model)
    if target is None:
        loc = environment.document.locate(("spec", "gitops"))
        help_text = "run `git init`, or set `spec.gitops.repository`"
        message = "the specs are in no Git repository, and the environment names none"
        raise Rejected([Diagnostic("repository-missing", message, loc, help_text)])
    with open_clone(target) as clone:
        commit = write_confirmed(clone, args.rev or clone.fetch_head() or "HEAD")
    print_done(args, f"{confirmed_ref(name)} {commit}\n")
    print_notice(args, f"{name}: later plans start from {commit[:12]}")
    next_command(args, f"shipway status {name}")
    return EXIT_OK
