"""shipway why-moved: what the pilot saw when it made a commit, and the decision made again from what it saw."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.output import next_command
from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.diagnostics.refusals import rejection
from compiler.diagnostics.render.cells import sanitized_line
from compiler.git.clone import open_clone
from compiler.git.destination import target_of
from compiler.git.notes import read_note
from compiler.pilot.record import read_record
from compiler.pilot.situation import Decision, Situation
from compiler.pipeline import read_environment
from compiler.source.workspace import read_sources


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    commit, text = recorded_note(root, chosen_environments(root, [args.name] if args.name else []), args.commit)
    try:
        recorded, situation, again = read_record(text)
    except ValueError as error:
        message = f"the record of {commit[:12]} cannot be read: {error}"
        raise rejection(
            "decision-unreadable", message, "another program wrote that note; read the trailers of the commit"
        ) from None
    same = recorded.get("action") in (again.action, "publish")
    if args.format == "json":
        data = {"format": 1, "commit": commit, "recorded": recorded, "again": decision_data(again), "same": same}
        sys.stdout.write(json.dumps({**data, "situation": situation_record(text)}, indent=2) + "\n")
    else:
        sys.stdout.write(replay_text(commit, recorded, situation, again, same=same))
    next_command(args, f"shipway history {situation.course.unit}")
    return EXIT_OK if same else EXIT_FAILURE


def recorded_note(root: Path, names: list[str], rev: str) -> tuple[str, str]:
    """The commit's id and its note, from the first environment whose branch has it. Raises Rejected."""
    refusal: Rejected | None = None
    for name in names:
        target = target_of(root, read_environment(read_sources(root, name)).documents.environment.model)
        if target is None:
            continue
        try:
            with open_clone(target) as clone:
                clone.fetch_head()
                commit = clone.at_revision(rev).commit or ""
                return commit, read_note(clone, commit)
        except Rejected as rejected:
            refusal = rejected
    if refusal is not None:
        raise refusal
    raise Rejected(
        [
            Diagnostic(
                "decision-unrecorded", f"no environment has a commit {rev}", None, "`shipway history` lists the commits"
            )
        ]
    )


def decision_data(decision: Decision) -> dict[str, Any]:
    return {"action": decision.action, "reason": decision.reason, "checks": list(decision.checks)}


def situation_record(text: str) -> Any:
    return json.loads(text)["situation"]


def replay_text(commit: str, recorded: dict[str, Any], situation: Situation, again: Decision, *, same: bool) -> str:
    """The record in lines: when, what Argo CD reported, the checks, the decision then and now."""
    when = datetime.fromtimestamp(situation.now, UTC).isoformat(timespec="seconds")
    sync = situation.sync
    lines = [
        f"{commit[:12]}  {situation.course.unit}, {situation.course.position}, at {when}",
        f"  Argo CD    {sync.fault or f'{sync.sync}, {sync.health}, at {sync.revision[:12]}'}",
        *(f"  check      {check}" for check in recorded.get("checks", ())),
        f"  decided    {recorded.get('action')}: {recorded.get('reason')}",
        f"  again      {again.action}: {again.reason}{'' if same else '  (not the same)'}",
    ]
    return "".join(sanitized_line(line) + "\n" for line in lines)
