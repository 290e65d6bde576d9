"""A plan as data: JSON with its promise, JUnit, SVG."""

from __future__ import annotations

import json as stdlib
from xml.etree import ElementTree

import pytest

from compiler.model.plan import Plan
from compiler.report.json.plan import json_report
from compiler.report.junit.plan import junit_report
from compiler.report.svg.document import svg_report, verdict_svg
from tests.report import plans

PLANS = [plans.sample(), plans.nothing(), plans.hostile(), plans.many(30)]


def test_the_names_that_stay() -> None:
    data = stdlib.loads(json_report(plans.sample()))
    assert (data["format"], data["verdict"], data["compiler"]) == (1, "unsafe", "0.1.0")
    environment = data["environments"][0]
    assert set(environment) == {
        "name", "repository", "branch", "path", "base", "confirmed", "digest", "changed", "verdict", "notes",
        "warnings", "units", "otherChanges", "refused",
    }  # fmt: skip
    unit = environment["units"][1]
    assert set(unit) == {
        "name", "members", "strategy", "position", "changed", "headline", "verdict", "tracks", "cost", "dangers",
        "findings", "course", "undo", "previews", "changes",
    }  # fmt: skip
    assert unit["verdict"]["findings"][0]["trace"][2]["serving"] == {plans.CLASS: {"none@-": 100.0}}
    assert unit["verdict"]["findings"][0]["trace"][0]["pods"] == {"recommender-blue": {"old": 6, "new": 0, "ready": 6}}
    assert unit["cost"]["after"] == {"pods": 12, "cpu": 12.0, "memory": 12 * 2 * 2**30, "extended": {}}


def test_secrets_are_not_in_the_data() -> None:
    assert "dG9rZW4" not in json_report(plans.sample()) and "b2xkLX" not in json_report(plans.sample())


@pytest.mark.parametrize("plan", PLANS)
def test_junit_is_xml_whose_failures_are_what_is_not_safe(plan: Plan) -> None:
    root = ElementTree.fromstring(junit_report(plan))  # noqa: S314 - our own output
    failures = root.findall(".//failure")
    unsafe = [unit for each in plan.environments for unit in each.units if unit.verdict.verdict != "safe"]
    ahead = [step for each in plan.environments for unit in each.units for step in unit.steps if step.command]
    assert len(failures) == len(unsafe) + sum(step.verdict.verdict != "safe" for step in ahead)
    assert sum(int(suite.attrib["failures"]) for suite in root) == len(failures)


@pytest.mark.parametrize("plan", PLANS)
def test_pictures_are_xml_without_anything_that_acts(plan: Plan) -> None:
    root = ElementTree.fromstring(svg_report(plan))  # noqa: S314 - our own output
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "style", "rect", "g", "text", "path", "line"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name]


def test_the_picture_shows_shares_and_pods() -> None:
    messages = [element.text for element in ElementTree.fromstring(svg_report(plans.many(1))).iter() if element.text]  # noqa: S314 - our own output
    for word in ("now", "this commit", "75 %", "1.5.0 25 %", "finish", "✓ safe", "1.5.0 · canary, stable", "10"):
        assert word in messages


def test_the_picture_of_a_verdict_shows_who_answers_nobody() -> None:
    assert ">nobody<" in verdict_svg(plans.UNSAFE)
    assert "safe over 412 states" in verdict_svg(plans.SAFE)
