"""shipway abort: takes all requests away from the version that is coming in."""

from __future__ import annotations

import argparse
from pathlib import Path

from compiler.cli.release_selection import split_name
from compiler.cli.spec_edit import carry_out, open_specs
from compiler.course.verbs import abort_move


def run(args: argparse.Namespace) -> int:
    environment, name = split_name(args.name)
    specs = open_specs(Path(args.root), environment)
    with specs.refusing_wrong_first():
        unit = specs.unit(name)
        outcome = abort_move(unit)
    return carry_out(specs, unit, outcome, args)
