"""Specs that are refused have no plan: every report says so, and none calls the rest safe."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from compiler.diagnostics.model import Diagnostic, Loc
from compiler.model.plan import Plan
from compiler.report.html.plan import html_report
from compiler.report.json.plan import json_report as to_json
from compiler.report.junit.plan import junit_report
from compiler.report.markdown.plan import markdown_report

FINDING = Diagnostic("spec-unknown-key", "unknown key `<b>`", Loc("environments/qa/a.yaml", 3, 5), "remove it")


@pytest.fixture
def plan() -> Plan:
    return Plan((), "0.1.0", None, {}, (FINDING,))


def test_markdown_begins_with_the_refusal(plan: Plan) -> None:
    report = markdown_report(plan)
    assert "## ✗ Refused: 1 error" in report
    assert "`spec-unknown-key` unknown key \\`&lt;b&gt;\\` at `environments/qa/a.yaml:3:5` · remove it" in report
    assert "Nothing changes" not in report


def test_a_long_list_is_bounded(plan: Plan) -> None:
    report = markdown_report(replace(plan, refused=(FINDING,) * 30))
    assert report.count("spec-unknown-key") == 20
    assert "… 10 more" in report


def test_json_has_the_findings_and_is_not_safe(plan: Plan) -> None:
    data = json.loads(to_json(plan))
    assert data["verdict"] == "unsafe"
    assert [each["code"] for each in data["refused"]] == ["spec-unknown-key"]
    assert not plan.publishable


def test_the_page_shows_it_as_text(plan: Plan) -> None:
    report = html_report(plan)
    assert "<h1>Refused: 1 error</h1>" in report
    assert "unknown key `&lt;b&gt;`" in report
    assert "Nothing changes" not in report


def test_junit_counts_an_error(plan: Plan) -> None:
    suite = ElementTree.fromstring(junit_report(plan)).find("testsuite")  # noqa: S314 - our own output
    assert suite is not None
    assert (suite.get("errors"), suite.find("testcase/error") is not None) == ("1", True)
