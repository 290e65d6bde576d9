"""shipway plan: published → next: the verdict, the course, the differences."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from compiler.cli.diagnostics_output import diagnostics_document
from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK, EXIT_USAGE
from compiler.cli.output import next_command, print_diagnostics, use_color
from compiler.cli.release_selection import chosen_environments
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.model.plan import Plan
from compiler.plan.planner import make_plan
from compiler.report.json.plan import json_report
from compiler.report.junit.plan import junit_report
from compiler.report.svg.document import svg_report
from compiler.report.terminal.plan import text_report

DATA_REPORTS: Final[Mapping[str, Callable[[Plan], str]]] = {
    "json": json_report,
    "junit": junit_report,
    "svg": svg_report,
}


def run(args: argparse.Namespace) -> int:
    formats: list[str] = args.format or ["text"]
    if len(args.output) not in (0, len(formats)) or (len(formats) > 1 and not args.output):
        sys.stderr.write("shipway plan: with several formats, each needs an --output of its own\n")
        return EXIT_USAGE
    root = Path(args.root)
    plan, refused = make_plan(root, chosen_environments(root, args.names), args.confirmed)
    plan = replace(plan, refused=tuple(refused))
    args.format = formats[0]
    for index, wanted in enumerate(formats):
        for output, part in plan_files(plan, args.output[index] if args.output else "-"):
            write_plan(rendered_plan(part, wanted, args.limit, refused), output)
    if refused:
        print_diagnostics(refused, argparse.Namespace(root=args.root, format="text"))
    status = EXIT_FAILURE if refused or not plan.publishable else EXIT_OK
    next_command(args, command_after_plan(plan, refused, args.root))
    return status


def plan_files(plan: Plan, output: str) -> list[tuple[str, Plan]]:
    """The plan as a whole; or a part for each environment that changes, where the file is named after it."""
    if "{environment}" not in output:
        return [(output, plan)]
    changed = [each for each in plan.environments if each.changed]
    return [(output.replace("{environment}", each.name), replace(plan, environments=(each,))) for each in changed]


def rendered_plan(plan: Plan, wanted: str, limit: int, refused: list[Diagnostic]) -> str:
    findings = [*refused, *(finding for each in plan.environments for unit in each.units for finding in unit.findings)]
    if wanted in ("sarif", "github"):
        return diagnostics_document(findings, wanted)
    if wanted in DATA_REPORTS:
        return DATA_REPORTS[wanted](plan)
    if wanted == "text":
        return text_report(plan, use_color(sys.stdout))
    # the template engine takes 20 ms to load
    if wanted == "md":
        from compiler.report.markdown.plan import markdown_report  # noqa: PLC0415

        return markdown_report(plan, limit)
    from compiler.report.html.plan import html_report  # noqa: PLC0415

    return html_report(plan)


def write_plan(content: str, output: str) -> None:
    if output == "-":
        sys.stdout.write(content)
        return
    try:
        Path(output).write_text(content, encoding="utf-8")
    except OSError as error:
        message = f"{output}: {(error.strerror or str(error)).lower()}"
        raise Rejected([Diagnostic("output-unwritable", message, None, "name a file that you may write")]) from None


def command_after_plan(plan: Plan, refused: list[Diagnostic], root: str) -> str:
    if refused:
        return "shipway check"
    changed = [each for each in plan.environments if each.changed]
    if not changed:
        return "shipway status"
    if not plan.publishable:
        return f"shipway explain {first_error(plan)}".rstrip()
    if not all(each.repository for each in changed):
        return shlex.join(["git", "init", root])
    if len(changed) == 1:
        return f"shipway publish {changed[0].name} --plan {changed[0].digest}"
    return "shipway publish"


def first_error(plan: Plan) -> str:
    units = [unit for each in plan.environments for unit in each.units]
    errors = (finding.code for unit in units for finding in unit.findings if finding.severity == "error")
    return next(errors, "")
