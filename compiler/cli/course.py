"""shipway start, advance, abort, finish, rollback: the smallest edit of the spec that moves a release one step."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command
from compiler.diagnostics.model import Diagnostic, Rejected

if TYPE_CHECKING:
    from compiler.cli.move_execution import EditSession
    from compiler.course.move import Already, Move
    from compiler.course.rollback import EarlierSpecs
    from compiler.git.spec_repository import Revision
    from compiler.model.unit import Unit

MIN_COMMIT_PREFIX = 4
"""the digits of a commit's id that Git takes for it at least (core.abbrev)"""


def arguments(parser: argparse.ArgumentParser, verb: str) -> None:
    parser.add_argument("name", metavar="ENV/RELEASE", help="a release, or a group (its members move as one)")
    if verb == "start":
        start_arguments(parser)
    if verb == "advance":
        parser.add_argument("--to", metavar="STEP", help="all steps up to this one in one commit: 50, switch")
    if verb == "rollback":
        parser.add_argument(
            "--to",
            metavar="REV|VERSION",
            help="a version that served, or a revision: of the specs, or as published (default: abort)",
        )
    if verb in ("advance", "finish"):
        parser.add_argument("--now", action="store_true", help="do not wait for a soak time or a promised date")
    edit_arguments(parser, publishes=verb in ("abort", "rollback"))


def start_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", metavar="TAG", help="the image's tag")
    parser.add_argument("--digest", metavar="sha256:…", help="the image's digest")
    parser.add_argument("--change", choices=("minor", "major"), help="major: the input contract changes")
    parser.add_argument("--env", action="append", default=[], metavar="K=V", help="a variable of this version")
    parser.add_argument(
        "--member", action="append", default=[], metavar="NAME=TAG@DIGEST", help="of a group: a member's new version"
    )


def edit_arguments(parser: argparse.ArgumentParser, *, publishes: bool = False) -> None:
    """How an edit is carried out: what every verb takes."""
    parser.add_argument("--dry-run", action="store_true", help="show the edit and write nothing")
    parser.add_argument("--commit", action="store_true", help="commit the edit, on a branch of its own")
    if publishes:
        parser.add_argument("--publish", action="store_true", help="edit, commit, verify and push at once")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the result is written")


def run(args: argparse.Namespace) -> int:
    from compiler.cli.move_execution import EditSession, execute_move, nothing_to_do  # noqa: PLC0415 - `--help` needs no stages
    from compiler.course.move import Already  # noqa: PLC0415 - the same

    environment, name = split_name(args.name)
    desk = EditSession.at(Path(args.root), environment, datetime.now(UTC))
    unit = desk.unit(name)
    outcome = move_for_verb(desk, unit, args)
    if isinstance(outcome, Already):
        status = nothing_to_do(desk, unit, outcome, args)
        next_command(args, command_after(desk.root, unit, args, status))
        return status
    if args.command in ("start", "advance", "finish"):
        desk.refuse_closed()
    if args.command in ("advance", "finish") and not args.now:
        desk.refuse_early(unit, outcome)
    if args.command == "start":
        desk.refuse_skipped(unit, requested_versions(unit, args))
    status = execute_move(desk, unit, outcome, args)
    next_command(args, command_without_dry_run(args) if args.dry_run else command_after(desk.root, unit, args, status))
    return status


def split_name(name: str) -> tuple[str, str]:
    environment, slash, release = name.partition("/")
    if not (environment and slash and release) or "/" in release:
        mend = "name an environment and a release or group: prod/recommender"
        raise Rejected([Diagnostic("name-incomplete", f"{name!r} is not ENV/RELEASE", None, mend)])
    return environment, release


def move_for_verb(desk: EditSession, unit: Unit, args: argparse.Namespace) -> Move | Already:
    from compiler.course import verbs  # noqa: PLC0415 - as above

    match args.command:
        case "start":
            return verbs.start_move(unit, requested_versions(unit, args))
        case "advance":
            return verbs.advance_move(unit, args.to)
        case "finish":
            return verbs.finish_move(unit)
        case "abort":
            return verbs.abort_move(unit)
        case _:
            return rollback_move(desk, unit, args.to)


