"""The static site: every page of it stands alone, in a real browser and without a script."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from compiler.model.plan import TrackView
from compiler.model.unit_status import MemberStatus, UnitStatus
from compiler.report.html.site import PER_PAGE, SiteEnvironment, SitePublish, SiteRelease, site_pages
from compiler.report.shares import version_names
from compiler.report.svg.picture import version_tones
from tests.report.conftest import Opener
from tests.report.plans import EVIL

MADE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"


def track(name: str, version: str, share: float | None, requests: str = "") -> TrackView:
    return TrackView(name, version, 1, 4, share, requests)


def standing(name: str, strategy: str, position: str, *tracks: TrackView, **more: Any) -> SiteRelease:
    return SiteRelease(UnitStatus("prod", name, position, (MemberStatus(name, strategy, tracks),), **more))


CANARY = (track("stable", "1.4.2", 75.0), track("canary", "1.5.0", 25.0))
UNDER_WAY = {"next_command": "shipway advance prod/ranker", "published": True, "confirmed": True, "soak_left": 1_500}
CHANGED = {"commit": COMMIT, "time": 1_763_900_000}
RANKER = standing("ranker", "canary", "canary 25 %", *CANARY, **UNDER_WAY, **CHANGED)
VERSIONS = (track("v1", "1.9.3", None, "/v1"), track("v2", "2.0.1", None, "/v2"))
BY_HAND = ("prod/search/service-search-v1.yaml was edited",)
SEARCH = standing("search", "versioned", "v1 beside v2", *VERSIONS, **CHANGED, by_hand=BY_HAND)
PUBLISH = SitePublish(
    COMMIT, 1_763_900_000, "Ada", "prod: ranker", "c0ffee" * 6 + "c0ff", ("ranker",), ("shipway rollback prod/ranker",)
)
PROD = SiteEnvironment("prod", "https://git.example.com/acme/deploy.git main:prod", (RANKER, SEARCH), (PUBLISH,))
DEV = SiteEnvironment(
    "dev", "published nowhere", (standing("web", "rolling", "released", track("main", "2", 100.0)),), ()
)


class Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_the_index_says_where_each_release_stands() -> None:
    text = words(site_pages([PROD, DEV], MADE)["index.html"])
    assert "3 releases in 2 environments" in text
    assert "prod/ranker canary 25 %" in text
    assert "soaks 25 min more" in text
    assert "shipway advance prod/ranker" in text
    assert "1a2b3c4d5e6f 2025-11-23 12:13 confirmed" in text
    assert "specs differ 1 hand edit" in text
    assert "v1: /v1 v2: /v2" in text
    assert "as of 2026-11-23 12:00 UTC" in text


def test_a_group_has_the_colors_of_its_plan() -> None:
    """Each member's versions have colors of their own, the entry's the first, however their numbers compare."""
    members = [("web", "2.3.1", 100.0), ("recommender", "1.4.2", None)]
    statuses = [MemberStatus(name, "blueGreen", (track("blue", version, share),)) for name, version, share in members]
    group = SiteRelease(UnitStatus("prod", "shop", "released", tuple(statuses)))
    markup = site_pages([replace(PROD, releases=(group,))], MADE)["index.html"]
    planned = [track(f"{name} blue", version, share) for name, version, share in members]
    (tone,) = re.findall(r'<rect class="(\w+)"', markup)
    assert tone == version_tones(version_names(planned))["web 2.3.1"]
    assert "web blue 2.3.1 recommender blue 1.4.2" in words(markup)


def test_the_history_says_who_published_what_and_the_way_back() -> None:
    text = words(site_pages([PROD], MADE)["history-prod.html"])
    for word in ("1 publish", "prod: ranker", "Ada", "c0ffeec0ffee", "shipway rollback prod/ranker"):
        assert word in text


def test_an_environment_without_publishes_has_a_page_too() -> None:
    assert "0 publishes" in words(site_pages([DEV], MADE)["history-dev.html"])


def test_equal_facts_give_equal_pages() -> None:
    assert site_pages([PROD, DEV], MADE) == site_pages([PROD, DEV], MADE)


def test_any_number_of_publishes_is_pages_that_lead_to_each_other() -> None:
    many = replace(
        PROD, publishes=tuple(replace(PUBLISH, subject=f"publish {n}") for n in range(10_000)), complete=False
    )
    start = time.process_time()
    files = site_pages([many], MADE)
    assert time.process_time() - start < 4
    assert len(files) == 1 + 10_000 // PER_PAGE
    for name, content in files.items():
        for href in Tags(content).hrefs:
            assert href.startswith(("#", "data:")) or href in files, (name, href)
    assert "older ones are not in this clone" in words(files["history-prod.html"])
    assert "publish 250" in files["history-prod-2.html"]


def test_names_lead_to_no_other_file() -> None:
    assert set(site_pages([replace(PROD, name="../../etc/passwd")], MADE)) == {"index.html", "history-0.html"}


def test_a_forged_time_is_no_error() -> None:
    files = site_pages([replace(PROD, publishes=(replace(PUBLISH, time=10**18),))], MADE)
    assert "at an unknown time" in files["history-prod.html"]


def test_hostile_history_is_text() -> None:
    release = standing(EVIL, EVIL, EVIL, track(EVIL, EVIL, 50.0), next_command=EVIL)
    publish = replace(PUBLISH, author=EVIL, subject=EVIL, releases=(EVIL,), back=(EVIL,))
    evil = SiteEnvironment(EVIL, EVIL, (release,), (publish,), notes=(EVIL,))
    for content in site_pages([evil], MADE).values():
        assert "img" not in Tags(content).tags
        assert Tags(content).tags.count("script") == 1
        assert "\u202e" not in content


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(open_page: Opener, width: int, scheme: str) -> None:
    for content in site_pages([PROD, DEV], MADE).values():
        opened = open_page(content, width, scheme)
        result = Axe().run(opened.page)
        assert result.violations_count == 0, result.generate_report()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        assert opened.complaints == []


@pytest.mark.browser
def test_the_filter_hides_what_was_not_asked_for(open_page: Opener) -> None:
    page = open_page(site_pages([PROD, DEV], MADE)["index.html"]).page
    page.keyboard.press("/")
    page.keyboard.type("ranker")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    expect(page.locator(".card:visible")).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1 of 3")
    expect(page.get_by_role("heading", name="dev", exact=True)).not_to_be_visible()
