"""shipway promote: carries a version from one environment to another, as the first step of a course there."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.cli.course import carrying_arguments
from compiler.cli.output import next_command, say
from compiler.diagnostics.model import Rejected

if TYPE_CHECKING:
    from compiler.compile import CompiledEnvironment
    from compiler.units import Unit


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="RELEASE", help="a release or group that both environments have")
    parser.add_argument("--from", dest="source", required=True, metavar="ENV", help="where the version serves")
    parser.add_argument("--to", dest="target", required=True, metavar="ENV", help="where it is to be started")
    parser.add_argument("--change", choices=("minor", "major"), help="default: as its own spec says")
    carrying_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from compiler.cli.carrying_out import Desk, carry_out, nothing_to_do  # noqa: PLC0415 - `--help` needs no stages
    from compiler.course.move import Already  # noqa: PLC0415 - the same
    from compiler.course.promotion import refuse_detour  # noqa: PLC0415 - the same
    from compiler.course.verbs import start  # noqa: PLC0415 - the same

    root, now = Path(args.root), datetime.now(UTC)
    desk = Desk.at(root, args.target, now)
    desk.refuse_closed()
    refuse_detour(desk.compiled, args.source)
    source = Desk.at(root, args.source, now).compiled
    unit = desk.unit(args.name)
    incoming = carried(unit, source, args)
    outcome = start(unit, incoming)
    if isinstance(outcome, Already):
        status = nothing_to_do(desk, unit, outcome, args)
    else:
        status = carry_out(desk, unit, outcome, args)
    next_command(args, again(args) if args.dry_run else f"shipway plan {args.target}")
    return status


def carried(unit: Unit, source: CompiledEnvironment, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """By member of the unit, the version that the source serves. Raises Rejected for a member that it lacks."""
    from compiler.course.promotion import left_behind, serving_version, version_itself  # noqa: PLC0415 - as above
    from compiler.workspace import unknown_name  # noqa: PLC0415 - as above

    releases = {release.name: release for release in source.releases}
    missing = [member.name for member in unit.members if member.name not in releases]
    if missing:
        raise Rejected([unknown_name("release", f"{source.name}/{name}", list(releases)) for name in missing])
    found = {}
    for member in unit.members:
        version = serving_version(releases[member.name])
        change = args.change or ("major" if version.change == "major" else None)
        found[member.name] = version_itself(version) | ({"change": change} if change is not None else {})
        rest = left_behind(releases[member.name])
        if rest:
            say(args, f"not carried, for it belongs to {source.name}: {member.name} {', '.join(rest)}")
    return found


def again(args: argparse.Namespace) -> str:
    """The same command without `--dry-run`."""
    change = f" --change {args.change}" if args.change is not None else ""
    commit = " --commit" if args.commit else ""
    return f"shipway promote {args.name} --from {args.source} --to {args.target}{change}{commit}"
