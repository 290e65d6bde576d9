"""shipway start: brings a new version in, the first step of a course."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compiler.cli.release_selection import split_name
from compiler.cli.spec_edit import OpenSpecs, carry_out, checked_environment, open_specs
from compiler.cli.version_options import requested_versions
from compiler.course.correction import corrected_start, is_coming
from compiler.course.move import Already, Move
from compiler.course.permission import refuse_closed
from compiler.course.promotion import refuse_skipped
from compiler.course.verbs import already_present, start_move
from compiler.model.compiled import ReadEnvironment
from compiler.model.unit import Unit
from compiler.source.workspace import environment_names


def run(args: argparse.Namespace) -> int:
    environment, name = split_name(args.name)
    specs = open_specs(Path(args.root), environment)
    with specs.refusing_wrong_first():
        unit = specs.unit(name)
        wanted = requested_versions(unit, args)
        outcome = corrected_or_new(specs, unit, wanted)
        if isinstance(outcome, Move):
            refuse_closed(specs.environment, specs.now)
            refuse_skipped(unit, wanted, specs.read, parent_environments(specs), specs.now.date())
    return carry_out(specs, unit, outcome, args)


def corrected_or_new(specs: OpenSpecs, unit: Unit, wanted: Mapping[str, Mapping[str, Any]]) -> Move | Already:
    """The start; in place of the one before it, where nothing of that is published yet."""
    held = None if unit.group is not None else already_present(unit.members[0], wanted[unit.name])
    if held is None and is_coming(unit):
        from compiler.cli.published_versions import published_versions  # noqa: PLC0415 - Git, where a course is open

        corrected = corrected_start(unit, wanted[unit.name], published_versions(specs, unit))
        if corrected is not None:
            return corrected
    return start_move(unit, wanted)


def parent_environments(specs: OpenSpecs) -> list[ReadEnvironment]:
    """The environments that this one promotes from, as far as they are here."""
    known = environment_names(specs.root)
    names = [name for name in specs.environment.model.spec.promotes_from if name in known]
    return [checked_environment(specs.root, name) for name in names]
