"""The plan's page in a real Chromium: it renders, filters, folds, is accessible, and takes nothing for markup."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from compiler.report.html.plan import html_report
from tests.report import plans
from tests.report.conftest import Opened, Opener

browser_test = pytest.mark.browser
PLACES = ["", "prod/recommender", "prod/ranker"]


def test_the_policy_names_no_place() -> None:
    report = html_report(plans.sample())
    policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', report)
    assert len(policy) == 1
    assert policy[0].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[0] and "http" not in policy[0]
    assert "<script src" not in report and '<link rel="stylesheet' not in report


@pytest.mark.parametrize("releases", [100, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_thousand_releases_take_a_moment(releases: int) -> None:
    plan = plans.many(releases)
    start = time.process_time()
    report = html_report(plan)
    assert time.process_time() - start < releases / 200
    assert len(report) < 12_000 * releases


def test_secrets_have_no_values() -> None:
    assert "dG9rZW4" not in html_report(plans.sample()) and "b2xkLX" not in html_report(plans.sample())


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_rule_of_accessibility_is_broken(open_page: Opener, width: int, scheme: str) -> None:
    opened = open_page(html_report(plans.sample()), width, scheme)
    for place in PLACES:
        page = opened.at(place)
        for summary in page.locator("details:visible > summary").all():
            if summary.evaluate("each => !each.parentElement.open"):
                summary.click()
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
    assert opened.complaints == []


@browser_test
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(open_page: Opener, width: int) -> None:
    opened = open_page(html_report(plans.hostile()), width)
    for place in ("", None):
        if place is None:
            opened.page.locator(".row[data-n]").first.click()
            opened.page.locator("#toggle-all").click()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


@browser_test
def test_the_overview_says_what_a_reviewer_asks_first(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample())).page
    expect(page.locator("h1")).to_have_text("1 of 3 releases would lose requests, or may")
    expect(page.locator(".top .pill")).to_have_text("✗ Unsafe")
    expect(page.locator("#overview .dangers li")).to_have_count(2)
    expect(page.locator(".edits tbody tr")).to_have_count(3)


@browser_test
def test_a_release_tells_how_a_request_is_lost(open_page: Opener) -> None:
    opened = open_page(html_report(plans.sample()))
    page = opened.page
    page.locator(".row", has_text="recommender").click()
    expect(page.locator("#unit h1")).to_have_text("recommender")
    expect(page.locator(".story li.on")).to_contain_text("nobody 100 %")
    page.get_by_role("button", name="Before").click()
    expect(page.locator(".story li.on")).to_contain_text("recommender-green is written")
    expect(page.get_by_text("state 1 of 2")).to_be_visible()
    expect(page.locator(".picture svg").first).to_be_visible()
    page.go_back()
    expect(page.locator("#overview")).to_be_visible()
    assert opened.complaints == []


@browser_test
def test_differences_fold_and_stand_side_by_side(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample())).at("prod/recommender")
    config = page.locator("details.object", has_text="ConfigMap")
    expect(config.locator("table")).to_have_count(0)
    config.locator("summary").click()
    expect(config.locator("table.diff col")).to_have_count(4)
    changed = config.locator("tr", has=page.locator("del")).filter(has_text="TOP_K")
    expect(changed.locator("del")).to_have_text("0")
    expect(changed.locator("ins")).to_have_text("5")
    page.locator("#toggle-all").click()
    expect(page.locator("details.object[open]")).to_have_count(5)
    page.locator("#toggle-all").click()
    expect(page.locator("details.object[open]")).to_have_count(0)


@browser_test
def test_on_a_phone_differences_are_one_column(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample()), 390).at("prod/ranker")
    expect(page.locator("table.diff").first.locator("col")).to_have_count(2)


@browser_test
def test_filters(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample())).page
    rows = page.locator(".row[data-n]:visible")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Not safe").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="All").click()
    page.locator("#filter").fill("staging")
    expect(rows).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1 of 3 changed")
    page.locator("#filter").fill("poddisruptionbudget")
    expect(rows).to_have_count(1)
    rows.first.click()
    expect(page.locator("details.object:visible")).to_have_count(1)
    page.get_by_label("Filter objects").fill("spec.selector")
    expect(page.locator("details.object:visible")).to_have_text(re.compile("Service recommender"))


@browser_test
def test_keys(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample())).page
    page.keyboard.press("j")
    expect(page.locator("#unit h1")).to_have_text("recommender")
    page.keyboard.press("j")
    expect(page.locator("#unit h1")).to_have_text("ranker")
    page.keyboard.press("k")
    expect(page.locator("#unit h1")).to_have_text("recommender")
    page.keyboard.press("e")
    expect(page.locator("details.object[open]")).to_have_count(5)
    page.keyboard.press("/")
    expect(page.locator("#filter")).to_be_focused()
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    expect(page.locator("#filter")).to_have_value("")
    page.keyboard.press("o")
    expect(page.locator("#overview")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).not_to_be_visible()


@browser_test
def test_light_and_dark(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample()), scheme="dark").page
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("#theme").click()
    assert page.evaluate(ground) != dark
    page.locator("#theme").click()
    assert page.evaluate(ground) == dark


@browser_test
def test_hostile_content_is_text(open_page: Opener) -> None:
    opened = open_page(html_report(plans.hostile()))
    page = opened.page
    page.locator(".row[data-n]").first.click()
    page.locator("#toggle-all").click()
    for place in page.locator("details:not([open]) > summary").all():
        if place.is_visible():
            place.click()
    assert page.locator("img, iframe, a[href^=javascript]").count() == 0
    assert page.locator("script:not([type])").count() == 1
    expect(page.locator("#unit h1")).to_contain_text("<img src=x onerror=alert(1)>")
    assert "\u202e" not in page.locator("body").inner_text()
    assert opened.complaints == []


@browser_test
def test_the_script_cannot_make_markup(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample())).page
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<b>x</b>'")


@browser_test
def test_it_asks_the_network_for_nothing(open_page: Opener) -> None:
    opened = open_page(html_report(plans.sample()))
    opened.at("prod/recommender")
    assert {url.partition("#")[0] for url in opened.requests if not url.startswith("data:")} == {opened.url}


@browser_test
def test_without_a_script_the_list_and_the_overview_can_be_read(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample()), javascript=False).page
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".row[data-n]")).to_have_count(3)
    expect(page.locator("#overview .dangers li")).to_have_count(2)


@browser_test
def test_a_thousand_releases_open_within_a_second(open_page: Opener) -> None:
    opened = open_page(html_report(plans.many(1000)))
    timing = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    assert min(_timed(opened, timing) for _ in range(3)) < 1000
    start = time.perf_counter()
    opened.page.locator("#filter").fill("service-0777")
    expect(opened.page.locator(".row[data-n]:visible")).to_have_count(1)
    assert time.perf_counter() - start < 2


def _timed(opened: Opened, timing: str) -> float:
    opened.page.reload()
    return float(opened.page.evaluate(timing))


@browser_test
def test_nothing_changes(open_page: Opener) -> None:
    page = open_page(html_report(plans.nothing())).page
    expect(page.locator("h1")).to_have_text("Nothing changes")


@browser_test
def test_a_release_stands_right_below_the_header_on_a_phone(open_page: Opener) -> None:
    page = open_page(html_report(plans.sample()), 390).at("prod/recommender")
    top = "document.querySelector('main').getBoundingClientRect().top"
    header = "document.querySelector('.top').getBoundingClientRect().bottom"
    assert page.evaluate("scrollY") > 0
    assert abs(page.evaluate(f"{top} - {header}")) < 2
