"""A step of a course as edits of files, and their texts after it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from compiler.edit import delete, set_value
from compiler.edit.data import MISSING, value_or_missing, with_replaced_value
from compiler.model.course import STRATEGY, Delete, Edit, Step
from compiler.model.unit import Unit
from compiler.source import Document, parse
from compiler.source.workspace import referenced_files

GROUP_ACTIVE: Final = ("spec", "active")
VERSION_KEYS: Final = ("version", "digest", "image", "change")


@dataclass(frozen=True, slots=True)
class Move:
    """What one run of a verb changes: edits by spec file, in words for people, and what it has to wait for."""

    name: str
    verb: str
    summaries: tuple[str, ...]
    edits: Mapping[str, tuple[Edit, ...]]
    pause_seconds: int = 0
    """how long the step before must have been published"""
    not_before: str | None = None
    skips: tuple[str, ...] = ()
    """steps with a soak time of their own that this move jumps over"""
    texts: Mapping[str, str] | None = None
    """whole texts instead of edits: a file as it was at an earlier commit"""


@dataclass(frozen=True, slots=True)
class Already:
    """There is nothing to do, and why: the verb was run before, or what it would bring is there."""

    reason: str


def group_move(unit: Unit, steps: Sequence[Step]) -> Move:
    """One step of every member as one move; `steps` are in the members' order, all of one name."""
    edits: dict[str, list[Edit]] = {}
    for member, step in zip(unit.members, steps, strict=True):
        for edit in step.edits:
            edits.setdefault(edited_file(unit, member.document.file, edit), []).append(edit)
    alone = unit.group is None
    summaries = [
        step.summary if alone else f"{m.name}: {step.summary}" for m, step in zip(unit.members, steps, strict=True)
    ]
    dates = [step.not_before for step in steps if step.not_before is not None]
    return Move(
        name=steps[0].name,
        verb=steps[0].verb,
        summaries=tuple(dict.fromkeys(summaries)),
        edits={file: distinct_edits(each) for file, each in edits.items()},
        pause_seconds=max(step.pause_seconds for step in steps),
        not_before=max(dates, default=None),
    )


def distinct_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits without repetitions: every member of a group asks for the same switch."""
    distinct: list[Edit] = []
    for edit in edits:
        if edit not in distinct:
            distinct.append(edit)
    return tuple(distinct)


def edited_file(unit: Unit, own: str, edit: Edit) -> str:
    """A group's switch is an edit of the group's file; all else stands in the member's own."""
    if unit.group is not None and edit.path == GROUP_ACTIVE:
        return unit.group.document.file
    return own


def texts_after_move(unit: Unit, move: Move, texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of the files that the move changes, after it; `texts` are those before.

    Raises Rejected where a file's layout allows no safe edit.
    """
    after = dict(move.texts or {})
    inherited = {member.document.file: strategy_of(member.document) for member in unit.members}
    for file, edits in move.edits.items():
        text = with_strategy(texts[file], file, inherited[file]) if file in inherited else texts[file]
        for edit in edits:
            text = text_with_edit(text, file, edit)
        after[file] = text
    return {file: text for file, text in after.items() if text != texts.get(file)}


def strategy_of(document: Document) -> Any:
    """The spec's strategy as it may stand in its own file: what a base names beside itself is named from there."""
    strategy = document.data["spec"]["strategy"]
    here = posixpath.dirname(document.file)
    for path, named in referenced_files(document.data):
        if path[:2] == STRATEGY:
            there = posixpath.dirname(document.locate(path).file)
            strategy = with_replaced_value(strategy, path[2:], posixpath.relpath(posixpath.join(there, named), here))
    return strategy


def with_strategy(text: str, file: str, strategy: Any) -> str:
    """The text with a `strategy` of its own: where a base has it, an edit of one key would drop all the others."""
    return (
        text
        if value_or_missing(parse(text, file).data, STRATEGY) is not MISSING
        else set_value(text, STRATEGY, strategy, file)
    )


def text_with_edit(text: str, file: str, edit: Edit) -> str:
    """The text after one edit; removing what is not there changes nothing."""
    if not isinstance(edit.value, Delete):
        return set_value(text, edit.path, with_ordered_keys(edit.value), file)
    gone = value_or_missing(parse(text, file).data, edit.path) is MISSING
    return text if gone else delete(text, edit.path, file)


def with_ordered_keys(value: Any) -> Any:
    """A version with its keys as people write them: what it is first, then what it overrides."""
    if not isinstance(value, dict) or "version" not in value:
        return value
    first = {key: value[key] for key in VERSION_KEYS if key in value}
    return first | value
