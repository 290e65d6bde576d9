"""shipway promote: carries a version from one environment to another, as the first step of a course there."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.cli.course import edit_arguments
from compiler.cli.output import next_command, print_notice
from compiler.diagnostics.model import Rejected

if TYPE_CHECKING:
    from compiler.model.compiled import CompiledEnvironment
    from compiler.model.unit import Unit


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="RELEASE", help="a release or group that both environments have")
    parser.add_argument("--from", dest="source", required=True, metavar="ENV", help="where the version serves")
    parser.add_argument("--to", dest="target", required=True, metavar="ENV", help="where it is to be started")
    parser.add_argument("--change", choices=("minor", "major"), help="default: as its own spec says")
    edit_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from compiler.cli.move_execution import EditSession, execute_move, nothing_to_do  # noqa: PLC0415 - `--help` needs no stages
    from compiler.course.move import Already  # noqa: PLC0415 - the same
    from compiler.course.promotion import refuse_unlisted_source  # noqa: PLC0415 - the same
    from compiler.course.verbs import start_move  # noqa: PLC0415 - the same

    root, now = Path(args.root), datetime.now(UTC)
    desk = EditSession.at(root, args.target, now)
    desk.refuse_closed()
    refuse_unlisted_source(desk.compiled, args.source)
    source = EditSession.at(root, args.source, now).compiled
    unit = desk.unit(args.name)
    incoming = promoted_versions(unit, source, args)
    outcome = start_move(unit, incoming)
    if isinstance(outcome, Already):
        status = nothing_to_do(desk, unit, outcome, args)
    else:
        status = execute_move(desk, unit, outcome, args)
    next_command(args, promote_command(args) if args.dry_run else f"shipway plan {args.target}")
    return status


def promoted_versions(unit: Unit, source: CompiledEnvironment, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """By member of the unit, the version that the source serves. Raises Rejected for a member that it lacks."""
    from compiler.course.promotion import environment_specific_fields, promoted_fields, serving_version  # noqa: PLC0415 - as above
    from compiler.source.workspace import unknown_name_diagnostic  # noqa: PLC0415 - as above

    releases = {release.name: release for release in source.releases}
    missing = [member.name for member in unit.members if member.name not in releases]
    if missing:
        raise Rejected(
            [unknown_name_diagnostic("release", f"{source.name}/{name}", list(releases)) for name in missing]
        )
    found = {}
    for member in unit.members:
        version = serving_version(releases[member.name])
        change = args.change or ("major" if version.change == "major" else None)
        found[member.name] = promoted_fields(version) | ({"change": change} if change is not None else {})
        rest = environment_specific_fields(releases[member.name])
        if rest:
            print_notice(args, f"not carried, for it belongs to {source.name}: {member.name} {', '.join(rest)}")
    return found


def promote_command(args: argparse.Namespace) -> str:
    """The same command without `--dry-run`."""
    change = f" --change {args.change}" if args.change is not None else ""
    commit = " --commit" if args.commit else ""
    return f"shipway promote {args.name} --from {args.source} --to {args.target}{change}{commit}"
