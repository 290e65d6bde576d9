"""shipway plan: published → next: the verdict, the course, the differences."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.exit_status import EXIT_FAILURE, EXIT_OK, EXIT_USAGE
from compiler.cli.option_types import integer_at_least
from compiler.cli.output import next_command, print_diagnostics, use_color
from compiler.diagnostics.model import Diagnostic, Rejected

if TYPE_CHECKING:
    from compiler.model.plan import Plan

FORMATS = ("text", "md", "json", "html", "svg", "sarif", "github", "junit")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="ENV", help="which environments (default: all)")
    parser.add_argument("--confirmed", metavar="REV", help="a published commit that Argo CD is known to have synced")
    parser.add_argument(
        "--format",
        action="append",
        choices=FORMATS,
        default=[],
        help="how the plan is written (default: text); may be repeated, each followed by its --output",
    )
    parser.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help="write to FILE; the K-th goes with the K-th --format. `{environment}` in it: a file for each that changes",
    )
    parser.add_argument(
        "--limit",
        type=integer_at_least(4096),
        default=65_536,
        metavar="BYTES",
        help="the most that --format md writes (default: 65536; at least 4096)",
    )


def run(args: argparse.Namespace) -> int:
    from compiler.plan.planner import make_plan  # noqa: PLC0415 - `--help` needs no stages
    from compiler.source.workspace import chosen_environments  # noqa: PLC0415 - the same

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


def rendered_plan(  # noqa: PLR0911 - one return a format
    plan: Plan, wanted: str, limit: int, refused: list[Diagnostic]
) -> str:
    findings = [*refused, *(finding for each in plan.environments for unit in each.units for finding in unit.findings)]
    if wanted in ("sarif", "github"):
        from compiler.cli.output import diagnostics_document  # noqa: PLC0415 - the same

        return diagnostics_document(findings, wanted)
    # one report is used, not all
    if wanted == "md":
        from compiler.report.markdown.plan import markdown_report  # noqa: PLC0415

        return markdown_report(plan, limit)
    if wanted == "text":
        from compiler.report.terminal.plan import text_report  # noqa: PLC0415

        return text_report(plan, use_color(sys.stdout))
    if wanted == "json":
        from compiler.report.json.plan import json_report  # noqa: PLC0415

        return json_report(plan)
    if wanted == "junit":
        from compiler.report.junit.plan import junit_report  # noqa: PLC0415

        return junit_report(plan)
    if wanted == "svg":
        from compiler.report.svg.document import svg_report  # noqa: PLC0415

        return svg_report(plan)
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
