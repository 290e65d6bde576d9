"""shipway history: what was published when, by whom, from which source, from Git alone; and the way back there."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.amounts import at_least
from compiler.cli.failure import DONE
from compiler.cli.output import next_command, say

if TYPE_CHECKING:
    from compiler.compile import CompiledEnvironment
    from compiler.gitops.history import History, Publish
    from compiler.gitops.target import Target


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="ENV[/RELEASE]", help="what to show (default: all environments)")
    parser.add_argument("--diff", metavar="REV", help="what that publish changed, field by field")
    parser.add_argument("--limit", type=at_least(1), default=20, metavar="N", help="the most rows (default: 20)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how it is written (default: text)")


def run(args: argparse.Namespace) -> int:
    from compiler.workspace import chosen_environments  # noqa: PLC0415 - `--help` needs no stages

    root = Path(args.root)
    environment, _, release = (args.name or "").partition("/")
    names = chosen_environments(root, [environment] if environment else [])
    if args.diff is not None:
        from compiler.cli.difference import show_difference  # noqa: PLC0415 - one of the two views is used

        return show_difference(root, names, release, args)
    rows: list[dict[str, object]] = []
    for name in names:
        rows += rows_of(root, name, release, args)
    if args.format == "json":
        sys.stdout.write(json.dumps({"format": 1, "publishes": rows}, indent=2) + "\n")
    else:
        sys.stdout.write("".join(text_of(row) for row in rows) or "nothing was published yet\n")
    next_command(args, next_of(rows, args.name))
    return DONE


def next_of(rows: list[dict[str, object]], name: str | None) -> str:
    """What the newest publish changed, of what was asked for."""
    if not rows:
        return "shipway plan"
    return f"shipway history {name or rows[0]['environment']} --diff {str(rows[0]['commit'])[:12]}"


def rows_of(root: Path, name: str, release: str, args: argparse.Namespace) -> list[dict[str, object]]:
    compiled = compiled_of(root, name)
    folders = folders_of(compiled, release)
    found = fetched(root, compiled)
    if found is None:
        say(args, f"{name}: the specs are in no repository, so there is nothing to read")
        return []
    chosen = [each for each in found.publishes if not folders or folders & set(each.facts.releases)]
    if not found.complete:
        say(args, f"{name}: the history is cut (a shallow clone); older publishes are not shown")
    return [row_of(compiled, each, release) for each in chosen[: args.limit]]


def compiled_of(root: Path, name: str) -> CompiledEnvironment:
    from compiler.pipeline import check  # noqa: PLC0415 - as above
    from compiler.workspace import read_environment  # noqa: PLC0415 - as above

    return check(read_environment(root, name))


def folders_of(compiled: CompiledEnvironment, release: str) -> set[str]:
    """The folders of a release, or of a group's members; none for the whole environment. Raises Rejected."""
    from compiler.course.unit import unit_named  # noqa: PLC0415 - as above

    if not release:
        return set()
    if any(each.name == release for each in compiled.releases):
        return {release}
    return {member.name for member in unit_named(compiled, release).members}


def fetched(root: Path, compiled: CompiledEnvironment) -> History | None:
    from compiler.gitops.clone import opened  # noqa: PLC0415 - as above
    from compiler.gitops.history import published_history  # noqa: PLC0415 - as above

    target = target_for(root, compiled)
    if target is None:
        return None
    with opened(target) as clone:
        return published_history(clone)


def target_for(root: Path, compiled: CompiledEnvironment) -> Target | None:
    from compiler.targets import target_of  # noqa: PLC0415 - as above

    return target_of(root, compiled.documents.environment.model)


def row_of(compiled: CompiledEnvironment, publish: Publish, release: str) -> dict[str, object]:
    """One publish as JSON's types; what stays while `format` is 1: these names."""
    from compiler.units import units  # noqa: PLC0415 - as above

    touched = set(publish.facts.releases)
    asked = folders_of(compiled, release) or touched
    known = [(unit.name, set(unit.folders)) for unit in units(compiled)]
    wanted = [name for name, members in known if touched & members and asked & members]
    source = publish.facts.source
    return {
        "environment": compiled.name,
        "commit": publish.commit,
        "time": datetime.fromtimestamp(publish.time, UTC).isoformat(),
        "author": publish.author,
        "email": publish.email,
        "subject": publish.subject,
        "source": source,
        "releases": list(publish.facts.releases),
        "back": [f"shipway rollback {compiled.name}/{unit} --to {source[:12]}" for unit in wanted] if source else [],
        "exceptions": [list(pair) for pair in publish.facts.extra],
    }


def text_of(row: dict[str, object]) -> str:
    from compiler.diagnostics.render.cells import neutral  # noqa: PLC0415 - as above

    source = f"from {str(row['source'])[:12]}" if row["source"] else "from specs that were not committed"
    head = f"{str(row['commit'])[:12]}  {str(row['time'])[:16].replace('T', ' ')}  {row['author']}  {source}"
    back = row["back"] if isinstance(row["back"], list) else []
    return "".join(
        f"{neutral(line)}\n" for line in (head, f"  {row['subject']}", *(f"  back: {each}" for each in back))
    )
