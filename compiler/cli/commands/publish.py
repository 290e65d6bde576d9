"""shipway publish: verifies, then commits and pushes the next state."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_USAGE
from compiler.cli.manifest_files import is_readable_location, running_objects, running_usage
from compiler.cli.output import next_command, print_diagnostics, print_notice
from compiler.cli.publishing import outcome_data, publish_environments
from compiler.cli.release_selection import chosen_environments, split_name
from compiler.cli.spec_commit import refuse_uncommitted
from compiler.course.attempt import with_next_attempt
from compiler.course.unit_lookup import unit_named
from compiler.diagnostics.render.json import diagnostics_data
from compiler.git.spec_repository import commit_files, push_command
from compiler.model.unit import units_of
from compiler.pipeline import check_environment
from compiler.plan.allowances import AllowedFinding
from compiler.publish.environment import PublishOptions, PublishOutcome
from compiler.publish.publish import PublishedCommit
from compiler.source.rewrite import replace_file
from compiler.source.workspace import read_sources
from compiler.support.parallel import WHOLE, Shard


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    if bool(args.allow) != bool(args.reason):
        sys.stderr.write(
            "shipway publish: --allow and --reason need each other: the commit records the reason of an exception\n"
        )
        return EXIT_USAGE
    if args.again is not None and Shard(*args.shard) != WHOLE:
        sys.stderr.write("shipway publish: --again is for one release, but --shard divides a whole environment\n")
        return EXIT_USAGE
    names = chosen_environments(root, args.names) if args.again is None else [bump_attempt(root, args)]
    if args.plan is not None and len(names) != 1:
        sys.stderr.write("shipway publish: --plan needs exactly one environment\n")
        return EXIT_USAGE
    if args.running and (len(names) != 1 or not is_readable_location(args.running)):
        sys.stderr.write(running_usage("publish"))
        return EXIT_USAGE
    running = running_objects(args.running)
    allowed = tuple(AllowedFinding(code, args.reason) for code in args.allow)
    options = PublishOptions(
        plan=args.plan,
        confirmed=args.confirmed,
        allowed=allowed,
        shard=Shard(*args.shard),
        running=tuple(running),
    )
    outcomes, diagnostics = publish_environments(root, names, options, args)
    status = print_diagnostics(diagnostics, args if args.format != "json" else None)
    if args.format == "json":
        data = {
            "format": 1,
            "environments": [outcome_data(each) for each in outcomes],
            "diagnostics": diagnostics_data(diagnostics),
        }
        sys.stdout.write(json.dumps(data, indent=1) + "\n")
    if status != EXIT_FAILURE:
        next_command(args, push_specs_command(root) if args.again is not None else command_after_publish(outcomes))
    return status


def command_after_publish(outcomes: Sequence[PublishOutcome]) -> str:
    """After an environment's first publish Argo CD has to be told of it."""
    first = (each for each in outcomes if isinstance(each.result, PublishedCommit) and each.result.parent is None)
    name = next((each.environment for each in first if not each.notes), None)
    return f"shipway bootstrap {name}" if name is not None else "shipway status"


def push_specs_command(root: Path) -> str:
    """What follows a commit of the specs that is published: until others have it, theirs are older than it."""
    return push_command(root) or "shipway status"


def bump_attempt(root: Path, args: argparse.Namespace) -> str:
    """Counts up the attempt in the release's spec, commits that, and gives the environment's name.

    Equal trees make no commit, and Argo CD never syncs a commit again whose sync failed for good (autoSync).
    """
    environment, name = split_name(args.again)
    (environment,) = chosen_environments(root, [environment])
    sources = read_sources(root, environment)
    unit = unit_named(units_of(check_environment(sources)), name)
    file = unit.members[0].document.file
    refuse_uncommitted(root, [file])
    before = sources.texts[file]
    after, number = with_next_attempt(unit, before)
    replace_file(root, file, before, after)
    commit_files(root, [file], None, f"{unit.shown}: attempt {number}", "")
    print_notice(args, f"{file}: shipway.dev/attempt is {number}")
    return environment
