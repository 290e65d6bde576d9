"""A plan on a pull request: bounded, harmless, and complete as far as there is room."""

from __future__ import annotations

import re
import time
from collections import Counter
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from compiler.model.plan import Plan
from compiler.report.markdown.escape import escaped_prose, fenced_code, inline_code
from compiler.report.markdown.plan import COMMENT_LIMIT, MIN_LIMIT, SUMMARY_LIMIT, markdown_report
from tests.report import plans
from tests.report.snapshot import check


class Seen(HTMLParser):
    """What a browser would find: elements, comments, and the text outside of code."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.closed: Counter[str] = Counter()
        self.comments: list[str] = []
        self.text = ""
        self._code = 0
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self._code += tag == "code"
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self.closed[tag] += 1
        self._code -= tag == "code"

    def handle_comment(self, data: str) -> None:
        self.comments.append(data.strip())

    def handle_data(self, data: str) -> None:
        self.text += "" if self._code else data


def seen(text: str) -> Seen:
    """The text as a reader of GitHub's Markdown with raw HTML allowed would get it."""
    return Seen(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text))


PLAIN_TAGS = {
    *("details", "summary", "sub", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong"),
    *("code", "pre", "blockquote"),
}


def test_the_whole_plan() -> None:
    check("sample.md", markdown_report(plans.sample()))


def test_nothing_changes() -> None:
    check("nothing.md", markdown_report(plans.nothing()))


def test_it_begins_with_the_marker_of_its_environment() -> None:
    assert markdown_report(plans.many(1)).partition("\n")[0] == "<!-- shipway:prod -->"


@pytest.mark.parametrize("number", [0, 1, 100, 1000])
@pytest.mark.parametrize("limit", [MIN_LIMIT, COMMENT_LIMIT, SUMMARY_LIMIT])
def test_it_never_passes_its_bound(number: int, limit: int) -> None:
    report = markdown_report(plans.many(number), limit)
    assert len(report.encode()) <= limit
    assert report.startswith("<!-- shipway:prod -->\n## ✓")
    page = seen(report)
    assert page.tags == page.closed and set(page.tags) <= PLAIN_TAGS


@pytest.mark.parametrize("limit", [MIN_LIMIT, 9_000, COMMENT_LIMIT, SUMMARY_LIMIT])
def test_hostile_content_stays_within_the_bound(limit: int) -> None:
    assert len(markdown_report(plans.hostile(), limit).encode()) <= limit


def test_a_bound_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="4096"):
        markdown_report(plans.nothing(), 100)


def test_it_degrades_from_full_to_concise_to_lines_to_a_count() -> None:
    few = markdown_report(plans.many(3), COMMENT_LIMIT)
    assert few.count("**Course**") == few.count("**Differences**") == 3
    many = markdown_report(plans.many(100), COMMENT_LIMIT)
    assert many.count("### ✓") == 100 and 0 < many.count("**Course**") < 50
    small = markdown_report(plans.many(100), 24_000)
    assert small.count("- ✓ **prod/") + small.count("### ✓") == 100 and small.count("**Course**") == 0
    least = markdown_report(plans.many(1000), MIN_LIMIT)
    assert int(re.findall(r"and (\d+) more releases", least)[0]) + least.count("- ✓") + least.count("### ✓") == 1000


def test_what_is_unsafe_is_reported_in_full_among_many() -> None:
    units = [plans.canary_unit(f"service-{n}") for n in range(300)]
    report = markdown_report(plans.plan(plans.environment("prod", [*units, plans.unsafe_unit()])), COMMENT_LIMIT)
    assert "nobody 100 %" in report
    assert report.index("### ✗ prod/recommender") < report.index("service-0")


@pytest.mark.parametrize("limit", [16_000, COMMENT_LIMIT, SUMMARY_LIMIT])
@pytest.mark.parametrize("plan", [plans.hostile(), plans.sample()])
def test_hostile_content_is_text(plan: Plan, limit: int) -> None:
    report = markdown_report(plan, limit)
    page = seen(report)
    assert set(page.tags) <= PLAIN_TAGS
    assert page.tags == page.closed
    assert page.comments == [f"shipway:{each.name}" for each in plan.environments]
    assert "@everyone" not in page.text and "#1" not in page.text and "://" not in page.text
    assert "\x1b" not in report and "\u202e" not in report


def test_folds_only_what_is_longer_than_a_dozen_lines() -> None:
    report = markdown_report(plans.sample())
    for body in re.findall(r"</summary>\n\n(.*?)\n\n</details>", report, re.DOTALL):
        assert len(body.splitlines()) > 12


def test_secrets_have_no_values() -> None:
    assert "dG9rZW4" not in markdown_report(plans.sample()) and "b2xk" not in markdown_report(plans.sample())


@pytest.mark.parametrize("text", ["`", "``", "a`b", "`a", "a``", "x", "`` ` ```"])
def test_code_holds_its_backticks(text: str) -> None:
    assert MarkdownIt().renderInline(inline_code(text)) == f"<code>{text}</code>"


def test_a_fence_is_longer_than_what_it_holds() -> None:
    assert fenced_code(["````", "```"], "diff").splitlines()[0] == "`````diff"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@everyone", "@\u200beveryone"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("# x", "\\# x"),
        ("1. x", "1\u200b. x"),
        ("- x", "\\- x"),
        ("a-b", "a-b"),
        ("a|b", "a\\|b"),
        ("acme/web#12", "acme/web#\u200b12"),
        ("https://x", "https:\u200b//x"),
        ("a\nb", "a b"),
    ],
)
def test_prose(text: str, shown: str) -> None:
    assert escaped_prose(text) == shown


@pytest.mark.parametrize("limit", [COMMENT_LIMIT, SUMMARY_LIMIT])
def test_a_thousand_releases_take_a_moment(limit: int) -> None:
    plan = plans.many(1000)
    start = time.process_time()
    markdown_report(plan, limit)
    assert time.process_time() - start < 3
