"""shipway promote: carries a version from one environment to another, as the first step of a course there."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from compiler.cli.output import print_notice
from compiler.cli.spec_edit import carry_out, checked_environment, open_specs
from compiler.course.permission import refuse_closed
from compiler.course.promotion import (
    environment_specific_fields,
    promoted_fields,
    refuse_unlisted_source,
    serving_version,
)
from compiler.course.verbs import start_move
from compiler.diagnostics.model import Rejected
from compiler.model.compiled import ReadEnvironment
from compiler.model.unit import Unit
from compiler.source.workspace import unknown_name_diagnostic


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    specs = open_specs(root, args.target)
    with specs.refusing_wrong_first():
        refuse_closed(specs.environment, specs.now)
        refuse_unlisted_source(specs.read, args.source)
        unit = specs.unit(args.name)
        outcome = start_move(unit, promoted_versions(unit, checked_environment(root, args.source), args))
    return carry_out(specs, unit, outcome, args)


def promoted_versions(unit: Unit, source: ReadEnvironment, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """By member of the unit, the version that the source serves. Raises Rejected for a member that it lacks."""
    releases = {release.name: release for release in source.releases}
    missing = [member.name for member in unit.members if member.name not in releases]
    if missing:
        raise Rejected(
            [unknown_name_diagnostic("release", f"{source.name}/{name}", list(releases)) for name in missing]
        )
    versions = {}
    for member in unit.members:
        version = serving_version(releases[member.name])
        change = args.change or ("major" if version.change == "major" else None)
        versions[member.name] = promoted_fields(version) | ({"change": change} if change is not None else {})
        rest = environment_specific_fields(releases[member.name])
        if rest:
            print_notice(
                args, f"not carried over, because it belongs to {source.name}: {member.name} {', '.join(rest)}"
            )
    return versions
