"""Going back: to what a track still holds, to a version that an earlier spec served, or to a spec as it was. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from compiler.course.move import GROUP_ACTIVE, Already, Move, group_move
from compiler.course.promotion import serving_version
from compiler.course.refusals import verb_rejection
from compiler.course.verbs import UNDONE_POSITIONS, abort_move, serving_track
from compiler.diagnostics.model import Rejected
from compiler.edit import set_value
from compiler.edit.data import value_or_missing
from compiler.model.compiled import ReadRelease
from compiler.model.course import STRATEGY, Edit, Refusal, Step, Subject
from compiler.model.unit import Unit
from compiler.source import parse
from compiler.spec.container import Version
from compiler.spec.read import read_model
from compiler.strategies.base import version_without_course_keys


@dataclass(frozen=True, slots=True)
class EarlierSpecs:
    """A unit's spec files as they were at a commit of the specs' repository; None: the file was not there."""

    commit: str
    time: int
    subject: str
    texts: Mapping[str, str | None]

    @property
    def day(self) -> str:
        return datetime.fromtimestamp(self.time, UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class ServedState:
    """What an earlier spec of a release served, and in which tracks; `rests`: no course was open."""

    serving: Version
    tracks: Mapping[str, Version]
    strategy: Mapping[str, Any]
    rests: bool

    @property
    def version(self) -> str:
        return self.serving.version


def undo_move(unit: Unit, earlier: Iterable[EarlierSpecs]) -> Move | Already:
    """Back without a target: the abort of the open course; with none open, the version that served before."""
    if unit.position in UNDONE_POSITIONS:
        return Already(f"{unit.shown} is already {unit.position}")
    try:
        return as_rollback(abort_move(unit))
    except Rejected:
        if unit.group is not None:
            return group_undo_move(unit, earlier)
    member = unit.members[0]
    now = serving_version(member).version
    for past in earlier:
        held = served_state_at(member, past)
        if held is not None and (missing_tracks(member, held) or (held.version != now and held.rests)):
            return restored_release_move(unit, member, past, held)
    message = f"the history in this clone shows no other version of {unit.shown} than {now}"
    raise verb_rejection("rollback-no-history", message, f"`shipway start {unit.shown} --version VERSION`", unit)


def group_undo_move(unit: Unit, earlier: Iterable[EarlierSpecs]) -> Move:
    """A group's versions and color at the newest earlier commit at which all members rested and one served another."""
    now = [serving_version(member).version for member in unit.members]
    for past in earlier:
        active = active_color_at(unit, past)
        states = [served_state_at(with_active_color(member, active), past) for member in unit.members] if active else []
        held = [each for each in states if each is not None and each.rests]
        if held and len(held) == len(now) and [each.version for each in held] != now:
            return restored_group_move(unit, past, active, held)
    message = f"the history in this clone shows no other version of {unit.shown} than those that serve now"
    raise verb_rejection("rollback-no-history", message, f"`shipway history {unit.shown}` shows its publishes", unit)


def active_color_at(unit: Unit, past: EarlierSpecs) -> str:
    """The color that was active for all at that commit; empty where the group's spec was not readable."""
    file = unit.document.file
    spec = parsed_spec(past.texts.get(file), file)
    return str(spec.get("active", "")) if spec is not None else ""


def with_active_color(member: ReadRelease, active: str) -> ReadRelease:
    membership = member.subject.membership
    then = replace(membership, active=active) if membership is not None else None
    return replace(member, subject=replace(member.subject, membership=then))


def restored_group_move(unit: Unit, past: EarlierSpecs, active: str, held: Iterable[ServedState]) -> Move:
    names = [(member, each) for member, each in zip(unit.members, held, strict=True)]
    listed = ", ".join(f"{member.name} {each.version}" for member, each in names)
    says = f"goes back to {listed} as in {past.commit[:12]} ({past.day}): only `strategy` and `active` change"
    edits = {member.document.file: (Edit(STRATEGY, dict(each.strategy)),) for member, each in names}
    switch = {unit.document.file: (Edit(GROUP_ACTIVE, active),)}
    return Move(f"rollback to {past.commit[:12]}", "rollback", (says,), edits | switch)


