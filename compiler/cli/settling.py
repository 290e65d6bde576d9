"""Waiting until Argo CD reports what is published as synced and Healthy."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.output import print_notice
from compiler.cli.release_selection import check_releases, chosen_environments
from compiler.diagnostics.refusals import rejection
from compiler.diagnostics.render.cells import sanitized_line
from compiler.pilot.decision import failure_in_cluster, unsettled_reason
from compiler.pilot.look import look
from compiler.pilot.servers import Servers, open_servers
from compiler.pilot.situation import Situation
from compiler.spec.documents import EnvironmentDocument

PAUSE_SECONDS: Final = 3.0
Result = Literal["settled", "failed", "waiting"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one release or group is, and why it is not further."""

    unit: str
    result: Result
    reason: str
    commit: str


def wait_until_settled(root: Path, args: argparse.Namespace) -> int:
    """0 once everything asked for is synced and Healthy; 1 where it fails, or is not by the end of `--timeout`."""
    names = chosen_environments(root, sorted({each.partition("/")[0] for each in args.names}))
    ends = time.monotonic() + args.timeout
    shown = ""
    while True:
        rows = [row for name in names for row in environment_progress(root, name, args.names)]
        line = ", ".join(f"{row.unit}: {row.reason}" for row in rows if row.result != "settled")
        late = time.monotonic() >= ends
        if late or not line or any(row.result == "failed" for row in rows):
            return write_result(rows, line, args, late=late)
        if line != shown:
            print_notice(args, sanitized_line(line))
            shown = line
        time.sleep(max(0.0, min(PAUSE_SECONDS, ends - time.monotonic())))


def write_result(rows: list[Progress], line: str, args: argparse.Namespace, *, late: bool) -> int:
    settled = not line
    word = "settled" if settled else "failed" if any(row.result == "failed" for row in rows) else "timeout"
    if args.format == "json":
        releases = [
            {"unit": each.unit, "result": each.result, "reason": each.reason, "commit": each.commit or None}
            for each in rows
        ]
        sys.stdout.write(json.dumps({"format": 1, "result": word, "releases": releases}, indent=2) + "\n")
    else:
        for row in rows:
            sys.stdout.write(sanitized_line(f"{row.unit}  {row.result}: {row.reason}") + "\n")
    if late and not settled:
        print_notice(args, f"not settled after {args.timeout} s")
    return EXIT_OK if settled else EXIT_FAILURE


def environment_progress(root: Path, name: str, asked: list[str]) -> list[Progress]:
    """The progress of the environment's releases that were asked for. Raises Rejected."""
    seen = look(root, name, applications_of, datetime.now(UTC))
    wanted = {each.partition("/")[2] for each in asked if each.partition("/")[0] == name} - {""}
    check_releases(wanted, sorted({each for unit, _ in seen.situations for each in (unit.name, *unit.folders)}))
    return [
        progress_of(situation)
        for unit, situation in seen.situations
        if not wanted or wanted & {unit.name, *unit.folders}
    ]


def applications_of(environment: EnvironmentDocument) -> Servers:
    """Where the Applications are read, and no figures. Raises Rejected where the environment does not say."""
    servers = open_servers(environment)
    if servers.applications is None:
        message = f"{environment.model.metadata.name} does not say where to read its Applications"
        loc = environment.document.locate(("spec",))
        raise rejection("observe-source", message, "add `observe: {argocd: …}` or `observe: {kubernetes: {}}`", loc)
    return Servers(None, servers.applications)


def progress_of(situation: Situation) -> Progress:
    course, sync = situation.course, situation.sync
    failed = failure_in_cluster(situation)
    result: Result = "failed" if failed else "settled" if sync.settled and course.published else "waiting"
    reason = failed or sync.fault or unsettled_reason(sync)
    if not course.published and not failed:
        reason = "its specs differ from what is published: run `shipway publish`"
    return Progress(course.unit, result, reason or "synced and Healthy", course.commit)
