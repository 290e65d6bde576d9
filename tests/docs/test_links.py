"""Every relative link of the pages leads to a file, and every anchor to a heading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compiler.cli.commands import COMMANDS
from tests.docs.conftest import DOCS

ROOT = DOCS.parent
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} (?P<text>.+)$", re.MULTILINE)
NAMED = re.compile(r'<a id="(?P<id>[^"]+)">')
TABLES = {"what-is-proven.md"}


def anchors(page: Path) -> set[str]:
    """The ids that GitHub gives a page's headings, and those that stand in it."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = (re.sub(r"[^\w\- ]", "", found["text"].lower()).replace(" ", "-") for found in HEADING.finditer(text))
    return {*headings, *(found["id"] for found in NAMED.finditer(text))}


def broken(page: Path) -> list[str]:
    """The targets of a page's links that are nowhere."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = []
    for target in (link["target"] for link in LINK.finditer(text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            found.append(target)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](none.md) [d](https://example.com)\n", encoding="utf-8")
    assert broken(page) == ["#two", "none.md"]


def test_the_map_names_every_page() -> None:
    linked = {link["target"] for link in LINK.finditer((DOCS / "index.md").read_text(encoding="utf-8"))}
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= linked


def test_every_command_that_a_page_names_exists() -> None:
    named = {
        (page.name, name)
        for page in PAGES
        if page.parent == DOCS
        for name in re.findall(r"[`$ ]shipway ([a-z][a-z-]+)", page.read_text(encoding="utf-8"))
        if page.name not in TABLES
    }
    assert {each for each in named if each[1] not in COMMANDS} == set()
