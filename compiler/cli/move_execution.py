"""Carrying out a move: what holds it back, the edit shown as a diff, written, committed, published."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.output import print_diagnostics, print_notice, use_color
from compiler.course.move import Already, Move, texts_after_move
from compiler.course.promotion import skipped_stages
from compiler.course.timing import refuse_before_date, refuse_early
from compiler.course.unit_lookup import unit_named
from compiler.diagnostics.model import Diagnostic, Loc, Rejected
from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.compiled import CompiledEnvironment
from compiler.model.unit import Unit
from compiler.pipeline import check_environment
from compiler.plan.freezes import freeze_finding
from compiler.rules.exceptions import expired_exceptions
from compiler.source.dialects import SPEC
from compiler.source.files import read_text
from compiler.source.workspace import Sources, chosen_environments, environment_names, read_sources


@dataclass(frozen=True, slots=True)
class EditSession:
    """An environment's specs as a verb finds them, and the moment at which it runs."""

    root: Path
    sources: Sources
    compiled: CompiledEnvironment
    now: datetime

    @classmethod
    def at(cls, root: Path, environment: str, now: datetime) -> EditSession:
        """Reads and checks the specs. Raises Rejected where they do not compile."""
        chosen_environments(root, [environment])
        sources = read_sources(root, environment)
        return cls(root, sources, check_environment(sources), now)

    def unit(self, name: str) -> Unit:
        return unit_named(self.compiled, name)

    def refuse_closed(self) -> None:
        """Raises Rejected in a freeze, and where an exception to the policy has expired."""
        environment = self.compiled.documents.environment
        frozen = freeze_finding(environment, self.now)
        found = [*([frozen] if frozen is not None else []), *expired_exceptions(environment, self.now.date())]
        if found:
            raise Rejected(found)

    def refuse_early(self, unit: Unit, move: Move) -> None:
        """Raises Rejected before a soak time or a promised date is over; only a soak time asks Git."""
        refuse_before_date(unit, move, self.now.date())
        if not (move.pause_seconds or move.skips):
            return
        from compiler.publish.published_environment import published_since  # noqa: PLC0415 - Git, which most steps need not ask

        since = published_since(self.root, self.sources, unit) if move.pause_seconds else None
        refuse_early(unit, move, since, self.now)

    def refuse_skipped(self, unit: Unit, incoming: Mapping[str, Mapping[str, Any]]) -> None:
        """Raises Rejected for a version that the environments before this one do not serve."""
        known = environment_names(self.root)
        names = [name for name in self.compiled.documents.environment.model.spec.promotes_from if name in known]
        parents = [check_environment(read_sources(self.root, name)) for name in names]
        found = skipped_stages(unit, incoming, self.compiled, parents, self.now.date())
        if found:
            raise Rejected(found)


def nothing_to_do(desk: EditSession, unit: Unit, outcome: Already, args: argparse.Namespace) -> int:
    """Says why there is no edit. With `--publish` the specs that say so already are committed and published."""
    facts: dict[str, Any] = {"changed": False, "says": [outcome.says]}
    if not publish_requested(args) or args.dry_run:
        print_notice(args, f"nothing to do: {outcome.says}")
        return write_verb_report(unit, facts, args)
    print_notice(args, f"no edit: {outcome.says}")
    from compiler.git.spec_repository import uncommitted_files  # noqa: PLC0415 - Git, which an edit alone does not need

    pending = uncommitted_files(desk.root, unit.files)
    if pending:
        commit_edit(desk, unit, f"{unit.shown}: {unit.position}", "", pending, args)
    return publish_edit(desk, unit, facts, args)


def publish_requested(args: argparse.Namespace) -> bool:
    return bool(getattr(args, "publish", False))


def execute_move(desk: EditSession, unit: Unit, move: Move, args: argparse.Namespace) -> int:
    """Shows the move's edit and, unless it is a dry run, makes it; with `--commit` and `--publish` what follows.

    Raises Rejected where the edit cannot be made or would not compile: nothing is written then.
    """
    before = {file: read_text(desk.root, file, SPEC.limits.bytes, Loc(file, 1, 1)) for file in unit.files}
    refuse_stale_specs(desk, before)
    after = texts_after_move(unit, move, before)
    if not after:
        return nothing_to_do(desk, unit, Already(f"{unit.shown} is there already: {unit.position}"), args)
    status = compile_edited_specs(desk, after, args)
    if status != EXIT_OK:
        return status
    committing = args.commit or publish_requested(args)
    if committing and not args.dry_run:
        refuse_uncommitted(desk.root, list(after))
    facts = show_move(move, before, after, args)
    if args.dry_run:
        return write_verb_report(unit, facts, args)
    for file, text in after.items():
        replace_file(desk.root, file, before[file], text)
    if committing:
        first, *rest = move.says if unit.group is None else (move.name, *move.says)
        commit_edit(desk, unit, f"{unit.shown}: {first}", "".join(f"{line}\n" for line in rest), list(after), args)
    return publish_edit(desk, unit, facts, args) if publish_requested(args) else write_verb_report(unit, facts, args)


