"""A start that is corrected before anything of it is published: as if the first one had not been made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Any

from compiler.course.move import Move, group_move
from compiler.course.refusals import verb_rejection
from compiler.edit.data import MISSING, value_or_missing, with_value, without_entry
from compiler.model.compiled import ReadRelease
from compiler.model.course import STRATEGY, Delete, Edit, Refusal, Subject
from compiler.model.unit import Unit
from compiler.spec.container import Version
from compiler.spec.read import read_model


def is_coming(unit: Unit) -> bool:
    """Whether a version is on its way into a release. (A group's start replaces what its idle color holds anyway.)"""
    return unit.group is None and coming_version(unit.members[0]) is not None


def coming_version(member: ReadRelease) -> Version | None:
    """The version that an abort takes away; None where there is none."""
    before = undone(member)
    if before is None:
        return None
    rest = {version.version for version in member.strategy.tracks(before[0]).values()}
    tracks = member.strategy.tracks(member.subject).values()
    return next((version for version in tracks if version.version not in rest and not version.aborted), None)


def corrected_start(unit: Unit, wanted: Mapping[str, Any], published: Set[str]) -> Move | None:
    """The start of another version in place of the one on its way; None where that one is in `published` (versions).

    Raises Rejected where the strategy does not allow the start.
    """
    member = unit.members[0]
    before, coming = undone(member), coming_version(member)
    if before is None or coming is None or coming.version in published:
        return None
    subject, data = before
    step = member.strategy.start(subject, wanted)
    if isinstance(step, Refusal):
        message = f"{unit.shown} cannot start: {step.reason}"
        raise verb_rejection("course-refused", message, step.help_for(unit.shown), unit)
    strategy = value_or_missing(data_after(data, step.edits), STRATEGY)
    summary = f"takes back the start of {coming.version}, which is not published, and {step.summary}"
    return group_move(unit, [replace(step, edits=(Edit(STRATEGY, strategy),), summary=summary)])


def undone(member: ReadRelease) -> tuple[Subject[Any], Any] | None:
    """The release without the version that is on its way, and its spec's data; None where nothing is."""
    step = member.strategy.abort(member.subject)
    if isinstance(step, Refusal):
        return None
    data = data_after(member.document.data, step.edits)
    subject = subject_of(member, data)
    for finish in member.strategy.ahead(subject) if subject is not None else ():
        data = data_after(data, finish.edits)
    subject = subject_of(member, data)
    return None if subject is None else (subject, data)


def data_after(data: Any, edits: Iterable[Edit]) -> Any:
    for edit in edits:
        if not isinstance(edit.value, Delete):
            data = with_value(data, edit.path, edit.value)
        elif value_or_missing(data, edit.path) is not MISSING:
            data = without_entry(data, edit.path)
    return data


def subject_of(member: ReadRelease, data: Any) -> Subject[Any] | None:
    """The release with the strategy that the data holds; None where the strategy does not take it."""
    model, problems = read_model(member.strategy.SPEC, data["spec"]["strategy"][member.strategy.NAME])
    return None if model is None or problems else Subject(member.subject.release, model, member.subject.membership)
