"""shipway pilot: one look after the other at Argo CD and Prometheus; courses move by commits with their evidence."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK
from compiler.cli.output import next_command, print_detail, print_diagnostics, print_done, print_notice
from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.diagnostics.render.cells import sanitized_line
from compiler.pilot.tick import TickOptions, TickReport, UnitOutcome, run_tick

LOOKS_FOR_AN_ABORT: Final = 3
"""An abort that was refused, because somebody published meanwhile, is decided again at once."""


def run(args: argparse.Namespace) -> int:
    root = Path(args.root)
    names = chosen_environments(root, sorted({each.partition("/")[0] for each in args.names}))
    while True:
        started = time.monotonic()
        status = run_ticks(root, names, args)
        if args.every is None:
            next_command(args, "shipway status")
            return status
        time.sleep(max(0.0, args.every - (time.monotonic() - started)))


def run_ticks(root: Path, names: Sequence[str], args: argparse.Namespace) -> int:
    """A tick of each environment; 1 where one was refused, or a person must fix something."""
    statuses = []
    for name in names:
        only = frozenset(each.partition("/")[2] for each in args.names if each.partition("/")[0] == name) - {""}
        options = TickOptions(only, args.dry_run, args.via)
        try:
            report = tick_until_aborted(root, name, options)
        except Rejected as rejected:
            statuses.append(print_diagnostics(rejected.diagnostics, argparse.Namespace(root=args.root, format="text")))
            continue
        statuses.append(print_report(report, args))
    return max(statuses, default=EXIT_OK)


def tick_until_aborted(root: Path, name: str, options: TickOptions) -> TickReport:
    report = run_tick(root, name, options, datetime.now(UTC))
    for _ in range(LOOKS_FOR_AN_ABORT - 1):
        if not any(each.decision.action == "abort" and each.refused for each in report.outcomes):
            break
        report = run_tick(root, name, options, datetime.now(UTC))
    return report


def print_report(report: TickReport, args: argparse.Namespace) -> int:
    findings: list[Diagnostic] = list(report.findings)
    if args.format == "json":
        sys.stdout.write(json.dumps(report_data(report), indent=2) + "\n")
        sys.stdout.flush()
    else:
        print_text(report, args)
    status = print_diagnostics(findings, argparse.Namespace(root=args.root, format="text"), report.texts)
    return EXIT_FAILURE if any(each.refused for each in report.outcomes) else status


def print_text(report: TickReport, args: argparse.Namespace) -> None:
    if report.confirmed:
        print_done(args, f"{report.environment}: confirmed {report.confirmed[:12]}\n")
    for outcome in report.outcomes:
        line = outcome_line(outcome)
        if outcome.decision.action == "none":
            print_detail(args, line)
            continue
        print_done(args, f"{line}\n")
        for check in outcome.decision.checks:
            print_done(args, f"  {sanitized_line(check)}\n")
    if not report.confirmed and all(each.decision.action == "none" for each in report.outcomes):
        print_notice(args, f"{report.environment}: nothing to do")
    sys.stdout.flush()


def outcome_line(outcome: UnitOutcome) -> str:
    """One line: the release, what was done with it or would be, and why."""
    verb = outcome.decision.action
    done = f"would {verb}" if outcome.advice else verb
    if outcome.refused:
        done = f"{verb} refused ({outcome.refused})"
    elif outcome.commit:
        done = f"{verb}: published {outcome.commit[:12]}"
    elif outcome.branch:
        done = f"{verb}: pushed the branch {outcome.branch}"
    return sanitized_line(f"{outcome.unit} ({outcome.position})  {done}: {outcome.decision.reason}")


def report_data(report: TickReport) -> dict[str, Any]:
    """A tick as JSON's types; while `format` is 1 these names stay."""
    return {
        "format": 1,
        "environment": report.environment,
        "confirmed": report.confirmed or None,
        "releases": [unit_outcome_data(each) for each in report.outcomes],
    }


def unit_outcome_data(outcome: UnitOutcome) -> dict[str, Any]:
    data = asdict(outcome)
    decision = data.pop("decision")
    return {"unit": data.pop("unit"), **decision, **data}
