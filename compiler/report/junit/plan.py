"""A plan as JUnit's XML: a suite for each environment, a case for each release or group and for each step ahead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from compiler.diagnostics.model import Diagnostic
from compiler.diagnostics.render.cells import sanitized_line
from compiler.model.plan import EnvironmentPlan, Plan, StepView, UnitPlan
from compiler.model.verdict import Verdict
from compiler.report.findings import ReportedFinding, reported_findings
from compiler.report.line_diff import shortened
from compiler.report.story import trace_moments

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def junit_report(plan: Plan) -> str:
    """The plan in the dialect that Jenkins, GitLab and GitHub's actions read, with a final newline.

    A case fails where a verdict is unsafe or unknown; what does not change is a case that passes.
    """
    suites = Element("testsuites", name="shipway plan")
    suites.extend(_environment_suite(environment) for environment in plan.environments)
    if plan.refusals:
        suites.append(_refused_suite(plan.refusals))
    indent(suites)
    text = tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _environment_suite(environment: EnvironmentPlan) -> Element:
    cases = [case for unit in environment.units for case in _cases(environment.name, unit)]
    failures = sum(case.find("failure") is not None for case in cases)
    return _suite(environment.name, cases, failures=failures, errors=0)


def _refused_suite(findings: Sequence[Diagnostic]) -> Element:
    """Environments that have no plan are in error: one case for each finding."""
    cases = []
    for each in findings:
        case = _case(str(each.loc) if each.loc is not None else "specs", each.code)
        case.append(Element("error", type=_attribute(each.code), message=_attribute(each.message)))
        cases.append(case)
    return _suite("refused", cases, failures=0, errors=len(cases))


def _suite(name: str, cases: Sequence[Element], *, failures: int, errors: int) -> Element:
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": str(errors)}
    suite = Element("testsuite", {"name": _attribute(name), **counts})
    suite.extend(cases)
    return suite


def _cases(environment: str, unit: UnitPlan) -> Iterator[Element]:
    where = f"{environment}.{unit.name}"
    messages = [_finding_text(each) for each in reported_findings(unit)] if unit.verdict.verdict != "safe" else []
    yield _judged_case(where, unit.position or "released", unit.verdict, messages)
    for step in unit.steps:
        if step.command:
            yield _judged_case(where, f"step {step.name}", step.verdict, list(_step_messages(step)))


def _judged_case(where: str, name: str, verdict: Verdict, messages: list[str]) -> Element:
    case = _case(where, name)
    if verdict.verdict != "safe":
        first = (messages[0] if messages else verdict.verdict).partition("\n")[0]
        failure = SubElement(case, "failure", type=_attribute(verdict.verdict), message=_attribute(first))
        failure.text = _xml_safe("\n".join(messages))
    return case


def _case(where: str, name: str) -> Element:
    return Element("testcase", classname=_attribute(where), name=_attribute(name))


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
    """The text on one line, as an attribute holds it."""
    return _xml_safe(shortened(sanitized_line(text)))


def _xml_safe(text: str) -> str:
    return _NOT_XML.sub("�", text)
