"""shipway start: brings a new version in, the first step of a course."""

from __future__ import annotations

import argparse
from pathlib import Path

from compiler.cli.release_selection import split_name
from compiler.cli.spec_edit import OpenSpecs, carry_out, open_specs
from compiler.cli.version_options import requested_versions
from compiler.course.move import Move
from compiler.course.permission import refuse_closed
from compiler.course.promotion import refuse_skipped
from compiler.course.verbs import start_move
from compiler.model.compiled import CompiledEnvironment
from compiler.source.workspace import environment_names


def run(args: argparse.Namespace) -> int:
    environment, name = split_name(args.name)
    specs = open_specs(Path(args.root), environment)
    unit = specs.unit(name)
    wanted = requested_versions(unit, args)
    outcome = start_move(unit, wanted)
    if isinstance(outcome, Move):
        refuse_closed(specs.environment, specs.now)
        refuse_skipped(unit, wanted, specs.compiled, parent_environments(specs), specs.now.date())
    return carry_out(specs, unit, outcome, args)


def parent_environments(specs: OpenSpecs) -> list[CompiledEnvironment]:
    """The environments that this one promotes from, as far as they are here."""
    known = environment_names(specs.root)
    names = [name for name in specs.environment.model.spec.promotes_from if name in known]
    return [open_specs(specs.root, name).compiled for name in names]