def refuse_stale_specs(desk: EditSession, before: Mapping[str, str]) -> None:
    """Raises Rejected for a file that changed since the specs were read."""
    known = desk.sources.texts
    for file, text in before.items():
        if text != known[file]:
            raise file_changed_rejection(file)


def compile_edited_specs(desk: EditSession, after: Mapping[str, str], args: argparse.Namespace) -> int:
    """The edited specs through every stage, before anything is written; prints what they would get wrong."""
    texts = {**desk.sources.texts, **after}
    try:
        sources = read_sources(desk.root, desk.sources.name, after)
        texts |= sources.texts
        check_environment(sources)
    except Rejected as rejected:
        print_notice(args, "the edited spec would not compile; nothing was written:")
        return print_diagnostics(rejected.diagnostics, args, texts)
    return EXIT_OK


def show_move(
    move: Move, before: Mapping[str, str], after: Mapping[str, str], args: argparse.Namespace
) -> dict[str, Any]:
    """The move as facts for JSON; as text it is printed at once."""
    diffs = {file: unified_diff(file, before[file], text) for file, text in after.items()}
    if args.format == "text":
        for diff in diffs.values():
            sys.stdout.write(colored_diff(diff) if use_color(sys.stdout) else diff)
        for line in move.says:
            print_notice(args, sanitized_line(line))
    return {"changed": True, "says": list(move.says), "step": move.name, "diffs": diffs}


def write_verb_report(unit: Unit, facts: Mapping[str, Any], args: argparse.Namespace, status: int = EXIT_OK) -> int:
    """Writes the one JSON document of a verb where it is wanted; what stays while `format` is 1: these names."""
    if args.format == "json":
        head = {"format": 1, "command": args.command, "environment": unit.environment, "name": unit.name}
        data = {**head, "position": unit.position, "dryRun": args.dry_run, **facts}
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    return status


def unified_diff(file: str, before: str, after: str) -> str:
    """A unified diff, free of control characters."""
    old, new = (text.removesuffix("\n").split("\n") for text in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{file}", f"b/{file}", lineterm="")
    return "".join(f"{sanitized_line(line.removesuffix(chr(13)))}\n" for line in lines)


def colored_diff(diff: str) -> str:
    tones = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
    return "".join(
        f"{tones[line[0]]}{line}\x1b[0m\n" if line[:1] in tones else f"{line}\n" for line in diff.splitlines()
    )


def replace_file(root: Path, file: str, before: str, after: str) -> None:
    """Replaces the file at once, if it still holds `before`. Raises Rejected if somebody else was faster."""
    path = (root / file).resolve()
    descriptor, name = tempfile.mkstemp(prefix=".shipway-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(after.encode("utf-8"))
        Path(name).chmod(path.stat().st_mode & 0o7777)
        if path.read_bytes() != before.encode("utf-8"):
            raise file_changed_rejection(file)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def file_changed_rejection(file: str) -> Rejected:
    message = f"{file} was changed by somebody else in this moment; it is as they left it"
    return Rejected([Diagnostic("course-file-changed", message, Loc(file, 1, 1), "run the command again")])


def refuse_uncommitted(root: Path, files: list[str]) -> None:
    from compiler.git.spec_repository import uncommitted_files  # noqa: PLC0415 - Git, which an edit alone does not need

    for file in uncommitted_files(root, files):
        message = f"{file} has changes that are not committed"
        mend = "commit or undo them first, or leave out --commit and --publish"
        raise Rejected([Diagnostic("course-file-dirty", message, Loc(file, 1, 1), mend)])


def commit_edit(
    desk: EditSession, unit: Unit, subject: str, body: str, files: Sequence[str], args: argparse.Namespace
) -> None:
    """Commits the edit: on a branch of its own for a pull request, or in place where it is published at once."""
    from compiler.git.spec_repository import branch_name, commit_files  # noqa: PLC0415 - as above

    versions = [args.version] if getattr(args, "version", None) else []
    branch = None if publish_requested(args) else branch_name([args.command, unit.environment, unit.name, *versions])
    made, on = commit_files(desk.root, files, branch, subject, body)
    print_notice(args, f"committed {made[:12]}{f' on {on}' if on else ''}: {subject}")


def publish_edit(desk: EditSession, unit: Unit, facts: Mapping[str, Any], args: argparse.Namespace) -> int:
    from compiler.cli.publish import outcome_data, publish_environments  # noqa: PLC0415 - only --publish needs it
    from compiler.diagnostics.render.json import diagnostics_data  # noqa: PLC0415 - the same
    from compiler.plan.proof import AllowedFinding  # noqa: PLC0415 - the same
    from compiler.publish.environment import PublishOptions  # noqa: PLC0415 - the same

    # a freeze keeps changes out, not the way back
    wish = PublishOptions(allowed=(AllowedFinding("frozen", f"{args.command} of {unit.shown}"),))
    outcomes, found = publish_environments(desk.root, [unit.environment], wish, args)
    status = print_diagnostics(found, args if args.format != "json" else None)
    if status == EXIT_FAILURE:
        print_notice(args, "the edit is committed and was not published: `shipway plan` shows why")
    facts = {**facts, "published": [outcome_data(each) for each in outcomes], "diagnostics": diagnostics_data(found)}
    return write_verb_report(unit, facts, args, status)
