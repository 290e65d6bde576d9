"""shipway comment: puts the plans of a pull or merge request's run on it: a comment per environment."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from compiler.cli.exit_status import EXIT_OK, EXIT_USAGE
from compiler.cli.output import next_command, print_done, print_notice
from compiler.forge.api import api
from compiler.forge.artifact import read_plans
from compiler.forge.event import Event, read_event
from compiler.forge.merge_request import gitlab_api, merge_request_event, update_notes
from compiler.forge.sticky_comment import CommentResult, pull_requests_of, update_comments


def run(args: argparse.Namespace) -> int:
    if os.environ.get("GITLAB_CI"):
        event = merge_request_event(os.environ)
        print_results(args, update_notes(gitlab_api(os.environ), event, read_plans(Path(args.folder))))
        return EXIT_OK
    path = args.event or os.environ.get("GITHUB_EVENT_PATH")
    if not path:
        sys.stderr.write("shipway comment: name the event with --event, or set GITHUB_EVENT_PATH\n")
        return EXIT_USAGE
    comment_on_pull_requests(args, read_event(Path(path)), read_plans(Path(args.folder)))
    next_command(args, "shipway publish")
    return EXIT_OK


def comment_on_pull_requests(args: argparse.Namespace, event: Event, plans: Mapping[str, str]) -> None:
    forge = api(os.environ)
    numbers = pull_requests_of(forge, event)
    if not numbers:
        print_notice(
            args, f"no open pull request has {event.head[:12]} as its newest commit: there is nothing to comment on"
        )
    for number in numbers:
        print_results(args, update_comments(forge, event, number, plans, args.author))


def print_results(args: argparse.Namespace, results: Iterable[CommentResult]) -> None:
    for done in results:
        print_done(args, f"{done.environment}: {done.action} {done.address}\n")
