"""An environment's standings: its specs beside what its branch holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from compiler.cli.published import Published, built_of, published_of, stands
from compiler.course.standing import Place, Standing, standing_of
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.pipeline import Built
from compiler.plan.states import readable, unit_files
from compiler.units import Unit, units
from compiler.workspace import read_environment


def standings(root: Path, name: str, now: datetime, found: list[Diagnostic]) -> list[Standing]:
    """The standing of each release and group. Raises Rejected where the specs do not compile.

    A repository that cannot be reached is a warning in `found`: the specs still tell their half.
    """
    built = built_of(root, read_environment(root, name))
    try:
        published = published_of(root, built)
    except Rejected as rejected:
        found += [replace(each, severity="warning") for each in rejected.diagnostics]
        published = Published(None)
    return [standing_of(unit, place_of(unit, built, published), now) for unit in units(built.compiled)]


def place_of(unit: Unit, built: Built, published: Published) -> Place:
    last = published.last_of(unit)
    folders = tuple(f"{member.name}/" for member in unit.members)
    by_hand = [each.message for each in published.by_hand if any(f"`{folder}" in each.message for folder in folders)]
    if last is None:
        return Place(by_hand=tuple(by_hand))
    same = stands(unit, built, published)
    # what somebody edited by hand may be anything
    files = {} if same or by_hand else unit_files(published.manifests, unit.folders)
    return Place(last.commit, last.time, same, published.is_confirmed(last), tuple(by_hand), tuple(readable(files)))
