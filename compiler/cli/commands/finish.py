"""shipway finish: the last step of a course, after which only what serves remains."""

from __future__ import annotations

import argparse
from pathlib import Path

from compiler.cli.release_selection import split_name
from compiler.cli.spec_edit import carry_out, open_specs
from compiler.cli.waiting import refuse_waiting
from compiler.course.move import Move
from compiler.course.permission import refuse_closed
from compiler.course.verbs import finish_move


def run(args: argparse.Namespace) -> int:
    environment, name = split_name(args.name)
    specs = open_specs(Path(args.root), environment)
    with specs.refusing_wrong_first():
        unit = specs.unit(name)
        outcome = finish_move(unit)
        if isinstance(outcome, Move):
            refuse_closed(specs.environment, specs.now)
            if not args.now:
                refuse_waiting(specs, unit, outcome)
    return carry_out(specs, unit, outcome, args)
