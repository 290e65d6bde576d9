"""What every verb does with its move: the edit is shown, checked, written, and committed and published where asked."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.output import next_command, print_diagnostics, print_done, print_notice
from compiler.cli.release_selection import chosen_environments
from compiler.cli.terminal import use_color
from compiler.course.move import Already, Move, texts_after_move
from compiler.course.unit_lookup import unit_named
from compiler.diagnostics.model import Loc, Rejected, has_errors
from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.compiled import CompiledEnvironment, ReadEnvironment
from compiler.model.unit import Unit, units_as_read, units_of
from compiler.pipeline import check_edited, check_read, compile_release, read_environment
from compiler.plan.preview import unit_previews
from compiler.report.json.preview import preview_data
from compiler.report.terminal.spec_diff import colored_diff, unified_diff
from compiler.source.dialects import SPEC
from compiler.source.files import read_text
from compiler.source.rewrite import file_changed_rejection, replace_file
from compiler.source.workspace import Sources, read_sources, with_edited_texts
from compiler.spec.documents import EnvironmentDocument


@dataclass(frozen=True, slots=True)
class OpenSpecs:
    """An environment's specs as a verb reads them, and the moment at which it runs.

    They are checked once: as the verb edits them. Where it makes no edit they are checked as they stand.
    """

    root: Path
    sources: Sources
    read: ReadEnvironment
    now: datetime

    @property
    def environment(self) -> EnvironmentDocument:
        return self.read.documents.environment

    def unit(self, name: str) -> Unit:
        """The release or group of that name. Raises Rejected where there is none, and where its strategy is wrong."""
        unit = unit_named(units_as_read(self.read), name)
        if any(has_errors(member.strategy.check(member.subject)) for member in unit.members):
            self.refuse_wrong()
        return unit

    def refuse_wrong(self) -> None:
        """Raises Rejected for specs that are wrong as they stand."""
        check_read(self.read.name, self.read.documents)

    @contextmanager
    def refusing_wrong_first(self) -> Iterator[None]:
        """Where the verb refuses a step, specs that are wrong as they stand are refused in its place."""
        try:
            yield
        except Rejected:
            self.refuse_wrong()
            raise


def open_specs(root: Path, environment: str) -> OpenSpecs:
    """Reads an environment's specs. Raises Rejected where they do not have the form."""
    chosen_environments(root, [environment])
    sources = read_sources(root, environment)
    return OpenSpecs(root, sources, read_environment(sources), datetime.now(UTC))


def checked_environment(root: Path, name: str) -> ReadEnvironment:
    """Another environment, which the verb does not edit. Raises Rejected where its specs are wrong."""
    specs = open_specs(root, name)
    specs.refuse_wrong()
    return specs.read


def carry_out(specs: OpenSpecs, unit: Unit, outcome: Move | Already, args: argparse.Namespace) -> int:
    """Makes the move's edit, or says why there is none, and names the next command unless the edit is refused."""
    if isinstance(outcome, Already):
        specs.refuse_wrong()
        status = nothing_to_do(specs, unit, outcome, args)
    else:
        status = execute_move(specs, unit, outcome, args)
    repeats = args.dry_run and isinstance(outcome, Move)
    if status == EXIT_OK:
        next_command(args, command_without_dry_run(args) if repeats else command_after(specs, unit, args))
    return status


def nothing_to_do(specs: OpenSpecs, unit: Unit, outcome: Already, args: argparse.Namespace) -> int:
    """Says why there is no edit. With `--publish`, specs that hold it already are committed and published."""
    facts: dict[str, Any] = {"changed": False, "says": [outcome.reason]}
    if not args.publish or args.dry_run:
        print_notice(args, f"nothing to do: {outcome.reason}")
        return write_verb_report(unit, facts, args)
    from compiler.cli.spec_commit import commit_pending, publish_edit  # noqa: PLC0415 - Git, which an edit needs not

    print_notice(args, f"no edit: {outcome.reason}")
    commit_pending(specs.root, unit, args)
    status, published = publish_edit(specs.root, unit, args)
    return write_verb_report(unit, facts | published, args, status)


def execute_move(specs: OpenSpecs, unit: Unit, move: Move, args: argparse.Namespace) -> int:
    """Shows the move's edit and, unless it is a dry run, makes it; with `--commit` and `--publish` what follows.

    Raises Rejected where the edit cannot be made: nothing is written then.
    """
    before = current_texts(specs, unit)
    after = texts_after_move(unit, move, before)
    if not after:
        return nothing_to_do(specs, unit, Already(f"{unit.shown} is already {unit.position}"), args)
    edited = edited_specs(specs, after, args)
    if edited is None:
        return EXIT_FAILURE
    if args.dry_run:
        return write_verb_report(unit, show_move(move, before, after, args), args)
    if not commits(args):
        facts = write_edit(specs.root, move, before, after, args)
        return write_verb_report(unit, facts | show_previews(unit, edited, args), args)
    from compiler.cli.spec_commit import commit_edit, publish_edit, refuse_uncommitted  # noqa: PLC0415 - Git, which an edit needs not

    refuse_uncommitted(specs.root, list(after))
    facts = write_edit(specs.root, move, before, after, args) | show_previews(unit, edited, args)
    commit_edit(specs.root, unit, move, list(after), args)
    status, published = EXIT_OK, dict[str, Any]()
    if args.publish:
        status, published = publish_edit(specs.root, unit, args)
    return write_verb_report(unit, {**facts, **published}, args, status)


