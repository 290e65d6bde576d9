"""The edit that brings back what is published: of the specs, of a base, of the environment, or by another compiler."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from compiler import __version__
from compiler.model.compiled import CompiledEnvironment, ReadEnvironment
from compiler.model.plan import TrackView
from compiler.model.spec_changes import SpecChanges
from compiler.model.unit import Unit
from compiler.plan.facts import PublishFacts
from compiler.source.workspace import ENVIRONMENTS, SPEC_ENDINGS

NO_COMMIT = "none: what is published was made from specs that were never committed"
SHORT_COMMIT = 12


@dataclass(frozen=True, slots=True)
class WayBack:
    """A command that edits the specs, empty where no edit does it; `note`: what else it takes, or why there is none.

    `known`: whether command and note together give the published manifests again.
    """

    command: str
    note: str = ""
    known: bool = True


def way_back(compiled: CompiledEnvironment, unit: Unit, facts: PublishFacts) -> WayBack:
    """What brings the unit's published manifests back once these specs are published."""
    if facts.published_source is None:
        return WayBack("", NO_COMMIT, known=False)
    source = facts.published_source[:SHORT_COMMIT]
    if facts.spec_changes is None:
        return WayBack("", f"none: this checkout does not have {source}, which is published: fetch it", known=False)
    command = edit_back(compiled, unit, source, facts.spec_changes)
    older = facts.published_compiler if facts.published_compiler != __version__ else None
    if older is not None:
        specs = "" if command else f": the specs are as they were at {source}"
        return WayBack(command, f"build with Shipway {older}, which published it{specs}")
    if command:
        return WayBack(command)
    return WayBack("", f"none: the specs are equal to those of {source}, but gave other manifests then", known=False)


def edit_back(compiled: CompiledEnvironment, unit: Unit, source: str, changes: SpecChanges) -> str:
    """The command for the unit's files that differ from those at `source`; empty where none does."""
    read = unit_inputs(compiled, unit)
    changed = sorted(changes.files & read)
    if not changed:
        return ""
    folder = f"{ENVIRONMENTS}/{compiled.name}"
    if changes.added.intersection(unit.files):
        # its spec had another name there: both names are in the folder
        return restore_command(source, [folder, *(file for file in changed if not file.startswith(f"{folder}/"))])
    named_then = sorted(file for file in changes.gone if file.startswith(f"{folder}/") and not is_spec(file, folder))
    if set(changed) <= set(unit.files) and not named_then:
        return f"shipway rollback {unit.shown} --to {source}"
    return restore_command(source, sorted({*changed, *named_then}))


def restore_command(source: str, files: Iterable[str]) -> str:
    return f"git restore --source={source} -- {shlex.join(files)}"


def unit_inputs(environment: ReadEnvironment, unit: Unit) -> frozenset[str]:
    """The files that the unit's manifests are made from: specs, what they extend, and the files that they name."""
    documents = [environment.document, unit.document, *(member.document for member in unit.members)]
    specs = {file for document in documents for file in document.texts}
    named = {beside(member.document.file, name) for member in unit.members for name in member.files}
    return frozenset(specs | named)


def beside(spec: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(spec), name))


def is_spec(file: str, folder: str) -> bool:
    return posixpath.dirname(file) == folder and file.endswith(SPEC_ENDINGS)


def course_moved(
    unit: Unit, changes: SpecChanges | None, before: Sequence[TrackView], after: Sequence[TrackView]
) -> bool:
    """Whether this commit may be a step of the unit's course, which an abort takes back: its own specs changed, and
    with them versions, shares, or the pods of some of its tracks. New replicas of every track are no step.
    """
    own = changes is None or not changes.files.isdisjoint(unit.files)
    old, new = ({view.track: view for view in views} for views in (before, after))
    if old.keys() != new.keys() or any(replace(old[track], pods=0) != replace(new[track], pods=0) for track in new):
        return own
    scaled = [old[track].pods != new[track].pods for track in new]
    return own and any(scaled) and not all(scaled)
