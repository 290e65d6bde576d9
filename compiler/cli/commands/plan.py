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
from compiler.cli.manifest_files import is_readable_location, running_objects, running_usage
from compiler.cli.output import next_command, print_diagnostics, print_notice, with_root
from compiler.cli.release_selection import check_releases, selected_releases
from compiler.cli.terminal import use_color
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.git.spec_repository import has_uncommitted
from compiler.model.plan import EnvironmentPlan, Plan
from compiler.plan.course_ahead import with_proven_courses
from compiler.publish.planning import make_plan
from compiler.report.json.plan import json_report
from compiler.report.junit.plan import junit_report
from compiler.report.svg.document import svg_report
from compiler.report.terminal.plan import detailed_text_report, text_report
from compiler.source.workspace import ENVIRONMENTS
from compiler.support.parallel import WHOLE, Shard

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
    wanted = selected_releases(root, args.names, shard=Shard(*args.shard))
    if args.running and (len(wanted) != 1 or not is_readable_location(args.running)):
        sys.stderr.write(running_usage("plan"))
        return EXIT_USAGE
    running = running_objects(args.running)
    whole, refused = make_plan(root, list(wanted), args.confirmed, running, Shard(*args.shard))
    plan = plan_of_releases(replace(whole, refused=tuple(refused)), wanted)
    args.format = formats[0]
    for index, report in enumerate(formats):
        for output, part in plan_files(plan, args.output[index] if args.output else "-"):
            write_plan(rendered_plan(part, report, args), output)
    if plan.refusals:
        print_diagnostics(plan.refusals, argparse.Namespace(root=args.root, format="text"))
    status = EXIT_OK if plan.publishable else EXIT_FAILURE
    hidden = hidden_changes(whole, plan)
    if hidden:
        print_notice(args, f"note: a publish also changes {', '.join(hidden)}")
    next_command(args, "shipway plan" if hidden and status == EXIT_OK else command_after_plan(plan, refused, args))
    return status


def plan_of_releases(plan: Plan, wanted: Mapping[str, set[str]]) -> Plan:
    """The plan with only the releases and groups that were named. Raises Rejected for a name that nothing has."""
    environments = [environment_of_releases(each, wanted[each.name]) for each in plan.environments]
    return replace(plan, environments=tuple(environments))


def environment_of_releases(plan: EnvironmentPlan, wanted: set[str]) -> EnvironmentPlan:
    if not wanted:
        return plan
    check_releases(wanted, sorted({name for unit in plan.units for name in (unit.name, *unit.members)}))
    units = tuple(unit for unit in plan.units if wanted & {unit.name, *unit.members})
    return replace(plan, units=units, other_changes=())


def hidden_changes(whole: Plan, plan: Plan) -> list[str]:
    """What changes as well and was not asked for: releases by name, and environments whose own objects change."""
    hidden: list[str] = []
    for every, part in zip(whole.environments, plan.environments, strict=True):
        hidden += [f"{every.name}/{unit.name}" for unit in every.units if unit.changed and unit not in part.units]
        hidden += [f"{every.name} itself"] if every.other_changes and not part.other_changes else []
    return hidden


def plan_files(plan: Plan, output: str) -> list[tuple[str, Plan]]:
    """The plan as a whole; or a part for each environment that changes, where the file is named after it."""
    if "{environment}" not in output:
        return [(output, plan)]
    changed = [each for each in plan.environments if each.changed]
    return [(output.replace("{environment}", each.name), replace(plan, environments=(each,))) for each in changed]


def rendered_plan(plan: Plan, wanted: str, args: argparse.Namespace) -> str:
    findings = [
        *plan.refusals,
        *(finding for each in plan.environments for unit in each.units for finding in unit.findings),
    ]
    if wanted in ("sarif", "github", "gitlab"):
        return diagnostics_document(findings, wanted)
    if wanted in DATA_REPORTS:
        return DATA_REPORTS[wanted](with_proven_courses(plan))
    if wanted == "text":
        report = detailed_text_report if args.verbose else text_report
        return report(plan, use_color(sys.stdout))
    # the template engine takes 20 ms to load
    if wanted == "md":
        from compiler.report.markdown.plan import markdown_report  # noqa: PLC0415

        return markdown_report(plan, args.limit)
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
        raise Rejected([Diagnostic("output-unwritable", message, None, "name a file that you can write to")]) from None


def command_after_plan(plan: Plan, refused: list[Diagnostic], args: argparse.Namespace) -> str:
    part = "" if Shard(*args.shard) == WHOLE else f" --shard {Shard(*args.shard)}"
    if refused:
        return "shipway check"
    if not plan.publishable:
        return f"shipway explain {first_error(plan)}".rstrip()
    changed = [each for each in plan.environments if each.changed]
    if not changed:
        return "shipway status"
    if not all(each.repository for each in changed):
        return shlex.join(["git", "init", args.root])
    one = f" {changed[0].name}{part} --plan {changed[0].digest}" if len(changed) == 1 else part
    return f"{commit_command(plan, args.root)}{with_root(f'shipway publish{one}', args.given_root)}"


def commit_command(plan: Plan, root: str) -> str:
    """What commits the specs before they are published, with `&&`; empty where every spec is committed."""
    if not has_uncommitted(Path(root), ENVIRONMENTS):
        return ""
    units = [
        f"{each.name}/{unit.name}: {unit.position}" for each in plan.environments for unit in each.units if unit.changed
    ]
    subject = units[0] if len(units) == 1 and plan.source else "specs"
    git = ["git"] if root == "." else ["git", "-C", root]
    added = ENVIRONMENTS if plan.source else "."
    return f"{shlex.join([*git, 'add', added])} && {shlex.join([*git, 'commit', '-m', subject])} && "


def first_error(plan: Plan) -> str:
    units = [unit for each in plan.environments for unit in each.units]
    findings = (*plan.refusals, *(finding for unit in units for finding in unit.findings))
    errors = (finding.code for finding in findings if finding.severity == "error")
    return next(errors, "")