def commits(args: argparse.Namespace) -> bool:
    return bool(args.commit or args.push or args.publish)


def current_texts(specs: OpenSpecs, unit: Unit) -> dict[str, str]:
    """The unit's files as they are on disk. Raises Rejected for one that changed since the specs were read."""
    texts = {file: read_text(specs.root, file, SPEC.limits.bytes, Loc(file, 1, 1)) for file in unit.files}
    known = specs.sources.texts
    for file, text in texts.items():
        if text != known[file]:
            raise file_changed_rejection(file)
    return texts


def show_previews(unit: Unit, edited: CompiledEnvironment, args: argparse.Namespace) -> dict[str, Any]:
    """Says how a version that comes is reached before it serves; returns that as facts for JSON."""
    edited_previews = unit_previews(unit_named(units_of(edited), unit.name).members)
    # most steps show none, and what could be reached before need not be asked then
    before = unit_previews(map(compile_release, unit.members)) if edited_previews else ()
    previews = [each for each in edited_previews if each not in before]
    for each in previews:
        place = f" {each.place}" if each.place else ""
        print_notice(args, f"preview of {each.version}{place}, once it is published: {sanitized_line(each.command)}")
    return {"previews": [preview_data(each) for each in previews]}


def edited_specs(specs: OpenSpecs, after: Mapping[str, str], args: argparse.Namespace) -> CompiledEnvironment | None:
    """The edited specs, run through every stage before anything is written; None where they are wrong, as it says.

    Raises Rejected where they were wrong before the edit as well.
    """
    texts = {**specs.sources.texts, **after}
    try:
        sources = with_edited_texts(specs.root, specs.sources, after)
        texts |= sources.texts
        return check_edited(specs.read.documents, sources)
    except Rejected as rejected:
        specs.refuse_wrong()
        print_notice(args, "the edited spec would be invalid; nothing was written:")
        print_diagnostics(rejected.diagnostics, args, texts)
        return None


def write_edit(
    root: Path, move: Move, before: Mapping[str, str], after: Mapping[str, str], args: argparse.Namespace
) -> dict[str, Any]:
    """Shows the edit and makes it; returns its facts for JSON."""
    facts = show_move(move, before, after, args)
    for file, text in after.items():
        replace_file(root, file, before[file], text)
    return facts


def show_move(
    move: Move, before: Mapping[str, str], after: Mapping[str, str], args: argparse.Namespace
) -> dict[str, Any]:
    """The move as facts for JSON; as text it is printed at once."""
    diffs = {file: unified_diff(file, before[file], text) for file, text in after.items()}
    if args.format == "text":
        for diff in diffs.values():
            print_done(args, colored_diff(diff) if use_color(sys.stdout) else diff)
        for line in move.summaries:
            print_notice(args, sanitized_line(line))
    return {"changed": True, "says": list(move.summaries), "step": move.name, "diffs": diffs}


def write_verb_report(unit: Unit, facts: Mapping[str, Any], args: argparse.Namespace, status: int = EXIT_OK) -> int:
    """Writes the one JSON document of a verb where it is wanted; while `format` is 1 these names stay."""
    if args.format == "json":
        head = {"format": 1, "command": args.command, "environment": unit.environment, "name": unit.name}
        data = {**head, "position": unit.position, "dryRun": args.dry_run, **facts}
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    return status


def command_after(specs: OpenSpecs, unit: Unit, args: argparse.Namespace) -> str:
    """After a commit it is shared: until then a publish from another checkout would be of older specs."""
    if commits(args) and not args.dry_run:
        from compiler.git.spec_repository import push_command  # noqa: PLC0415 - Git, which an edit needs not

        shared = f"shipway status {unit.shown}" if args.publish else f"shipway plan {unit.environment}"
        return push_command(specs.root) or shared
    return f"shipway plan {unit.environment}"


def command_without_dry_run(args: argparse.Namespace) -> str:
    """The command as it was typed, without `--dry-run` (or a prefix of it, which argparse takes as well)."""
    words = [word for word in args.words if not (len(word) > len("--d") and "--dry-run".startswith(word))]
    return shlex.join(["shipway", *words])