def move_to_version(unit: Unit, version: str, earlier: Iterable[EarlierSpecs]) -> Move | Already | None:
    """Back to a version by its name: by aborting if a track still has it, else from an earlier spec.

    None where neither holds it. A group goes back by revision or by abort alone: its members' versions belong
    together.
    """
    if unit.group is not None:
        return None
    member = unit.members[0]
    if serving_version(member).version == version and not member.strategy.ahead(member.subject):
        return Already(f"{unit.shown} serves {version}")
    if any(each.version == version for each in versions_kept_by_abort(member)):
        return as_rollback(abort_move(unit))
    states = [
        (past, held)
        for past in earlier
        if (held := served_state_at(member, past))
        and (
            held.version == version or version in {held.tracks[track].version for track in missing_tracks(member, held)}
        )
    ]
    at_rest = [(past, held) for past, held in states if held.rests]
    if not states:
        return None
    return restored_release_move(unit, member, *(at_rest or states)[0])


def versions_kept_by_abort(member: ReadRelease) -> list[Version]:
    """The versions that an abort gives all requests to: those of the tracks it leaves, and of `previous`."""
    retained = [version for _, version, _ in member.lowered().retained if not version.aborted]
    if retained or not member.strategy.ahead(member.subject):
        return retained
    tracks = member.strategy.tracks(member.subject).values()
    # only the version that comes in says `change` (`start` writes it)
    return [version for version in tracks if "change" not in version.model_fields_set]


def served_state_at(member: ReadRelease, past: EarlierSpecs) -> ServedState | None:
    """What the release served at that commit; None where its spec was not readable or of another strategy."""
    spec = parsed_spec(past.texts.get(member.document.file), member.document.file)
    strategy = spec.get("strategy") if spec is not None else None
    name = member.strategy.NAME
    if not isinstance(strategy, dict) or set(strategy) != {name}:
        return None
    model, problems = read_model(member.strategy.SPEC, strategy[name])
    if model is None or problems:
        return None
    subject = Subject(member.subject.release, model, member.subject.membership)
    if any(problem.severity == "error" for problem in member.strategy.check(subject)):
        return None
    version = serving_version(replace(member, subject=subject))
    rests = not member.strategy.ahead(subject) and not version.aborted
    return ServedState(version, member.strategy.tracks(subject), strategy, rests)


def parsed_spec(text: str | None, file: str) -> dict[str, Any] | None:
    try:
        spec = parse(text, file).data.get("spec") if text is not None else None
    except Rejected:
        return None
    return spec if isinstance(spec, dict) else None


def restored_release_move(unit: Unit, member: ReadRelease, past: EarlierSpecs, held: ServedState) -> Move:
    """The earlier `strategy` whole; where that would roll the track that serves, the version as a course of its own;
    where clients name their track, the earlier ones beside those that serve.
    """
    where = f"as in {past.commit[:12]} ({past.day})"
    missing = missing_tracks(member, held)
    if missing:
        return returned_tracks_move(member, held, missing, where)
    step = second_track_step(member, held)
    if step is not None:
        move = group_move(unit, [step])
        return replace(move, verb="rollback", summaries=(f"goes back to {held.version}, {where}: {step.summary}",))
    says = f"goes back to {held.version}, {where}: only its `strategy` changes"
    edits = {member.document.file: (Edit(STRATEGY, dict(held.strategy)),)}
    return Move(f"rollback to {held.version}", "rollback", (says,), edits)


def has_named_tracks(member: ReadRelease) -> bool:
    """Whether each track has requests of its own, so that removing one leaves its clients without an answer."""
    return all(split.name for split in member.lowered().splits)


def missing_tracks(member: ReadRelease, held: ServedState) -> list[str]:
    """The tracks of an earlier state that clients named and get no answer from now; none where no track is named."""
    if not has_named_tracks(member):
        return []
    gone = held.tracks.keys() - member.strategy.tracks(member.subject).keys()
    return [track for track, version in held.tracks.items() if track in gone and not version.aborted]


