"""shipway comment: puts the plans of a pull request's run on it, one comment per environment, edited in place."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from compiler.cli.exit_status import EXIT_OK, EXIT_USAGE
from compiler.cli.output import next_command, print_done, print_notice
from compiler.forge.api import api
from compiler.forge.artifact import read_plans
from compiler.forge.event import read_event
from compiler.forge.sticky_comment import pull_requests_of, update_comments


def run(args: argparse.Namespace) -> int:
    path = args.event or os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        sys.stderr.write("shipway comment: name the event with --event, or set GITHUB_EVENT_PATH\n")
        return EXIT_USAGE
    event = read_event(Path(path))
    plans = read_plans(Path(args.folder))
    forge = api(os.environ)
    numbers = pull_requests_of(forge, event)
    if not numbers:
        print_notice(args, f"no open pull request ends at {event.head[:12]} any more: there is nothing to comment on")
    for number in numbers:
        for done in update_comments(forge, event, number, plans, args.author):
            print_done(args, f"{done.environment}: {done.action} {done.address}\n")
    next_command(args, "shipway publish")
    return EXIT_OK
