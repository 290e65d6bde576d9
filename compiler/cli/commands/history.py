"""shipway history: what was published when, by whom, from which source, from Git alone; and the way back there."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from compiler.cli.exit_status import EXIT_OK
from compiler.cli.output import next_command, print_notice
from compiler.cli.publish_diff import show_difference
from compiler.cli.published_history import CurrentSpecs, fetched_history, history_folders, ways_back
from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.render.cells import sanitized_line
from compiler.git.history import Publish
from compiler.git.source_repository import specs_home
from compiler.model.compiled import CompiledEnvironment
from compiler.model.unit import units_of
from compiler.pipeline import check_environment
from compiler.source.workspace import read_sources
from compiler.tree.trailers import evidence_lines


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    environment, _, release = (args.name or "").partition("/")
    names = chosen_environments(root, [environment] if environment else [])
    if args.diff is not None:
        return show_difference(root, names, release, args)
    rows: list[dict[str, object]] = []
    for name in names:
        rows += history_rows(root, name, release, args)
    if args.format == "json":
        sys.stdout.write(json.dumps({"format": 1, "publishes": rows}, indent=2) + "\n")
    else:
        sys.stdout.write("".join(history_row_text(row) for row in rows) or "nothing was published yet\n")
    next_command(args, next_history_command(rows, args.name))
    return EXIT_OK


def next_history_command(rows: list[dict[str, object]], name: str | None) -> str:
    """What the newest publish changed, of what was asked for."""
    if not rows:
        return "shipway plan"
    return f"shipway history {name or rows[0]['environment']} --diff {str(rows[0]['commit'])[:12]}"


def history_rows(root: Path, name: str, release: str, args: argparse.Namespace) -> list[dict[str, object]]:
    sources = read_sources(root, name)
    compiled = check_environment(sources)
    folders = history_folders(compiled, release)
    history = fetched_history(root, compiled)
    if history is None:
        print_notice(args, f"{name}: the specs are in no Git repository, so there is no history")
        return []
    chosen = [each for each in history.publishes if not folders or folders & set(each.facts.releases)]
    if not history.complete:
        print_notice(args, f"{name}: the history is incomplete (a shallow clone): older publishes are not shown")
    home = specs_home(root)
    if home is not None and home.shallow:
        print_notice(
            args, f"{name}: this checkout is shallow: commands to go back to commits that it lacks are not shown"
        )
        print_notice(args, "help: run `git fetch --unshallow`; in CI use `fetch-depth: 0`")
    ways = ways_back(CurrentSpecs(root, compiled, tuple(sources.places)), history.publishes, args.limit)
    asked = {unit.name for unit in units_of(compiled) if not folders or folders & set(unit.folders)}
    return [
        history_row(compiled, each, [way for unit, way in ways[each.commit].items() if unit in asked])
        for each in chosen[: args.limit]
    ]


def history_row(compiled: CompiledEnvironment, publish: Publish, back: list[str]) -> dict[str, object]:
    """One publish as JSON's types; while `format` is 1 these names stay."""
    return {
        "environment": compiled.name,
        "commit": publish.commit,
        "time": datetime.fromtimestamp(publish.time, UTC).isoformat(),
        "author": publish.author,
        "email": publish.email,
        "subject": publish.subject,
        "source": publish.facts.source,
        "releases": list(publish.facts.releases),
        "back": back,
        "exceptions": [list(pair) for pair in publish.facts.extra],
    }


def history_row_text(row: dict[str, object]) -> str:
    source = f"from {str(row['source'])[:12]}" if row["source"] else "from specs that were not committed"
    head = f"{str(row['commit'])[:12]}  {str(row['time'])[:16].replace('T', ' ')}  {row['author']}  {source}"
    back = row["back"] if isinstance(row["back"], list) else []
    lines = (
        head,
        f"  {row['subject']}",
        *(f"  {each}" for each in row_evidence(row)),
        *(f"  back: {each}" for each in back),
    )
    return "".join(f"{sanitized_line(line)}\n" for line in lines)


def row_evidence(row: dict[str, object]) -> tuple[str, ...]:
    pairs = row["exceptions"] if isinstance(row["exceptions"], list) else []
    return evidence_lines([(str(key), str(value)) for key, value in pairs])
