"""Attacks on the escaping of comments: whatever stands in a plan, no forge reads a reference or a command in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from compiler.forge.artifact import without_mentions
from compiler.report.markdown.escape import escaped_html_text, escaped_prose, inline_code

# what GitHub and GitLab look for in the text that Markdown leaves
LIVE = re.compile(
    r"(?<![A-Za-z0-9])@[A-Za-z0-9]|#\d|GH-\d|!\d|~[\w\"]|%[\w\"]|\$\d|&\d|\^alert|iteration:|\[\w+:\d|https?://"
    r"|^/\w",
    re.IGNORECASE | re.MULTILINE,
)
ATTACKS = [
    "@everyone",
    "(@acme/team)",
    "`@ada",
    "`` @ada `",
    "_@ada_",
    "**@ada**",
    "\\@ada",
    "&#64;ada",
    "&#x40;ada",
    "&#0064;ada",
    "&commat;ada",
    "<b>&#64ada</b>",
    "<i>@ada</i>",
    "[@ada](x)",
    "[x][@ada]\n\n[@ada]: /x",
    "<div>\n```\n@ada\n```\n</div>",
    "- ```\n  x\n  ```\n@ada\n```\n@ada",
    "> ```\n@ada",
    "```a`b\n@ada",
    "    ```\n@ada",
    "~~~\n```\n~~~\n@ada\n```",
    "| a |\n| - |\n| `x\\|@ada` |",
    "acme/web#12",
    "acme/web\\#12",
    "&num;12",
    "&#35;12",
    "#&#49;2",
    "GH-12",
    "GH\\-12",
    "https://github.com/acme/web/issues/1",
    "<https://github.com/acme/web/issues/1>",
    "https&colon;//github.com/acme/web/issues/1",
    "https\\://github.com/acme/web/issues/1",
    "[x](https://github.com/acme/web/issues/1)",
    "acme/web!7",
    "acme/web\\!7",
    "~bug",
    '~"a bug"',
    "%1",
    '%"a milestone"',
    "$7",
    "&7",
    "&amp;7",
    "^alert#1",
    "*iteration:7",
    "\\*iteration\\:7",
    "[vulnerability:7]",
    "\\[issue:7]",
    "/close",
    "x\n/assign me",
    "text with www.example.com",
    "[x](//evil.example/a)",
    "![x](//evil.example/a.png)",
    "[x](/\\evil.example)",
    "[x][y]\n\n[y]: //evil.example",
    "[y]\n\n[y]: <//evil.example>",
    "[x](<&sol;&sol;evil.example>)",
    "[x](\\/\\/evil.example)",
    "<a href=//evil.example>x</a>",
    "<img src='//evil.example/a.png'>",
    "<picture><source srcset=//evil.example/a.png></picture>",
    "<svg/onload=x>",
    "<mailto:ada@example.com>",
    "<details open><a href='/x'>",
    "\u00e9@ada",
    "\u200b@ada",
    "-@ada",
    "_@ada",
    ".@ada",
    "x\u0301@ada",
    "\uff20ada",
    "1)@ada",
    "@ada@eve",
    "@@ada",
    "acme/web@0123456789abcdef",
    "#12#13",
    "##12",
    "acme#12",
    "_GH-12",
    "\u00e9GH-12",
    "ftp://example.com/a",
    "xmpp:ada@example.com",
    "-- ../x#12",
    "*[x]: y",
    "[^1]\n\n[^1]: @ada",
    "$$x$$ @ada",
    "<!-- @ada -->",
    "<!-- x --!> @ada",
    "<![CDATA[ @ada ]]>",
    "<?php @ada ?>",
]


class Text(HTMLParser):
    """The text of a page, code too (what is code differs between forges), and no link that leaves the page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(markup)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("a", "img", "svg", "picture", "source"), (tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def live_texts(markdown: str) -> list[str]:
    page = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown)
    return [text for text in Text(page).texts if LIVE.search(text)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_artifact_refers_to_nobody_and_nothing(attack: str) -> None:
    assert live_texts(without_mentions(attack)) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_prose_refers_to_nobody_and_nothing(attack: str) -> None:
    assert live_texts(escaped_prose(attack)) == []
    assert live_texts(f"| {escaped_prose(attack)} |\n| --- |\n") == []
    assert live_texts(f"<details><summary>{escaped_html_text(attack)}</summary></details>") == []


@pytest.mark.parametrize("attack", ["a|@ada", "a\\|@ada", "a\\\\|@ada", "`|@ada", "``|` @ada"])
def test_code_in_a_table_is_not_cut_into_a_mention(attack: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {inline_code(attack)} | b |\n"
    page = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(table)
    assert page.count("<td>") == 2
    assert "@ada" not in re.sub(r"<code>[^<]*</code>", "", page)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_second_look_changes_nothing(attack: str) -> None:
    once = without_mentions(attack)
    assert without_mentions(once) == once


def test_what_a_plan_itself_writes_stays() -> None:
    plan = "> [!CAUTION]\n> `shipway publish prod --plan sha256:0` image@sha256:0 50 % &lt;b&gt; &#x27;\n| a | b |"
    assert without_mentions(plan) == plan
