"""start, advance, abort and finish: from where a unit stands to its next move. Pure; refusals say what does apply."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from compiler.course.move import Already, Move, group_move
from compiler.course.refusals import verb_rejection
from compiler.model.compiled import ReadRelease
from compiler.model.course import Refusal, Step
from compiler.model.unit import Unit
from compiler.spec.container import Version
from compiler.strategies.base import version_without_course_keys
from compiler.support.suggest import did_you_mean

UNDONE_POSITIONS: Final = ("aborted", "rolled back")


def start_move(unit: Unit, versions: Mapping[str, Mapping[str, Any]]) -> Move | Already:
    """Brings in a version: `versions` holds one by member, as the spec writes it (`version`, `digest`, `change`…).

    Members of a group that are not named come along with the version they serve. Raises Rejected where the strategy
    does not allow it.
    """
    if unit.group is None:
        held = already_present(unit.members[0], versions[unit.name])
        if held is not None:
            return held
    steps = []
    for member in unit.members:
        wanted = versions.get(member.name) or unchanged_version(member)
        outcome = member.strategy.start(member.subject, wanted)
        if isinstance(outcome, Refusal):
            raise verb_rejection(
                "course-refused", f"{unit.shown} cannot start: {outcome.reason}", outcome.help_for(unit.shown), unit
            )
        steps.append(outcome)
    return group_move(unit, steps)


def unchanged_version(member: ReadRelease) -> dict[str, Any]:
    """The version that a member of a group serves, to stand in the other color unchanged."""
    serving = version_without_course_keys(member.strategy.tracks(member.subject)[serving_track(member)])
    serving.pop("change", None)
    return serving


def serving_track(member: ReadRelease) -> str:
    """The track with most of the requests; of tracks that clients name, the newest."""
    splits = member.lowered().splits
    main = next((split for split in splits if split.name == ""), splits[-1])
    return main.chosen


def already_present(member: ReadRelease, wanted: Mapping[str, Any]) -> Already | None:
    """Says that the version serves, or is on its way, if it is; None if it has to be brought in."""
    for track, version in member.strategy.tracks(member.subject).items():
        if version.aborted or not same_version(version, wanted):
            continue
        refuses = isinstance(member.strategy.start(member.subject, wanted), Refusal)
        if refuses or largest_share(member, track) > 0:
            return Already(f"{track} already has {version.version} ({member.strategy.position(member.subject)})")
    return None


def same_version(version: Version, wanted: Mapping[str, Any]) -> bool:
    """Whether all that is wanted of a version is what it says; a key of the course itself does not count."""
    held = version_without_course_keys(version)
    return all(held.get(key) == value for key, value in wanted.items() if key not in ("change", "contract", "path"))


def largest_share(member: ReadRelease, track: str) -> int:
    """The largest share that the track has in any division of requests, in percent."""
    shares = [share.percent for split in member.lowered().splits for share in split.shares if share.track == track]
    return max(shares, default=0)


def advance_move(unit: Unit, to: str | None = None) -> Move | Already:
    """The next step; with `to`, all steps up to the one of that name (`50`, `50 %`, `switch`) in one commit."""
    moves = remaining_moves(unit)
    if to is not None and matches_position(unit.position, to):
        return Already(f"{unit.shown} is already at this step: {unit.position}")
    if not moves:
        raise no_open_course(unit)
    coming = [move for move in moves if move.verb == "advance"]
    if not coming:
        message = f"{unit.shown} has no later step ({unit.position}): only `finish` is left"
        raise verb_rejection("course-needs-finish", message, f"run `shipway finish {unit.shown}`", unit)
    return coming[0] if to is None else moves_up_to(unit, coming, to)


def moves_up_to(unit: Unit, coming: Sequence[Move], to: str) -> Move:
    names = [move.name for move in coming]
    wanted = next(
        (index for index, name in enumerate(names) if normalized_position(name) == normalized_position(to)), None
    )
    if wanted is None:
        guess = did_you_mean(to, names)
        advice = f"did you mean `{guess}`?" if guess else f"the later steps are: {', '.join(names)}"
        raise verb_rejection("course-no-such-step", f"no later step is called {to!r}", advice, unit)
    passed, last = coming[:wanted], coming[wanted]
    edits: dict[str, Any] = {}
    for move in (*passed, last):
        for file, each in move.edits.items():
            edits[file] = (*edits.get(file, ()), *each)
    jumped = tuple(move.name for move in coming[1 : wanted + 1] if move.pause_seconds)
    return replace(last, edits=edits, pause_seconds=coming[0].pause_seconds, skips=jumped)


def matches_position(position: str, to: str) -> bool:
    return normalized_position(to) in {normalized_position(position), normalized_position(position.partition(" ")[2])}


def normalized_position(name: str) -> str:
    """`50`, `50%` and `50 %` are one name."""
    return re.sub(r"\s*%$", "", name.strip()).casefold()


def finish_move(unit: Unit) -> Move | Already:
    """The last step: what no longer serves goes."""
    moves = remaining_moves(unit)
    if moves and moves[0].verb == "finish":
        return moves[0]
    if moves:
        message = (
            f"{unit.shown} cannot finish yet: it is at {unit.position}, and the step `{moves[0].name}` comes first"
        )
        raise verb_rejection("course-not-done", message, f"run `shipway advance {unit.shown}`", unit)
    if any(len(member.strategy.tracks(member.subject)) > 1 for member in unit.members):
        message = (
            f"{unit.shown} ({unit.position}) has no last step: the two tracks have different contracts, so one "
            "cannot replace the other"
        )
        raise verb_rejection(
            "course-no-finish", message, f"move its clients, or run `shipway abort {unit.shown}`", unit
        )
    return Already(f"no course of {unit.shown} is open: it is {unit.position}")


def abort_move(unit: Unit) -> Move | Already:
    """Takes all requests away from what is coming in. Once that is done, a second abort finds nothing to do."""
    steps: list[Step] = []
    for member in unit.members:
        outcome = member.strategy.abort(member.subject)
        if isinstance(outcome, Refusal):
            if unit.position in UNDONE_POSITIONS:
                return Already(f"{unit.shown} is already {unit.position}")
            raise verb_rejection(
                "course-not-open", f"{unit.shown}: {outcome.reason}", outcome.help_for(unit.shown), unit
            )
        steps.append(outcome)
    return group_move(unit, steps)


def remaining_moves(unit: Unit) -> tuple[Move, ...]:
    """The moves to the end of the course. Raises Rejected for a group whose members stand at different steps."""
    every = [member.strategy.ahead(member.subject) for member in unit.members]
    names = {tuple(step.name for step in steps) for steps in every}
    if len(names) > 1:
        message = f"the members of {unit.shown} are at different steps: {unit.position}"
        raise verb_rejection("course-apart", message, "edit their specs until all are at the same step", unit)
    return tuple(group_move(unit, steps) for steps in zip(*every, strict=True))


def no_open_course(unit: Unit) -> Exception:
    first = unit.members[0]
    member = (
        f" --member {first.name}=VERSION@DIGEST" if unit.group is not None else " --version VERSION --digest DIGEST"
    )
    message = f"no course of {unit.shown} is open: it is {unit.position}"
    return verb_rejection("course-not-open", message, f"start one: `shipway start {unit.shown}{member}`", unit)