def returned_tracks_move(member: ReadRelease, held: ServedState, missing: Sequence[str], where: str) -> Move:
    """The tracks that are gone, back beside those that serve: who calls one of these still gets an answer."""
    path = (*STRATEGY, member.strategy.NAME)
    versions = held.strategy[member.strategy.NAME]
    edits = tuple(Edit((*path, track), versions[track]) for track in missing)
    listed = ", ".join(f"{track} ({held.tracks[track].version})" for track in missing)
    serving = ", ".join(member.strategy.tracks(member.subject))
    says = f"brings {listed} back beside {serving}, {where}; clients move when they are ready"
    return Move(f"rollback to {held.version}", "rollback", (says,), {member.document.file: edits})


def second_track_step(member: ReadRelease, held: ServedState) -> Step | None:
    """The step that brings the version in beside the one that serves; None where the strategy has no room for that,
    or the earlier state had it in another track anyway.
    """
    track = serving_track(member)
    now = member.strategy.tracks(member.subject)[track]
    if track not in held.tracks or held.tracks[track].version == now.version:
        return None
    earlier = version_without_course_keys(held.serving)
    earlier.pop("change", None)
    step = member.strategy.start(member.subject, earlier)
    in_place = (*STRATEGY, member.strategy.NAME, track)
    if isinstance(step, Refusal) or any(edit.path in (in_place, (*in_place, "version")) for edit in step.edits):
        return None
    # the single track of `rolling` has no key of its own
    return None if any(edit.path == (*in_place[:-1], "version") for edit in step.edits) else step


def move_to_revision(unit: Unit, past: EarlierSpecs, now: Mapping[str, str]) -> Move | Already:
    """The unit's spec files as they were, whole. Raises Rejected if one of them was not there."""
    missing = [file for file, text in past.texts.items() if text is None]
    if missing:
        message = f"{missing[0]} did not exist in {past.commit[:12]}"
        raise verb_rejection(
            "rollback-unknown", message, f"`shipway history {unit.shown}` shows in which commits it existed", unit
        )
    texts = {file: text for file, text in with_serving_tracks(unit, past).items() if text != now[file]}
    if not texts:
        return Already(f"the specs of {unit.shown} are as they were at {past.commit[:12]}")
    says = f"goes back to the specs of {past.commit[:12]} ({past.day}): {past.subject}"
    return Move(f"rollback to {past.commit[:12]}", "rollback", (says,), {}, texts=texts)


def with_serving_tracks(unit: Unit, past: EarlierSpecs) -> dict[str, str]:
    """The earlier texts; where clients name their track, with the tracks that serve now and were not there yet."""
    texts = {file: text for file, text in past.texts.items() if text is not None}
    for member in unit.members:
        file, path = member.document.file, (*STRATEGY, member.strategy.NAME)
        then = value_or_missing(parse(texts[file], file).data, path)
        if not has_named_tracks(member) or not isinstance(then, dict):
            continue
        for track, version in member.document.data["spec"]["strategy"][member.strategy.NAME].items():
            if track not in then:
                texts[file] = set_value(texts[file], (*path, track), version, file)
    return texts


def unknown_target(unit: Unit, target: str, earlier: Iterable[EarlierSpecs]) -> Rejected:
    """The refusal for a word that is neither a version that served nor a revision; it lists what there is."""
    versions: dict[str, str] = {}
    for past in earlier:
        for member in unit.members:
            held = served_state_at(member, past)
            if held is not None:
                versions.setdefault(held.version, past.commit[:12])
    listed = ", ".join(f"{version} ({commit})" for version, commit in list(versions.items())[:8])
    advice = f"the history has: {listed}" if listed else "`git log` shows the revisions of the specs"
    return verb_rejection(
        "rollback-unknown", f"{target!r} is neither a version that served nor a revision", advice, unit
    )


def as_rollback(move: Move | Already) -> Move | Already:
    return move if isinstance(move, Already) else replace(move, verb="rollback")