def rollback_move(desk: EditSession, unit: Unit, to: str | None) -> Move | Already:
    """A version that a track or the history holds, else a revision of the specs or what was published from one."""
    from compiler.course.rollback import move_to_revision, move_to_version, undo_move, unknown_target  # noqa: PLC0415 - as above

    known = earlier_specs(desk.root, unit)
    if to is None:
        return undo_move(unit, known)
    outcome = move_to_version(unit, to, known)
    if outcome is not None:
        return outcome
    past = specs_at_revision(desk.root, unit, to)
    if past is None or None in past.texts.values():
        source = source_commit_of(desk, to)
        past = specs_at_revision(desk.root, unit, source) if source is not None else past
    if past is None:
        raise unknown_target(unit, to, known)
    return move_to_revision(unit, past, unit.texts)


def specs_at_revision(root: Path, unit: Unit, rev: str) -> EarlierSpecs | None:
    """The unit's spec files at a revision; None where there is no such revision."""
    from compiler.git.spec_repository import resolve_commit  # noqa: PLC0415 - as above

    try:
        revision = resolve_commit(root, rev)
    except Rejected:
        return None
    return specs_at_commits(root, unit, [revision])[0]


def source_commit_of(desk: EditSession, rev: str) -> str | None:
    """The commit of the specs that the published commit `rev` came from: `history` shows both."""
    from compiler.cli.history import fetched_history  # noqa: PLC0415 - as above

    try:
        found = fetched_history(desk.root, desk.compiled)
    except Rejected:
        return None
    publishes = found.publishes if found is not None and len(rev) >= MIN_COMMIT_PREFIX else ()
    sources = {each.facts.source for each in publishes if each.commit.startswith(rev)}
    return sources.pop() if len(sources) == 1 else None


def earlier_specs(root: Path, unit: Unit) -> list[EarlierSpecs]:
    """The unit's spec files at each commit that changed one of them, the newest first."""
    from compiler.git.spec_repository import revisions  # noqa: PLC0415 - as above

    return specs_at_commits(root, unit, revisions(root, unit.files))


def specs_at_commits(root: Path, unit: Unit, found: Sequence[Revision]) -> list[EarlierSpecs]:
    from compiler.course.rollback import EarlierSpecs  # noqa: PLC0415 - as above
    from compiler.git.spec_repository import spec_texts_at  # noqa: PLC0415 - as above

    texts = spec_texts_at(root, [each.commit for each in found], unit.files) if found else []
    return [EarlierSpecs(each.commit, each.time, each.subject, held) for each, held in zip(found, texts, strict=True)]


def requested_versions(unit: Unit, args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """By member, what the options of `start` say. Raises Rejected for what no spec may hold."""
    from compiler.cli.version_options import requested_group_versions, requested_release_version  # noqa: PLC0415 - as above

    return requested_release_version(unit, args) if unit.group is None else requested_group_versions(unit, args)


def command_after(root: Path, unit: Unit, args: argparse.Namespace, status: int) -> str:
    """After a publish the specs are shared: until then a publish from another checkout would be of older specs."""
    if getattr(args, "publish", False) and status == EXIT_OK and not args.dry_run:
        from compiler.git.spec_repository import push_command  # noqa: PLC0415 - Git, which an edit alone does not need

        return push_command(root) or f"shipway status {unit.shown}"
    return f"shipway plan {unit.environment}"


def command_without_dry_run(args: argparse.Namespace) -> str:
    """The same command without `--dry-run`."""
    words = ["shipway", args.command, args.name]
    for option in ("version", "digest", "change", "to"):
        value = getattr(args, option, None)
        words += [f"--{option}", value] if value is not None else []
    for option in ("env", "member"):
        words += [word for value in getattr(args, option, []) for word in (f"--{option}", value)]
    words += [f"--{option}" for option in ("now", "commit", "publish") if getattr(args, option, False)]
    return shlex.join(words)
