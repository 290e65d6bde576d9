"""A plan on a terminal, as its reader sees it."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest

from compiler.cli.program import parser_for
from compiler.diagnostics.render.cells import width_of
from compiler.model.plan import Plan, TrackView
from compiler.report.terminal.plan import detailed_text_report, text_report
from tests.report import plans
from tests.report.snapshot import check

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_the_whole_plan() -> None:
    check("sample.txt", text_report(plans.sample(), color=False))


def test_the_whole_plan_in_detail() -> None:
    check("sample_in_detail.txt", detailed_text_report(plans.sample(), color=False))


def test_a_release_has_ten_to_twenty_lines() -> None:
    report = text_report(plans.many(1), color=False)
    start = report.index("── prod/")
    assert 10 <= report[start : report.index("plan of prod")].count("\n") <= 20


def test_nothing_changes() -> None:
    check("nothing.txt", text_report(plans.nothing(), color=False))


def test_color_changes_no_word() -> None:
    colored = text_report(plans.sample(), color=True)
    assert "\x1b[1;31m✗ unsafe" in colored
    assert ESCAPE.sub("", colored) == text_report(plans.sample(), color=False)


def test_the_verdict_comes_first_and_what_is_unsafe_before_what_is_safe() -> None:
    report = text_report(plans.sample(), color=False)
    assert report.startswith("✗ unsafe")
    order = [
        "── prod/recommender",
        "how it happens",
        "help:",
        "track  ",
        "dangers",
        "course   █",
        "undo  ",
        "  objects  ",
    ]
    places = [report.index(word) for word in [*order, "── prod/ranker"]]
    assert places == sorted(places)


def test_what_is_listed_in_a_line_names_a_command_that_shows_it_in_full() -> None:
    report = text_report(plans.many(50), color=False)
    (command,) = re.findall(r"in full: shipway (plan .+)", report)
    arguments = parser_for(["plan"]).parse_args(command.split())
    assert (arguments.names, arguments.format, arguments.output) == (["prod"], ["html"], ["plan.html"])


@pytest.mark.parametrize("plan", [plans.sample(), plans.many(3), plans.many(50)])
def test_no_line_is_wider_than_eighty_columns(plan: Plan) -> None:
    lines = [*text_report(plan, color=False).splitlines(), *detailed_text_report(plan, color=False).splitlines()]
    # quoted lines and messages of findings are whole
    assert [line for line in lines if width_of(line) > 80 and not line.startswith("error[")] == []


def test_hostile_content_cannot_command_the_terminal() -> None:
    report = text_report(plans.hostile(), color=False)
    assert "\x1b" not in report and "\u202e" not in report and "\r" not in report
    assert len(report) < 30_000


def test_many_releases_are_a_line_each() -> None:
    report = text_report(plans.many(100), color=False)
    assert report.count("canary 10 → 25 %") == 100
    assert "100 of 100 releases change" in report
    assert len(report.splitlines()) < 140


def test_a_thousand_releases_take_a_moment() -> None:
    plan = plans.many(1000)
    start = time.process_time()
    report = text_report(plan, color=False)
    assert time.process_time() - start < 3
    assert "… 800 more releases" in report


def test_whoever_gets_any_request_is_drawn() -> None:
    unit = plans.canary_unit()
    tracks = (TrackView("canary", "2", 1, 1, 1.0), TrackView("stable", "1", 1, 100, 99.0))
    unit = replace(unit, steps=(replace(unit.steps[0], tracks=tracks),))
    lines = text_report(plans.plan(plans.environment("prod", [unit])), color=False).splitlines()
    assert next(line for line in lines if "▸" in line).count("▓") == 1


def test_an_unchanged_course_is_named_with_its_next_command() -> None:
    ahead, command = plans.canary_unit().steps[1:], "shipway advance prod/ranker"
    unit = replace(plans.canary_unit(), changes=(), steps=ahead, next_command=command)
    report = text_report(plans.plan(plans.environment("prod", [unit])), color=False)
    assert "nothing changes" in report
    assert re.search(r"ranker +canary 25 % +shipway advance prod/ranker", report)
