"""A plan as JUnit's XML: a suite for each environment, a case for each release or group and for each step ahead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from compiler.diagnostics.model import Diagnostic
from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.plan import EnvironmentPlan, Plan, StepView, UnitPlan
from compiler.model.verdict import Verdict
from compiler.report.findings import ReportedFinding, reported_findings
from compiler.report.line_diff import shortened
from compiler.report.story import trace_moments
from compiler.report.xml_text import attribute_text, element_text

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(plan: Plan) -> str:
    """The plan in the dialect that Jenkins, GitLab and GitHub's actions read, with a final newline.

    A case fails where a verdict is unsafe or unknown; what does not change is a case that passes.
    """
    suites = [_environment_suite(environment) for environment in plan.environments]
    suites += [_refused_suite(plan.refusals)] if plan.refusals else []
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="shipway plan">']
    return "\n".join([*lines, *(line for suite in suites for line in suite), "</testsuites>"]) + "\n"


def _environment_suite(environment: EnvironmentPlan) -> list[str]:
    cases = [case for unit in environment.units for case in _cases(environment.name, unit)]
    failures = sum(1 for case in cases if any(line.startswith("    <failure") for line in case))
    head = f'<testsuite name={_attribute(environment.name)} tests="{len(cases)}" failures="{failures}" errors="0">'
    return [f"  {head}", *(f"  {line}" for case in cases for line in case), "  </testsuite>"]


def _refused_suite(findings: Sequence[Diagnostic]) -> list[str]:
    """Environments that have no plan are in error: one case for each finding."""
    cases = []
    for each in findings:
        place = str(each.loc) if each.loc is not None else "specs"
        error = f"<error type={_attribute(each.code)} message={_attribute(each.message)}/>"
        cases.append(f"    <testcase classname={_attribute(place)} name={_attribute(each.code)}>{error}</testcase>")
    head = f'  <testsuite name="refused" tests="{len(cases)}" failures="0" errors="{len(cases)}">'
    return [head, *cases, "  </testsuite>"]


def _cases(environment: str, unit: UnitPlan) -> Iterator[list[str]]:
    where = f"{environment}.{unit.name}"
    messages = [_finding_text(each) for each in reported_findings(unit)] if unit.verdict.verdict != "safe" else []
    yield _case(where, unit.position or "released", unit.verdict, messages)
    for step in unit.steps:
        if step.command:
            yield _case(where, f"step {step.name}", step.verdict, list(_step_messages(step)))


def _case(where: str, name: str, verdict: Verdict, messages: list[str]) -> list[str]:
    head = f"<testcase classname={_attribute(where)} name={_attribute(name)}"
    if verdict.verdict == "safe":
        return [f"  {head}/>"]
    first = (messages[0] if messages else verdict.verdict).partition("\n")[0]
    failure = f"    <failure type={_attribute(verdict.verdict)} message={_attribute(first)}>"
    return [f"  {head}>", f"{failure}{element_text(_xml_safe(chr(10).join(messages)))}</failure>", "  </testcase>"]


def _step_messages(step: StepView) -> Iterator[str]:
    for finding in step.verdict.errors:
        yield f"{finding.code}: {shortened(sanitized_line(finding.message))}"


def _finding_text(each: ReportedFinding) -> str:
    """The finding, its place, its story, its help."""
    diagnostic = each.diagnostic
    lines = [f"{diagnostic.code}: {diagnostic.message}"]
    lines += [f"at {diagnostic.loc}"] if diagnostic.loc is not None else []
    for moment in trace_moments(each.trace):
        lines.append(f"{moment.number}. {moment.event}")
        lines += [f"   {name} → {text}" for name, text in moment.serving]
        lines += [f"   {name}: {text}" for name, text in moment.pods]
    lines += [f"help: {diagnostic.help}"] if diagnostic.help else []
    return "\n".join(shortened(sanitized_line(line)) for line in lines)


def _attribute(text: str) -> str:
    return attribute_text(_xml_safe(shortened(sanitized_line(text))))


def _xml_safe(text: str) -> str:
    return _NOT_XML.sub("�", text)
