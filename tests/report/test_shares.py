"""Stacks and their colors: one order everywhere, and a version keeps its color through a course."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compiler.model.plan import TrackView
from compiler.report.html.plan import html_report
from compiler.report.shares import plain_share_bar, shares_text, version_names
from compiler.report.svg.picture import course_strip
from compiler.report.terminal.paint import wrapped
from tests.report import plans
from tests.report.conftest import Opener

STARTED = (TrackView("stable", "1.9.0", 1, 6, 95.0), TrackView("canary", "1.10.0", 1, 1, 5.0))
FINISHED = (TrackView("stable", "1.10.0", 1, 6, 100.0),)


def test_older_versions_come_first_also_where_numbers_get_longer() -> None:
    assert version_names(STARTED) == version_names(tuple(reversed(STARTED))) == ["1.9.0", "1.10.0"]


def test_members_of_a_group_stay_together_in_their_order() -> None:
    tracks = [TrackView(f"{member} {track}", version, 1, 1, None)
              for track, version in (("blue", "2.0"), ("green", "10.0")) for member in ("web", "api")]  # fmt: skip
    assert version_names(tracks) == ["web 2.0", "web 10.0", "api 2.0", "api 10.0"]


def test_words_and_bars_have_one_order() -> None:
    back = (TrackView("stable", "1.10.0", 1, 6, 75.0), TrackView("canary", "1.9.0", 1, 2, 25.0))
    assert shares_text(back) == "canary 25 % · stable 75 %"
    assert plain_share_bar(back, version_names(back)) == "███▒▒▒▒▒▒▒▒▒"


def test_finish_keeps_the_color_of_the_version_that_serves() -> None:
    unit = plans.canary_unit()
    step = replace(unit.steps[0], tracks=FINISHED)
    start = replace(unit, before=(TrackView("stable", "1.9.0", 1, 6, 100.0),), steps=(replace(step, tracks=STARTED),))
    end = replace(unit, before=(replace(STARTED[0], share=0.0), replace(STARTED[1], share=100.0)), steps=(step,))
    assert {shape.attributes["class"] for shape in course_strip(end)} == {"bar t1"}
    assert [shape.attributes["class"] for shape in course_strip(start)] == ["bar t0", "bar t0", "bar t1"]


@pytest.mark.browser
def test_versions_beside_each_other_have_bars_of_their_own(open_page: Opener) -> None:
    own = tuple(TrackView(name, f"{name[1]}.0", 1, 4, None, f"/{name}") for name in ("v1", "v2"))
    page = open_page(html_report(plans.plan(plans.environment("prod", [replace(plans.canary_unit(), after=own)])))).page
    page.locator(".row[data-n]").first.click()
    assert page.locator(".split").nth(1).locator("i").all_inner_texts() == ["1.0 · /v1", "2.0 · /v2"]


def test_no_line_ends_between_a_figure_and_its_unit() -> None:
    text = "canary added with 1.29.0 at 5 %, peak 7 pods, 3.5 cores, 3.5 GiB, ~ HTTPRoute web"
    for width in range(14, 80):
        for line in wrapped(text, "", width):
            assert not line.startswith(("%", "pods", "cores", "GiB")) and not line.endswith("~")
