"""shipway plan: published → next: the verdict, the course, the differences."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from compiler.cli.amounts import at_least
from compiler.cli.failure import DONE, USAGE, WRONG
from compiler.cli.output import colored, next_command, print_diagnostics
from compiler.diagnostics.model import Diagnostic, Rejected

if TYPE_CHECKING:
    from compiler.plan.model import Plan

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
        type=at_least(4096),
        default=65_536,
        metavar="BYTES",
        help="the most that --format md writes (default: 65536; at least 4096)",
    )


def run(args: argparse.Namespace) -> int:
    from compiler.plan.make import make_plan  # noqa: PLC0415 - `--help` needs no stages
    from compiler.workspace import chosen_environments  # noqa: PLC0415 - the same

    formats: list[str] = args.format or ["text"]
    if len(args.output) not in (0, len(formats)) or (len(formats) > 1 and not args.output):
        sys.stderr.write("shipway plan: with several formats, each needs an --output of its own\n")
        return USAGE
    root = Path(args.root)
    plan, refused = make_plan(root, chosen_environments(root, args.names), args.confirmed)
    plan = replace(plan, refused=tuple(refused))
    args.format = formats[0]
    for index, wanted in enumerate(formats):
        for output, part in parts(plan, args.output[index] if args.output else "-"):
            write(rendered(part, wanted, args.limit, refused), output)
    if refused:
        print_diagnostics(refused, argparse.Namespace(root=args.root, format="text"))
    status = WRONG if refused or not plan.safe else DONE
    next_command(args, next_of(plan, refused, args.root))
    return status


def parts(plan: Plan, output: str) -> list[tuple[str, Plan]]:
    """The plan as a whole; or a part for each environment that changes, where the file is named after it."""
    if "{environment}" not in output:
        return [(output, plan)]
    changed = [each for each in plan.environments if each.changed]
    return [(output.replace("{environment}", each.name), replace(plan, environments=(each,))) for each in changed]


def rendered(plan: Plan, wanted: str, limit: int, refused: list[Diagnostic]) -> str:
    import importlib  # noqa: PLC0415 - one report is used, not all

    findings = [*refused, *(finding for each in plan.environments for unit in each.units for finding in unit.findings)]
    if wanted in ("sarif", "github"):
        from compiler.cli.output import as_data  # noqa: PLC0415 - the same

        return as_data(findings, wanted)
    name = {"md": "markdown"}.get(wanted, wanted)
    report = importlib.import_module(f"compiler.report.{name}")
    if wanted == "md":
        return str(report.markdown(plan, limit))
    if wanted == "text":
        return str(report.text(plan, colored(sys.stdout)))
    return str(getattr(report, name)(plan))


def write(content: str, output: str) -> None:
    if output == "-":
        sys.stdout.write(content)
        return
    try:
        Path(output).write_text(content, encoding="utf-8")
    except OSError as error:
        message = f"{output}: {(error.strerror or str(error)).lower()}"
        raise Rejected([Diagnostic("output-unwritable", message, None, "name a file that you may write")]) from None


def next_of(plan: Plan, refused: list[Diagnostic], root: str) -> str:
    if refused:
        return "shipway check"
    changed = [each for each in plan.environments if each.changed]
    if not changed:
        return "shipway status"
    if not plan.safe:
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
