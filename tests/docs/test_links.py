"""Every relative link of the pages leads to a file, and every anchor to a heading."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from compiler.cli.commands import COMMANDS
from compiler.cli.documentation import documentation_pages
from tests.docs.conftest import DOCS

ROOT = DOCS.parent
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
GENERATED = documentation_pages(COMMANDS).keys()
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} (?P<text>.+)$", re.MULTILINE)
NAMED = re.compile(r'<a id="(?P<id>[^"]+)">')
TABLES = {"what-is-proven.md"}


def anchors(page: Path) -> set[str]:
    """The ids that GitHub gives a page's headings, and those that stand in it."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = (re.sub(r"[^\w\- ]", "", match["text"].lower()).replace(" ", "-") for match in HEADING.finditer(text))
    return {*headings, *(match["id"] for match in NAMED.finditer(text))}


def broken(page: Path) -> list[str]:
    """The targets of a page's links that are nowhere."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    collected = []
    for target in (link["target"] for link in LINK.finditer(text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if is_generated(file):
            continue
        if not file.exists() or (anchor and anchor not in anchors(file)):
            collected.append(target)
    return collected


def is_generated(file: Path) -> bool:
    """A page that is made from codes or arguments: no file here; the build of the site looks at its anchors."""
    path = Path(os.path.normpath(file))
    return path.is_relative_to(DOCS) and path.relative_to(DOCS).as_posix() in GENERATED and not path.exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](#one) [b](#two) [c](none.md) [d](https://example.com)\n", encoding="utf-8")
    assert broken(page) == ["#two", "none.md"]


WORDS = {word: rf"{word}s?" for word in ("track", "course", "wave", "gate", "contract")} | {"confirmed": "confirmed"}
PROSE = re.compile(r"```.*?```|<!--.*?-->|`[^`]*`|^[#|].*?$|\[[^]]*\]\([^)]*\)", re.DOTALL | re.MULTILINE)
WITHOUT_GLOSSARY = {"concepts.md", "speed.md", "what-is-proven.md", "fields.md", "json.md", "index.md"}


def test_the_glossary_has_the_words_that_pages_and_reports_use() -> None:
    wanted = {
        "environment", "release", "group", "version", "track", "strategy", "course", "step", "soak", "wave", "gate",
        "contract", "published", "confirmed", "proven", "state", "trace", "premise", "peak", "preview", "baseline",
        "traffic-provider", "undo-and-skipped-commits",
    }  # fmt: skip
    assert wanted <= anchors(DOCS / "concepts.md")


@pytest.mark.parametrize(
    "page",
    [page for page in sorted(DOCS.rglob("*.md")) if page.name not in WITHOUT_GLOSSARY],
    ids=lambda page: page.name,
)
def test_a_word_of_ours_leads_to_the_glossary_where_a_page_uses_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prose = PROSE.sub(" ", text)
    used = {anchor for anchor, word in WORDS.items() if re.search(rf"(?<![\w./-]){word}(?![\w/-]|\.\w)", prose)}
    assert {anchor for anchor in used if f"concepts.md#{anchor})" not in text} == set()


def test_the_map_names_every_page() -> None:
    linked = {link["target"] for link in LINK.finditer((DOCS / "index.md").read_text(encoding="utf-8"))}
    written = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert written - {"index.md"} <= linked


def test_every_command_that_a_page_names_exists() -> None:
    named = {
        (page.name, name)
        for page in PAGES
        if page.is_relative_to(DOCS)
        for name in re.findall(r"[`$ ]shipway ([a-z][a-z-]+)", page.read_text(encoding="utf-8"))
        if page.name not in TABLES
    }
    assert {each for each in named if each[1] not in COMMANDS} == set()
