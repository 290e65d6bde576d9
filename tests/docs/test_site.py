"""`shipway docs`, and the site that is built from it."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from compiler.cli.commands import COMMANDS
from compiler.cli.documentation import documentation_pages, pictures_and_styles, title
from compiler.cli.main import main
from compiler.explanations.catalog import STAGES, explanations
from compiler.explanations.stages import CHAPTERS
from compiler.report.html.documentation import documentation_html
from tests.docs.conftest import DOCS

ROOT = DOCS.parent
CONFIG = ROOT / "zensical.toml"


def test_every_code_and_every_command_has_a_page_that_the_list_links() -> None:
    pages = documentation_pages(COMMANDS)
    for folder, names in (("codes", explanations()), ("commands", COMMANDS)):
        listed = set(re.findall(r"\]\(([\w-]+)\.md\)", pages[f"reference/{folder}/index.md"]))
        made = {path.split("/")[2].removesuffix(".md") for path in pages if path.startswith(f"reference/{folder}/")}
        assert listed == set(names) == made - {"index"}


def test_a_page_of_a_code_has_the_example_that_a_session_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "spec-unknown-key"]) == 0
    page = capsys.readouterr().out
    printed = "error[spec-unknown-key]: unknown key `replicaz`"
    assert printed in page.partition("## Example")[2]
    assert printed in (DOCS / "mistakes.md").read_text()


def test_the_chapters_of_codes_are_the_stages() -> None:
    assert CHAPTERS.keys() == set(STAGES)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("concepts", "# Concepts"),
        ("course-soaking", "# course-soaking"),
        ("publish", "# shipway publish"),
        ("reference/commands/plan", "# shipway plan"),
        ("codes", "# Every code"),
        ("security", "# Security"),
        ("start.md", "# Start in ten minutes"),
    ],
)
def test_docs_prints_the_page_of_a_name(name: str, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", name]) == 0
    output = capsys.readouterr()
    assert output.out.startswith(f"{first}\n") and "<!-- run" not in output.out


def test_docs_names_the_other_page_of_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "start"]) == 0
    assert "see also: shipway docs reference/commands/start" in capsys.readouterr().err


def test_docs_guesses_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs", "conceptz"]) == 1
    assert "did you mean `concepts`?" in capsys.readouterr().err


def test_docs_lists_the_pages_but_not_each_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["docs"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert f"they are at {DOCS}" in printed.err
    assert any(line.split() == ["start", "Start", "in", "ten", "minutes"] for line in lines)
    assert len(lines) < 60


def test_a_site_of_docs_has_an_address_for_each_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compiler.cli.documentation.SITE_ADDRESS", "https://docs.example.com/")
    assert main(["docs", "frozen"]) == 0
    assert capsys.readouterr().err == "https://docs.example.com/reference/codes/frozen\n"


STARTED = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background, tests too, ignores it
from compiler.cli.main import run
run()
"""


@contextmanager
def reading(folder: Path, *words: str, browser: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STARTED, "docs", *words, "--open"]
    environment = {**os.environ, "BROWSER": browser}
    with subprocess.Popen(command, cwd=folder, env=environment, text=True, stderr=subprocess.PIPE) as reader:
        try:
            yield reader
        finally:
            reader.kill()


def test_open_shows_the_page_of_the_built_site_until_it_is_interrupted(tmp_path: Path) -> None:
    for page in ("index.html", "concepts/index.html"):
        (tmp_path / "build/site" / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "build/site" / page).write_text(f"this is {page}")
    fetch = tmp_path / "fetch.py"
    fetch.write_text("import sys, urllib.request as r; open('read', 'wb').write(r.urlopen(sys.argv[1]).read())")
    with reading(tmp_path, "concepts", browser=f"{sys.executable} {fetch} %s") as reader:
        assert reader.stderr is not None
        assert "/concepts/ is served until you press Ctrl-C" in reader.stderr.readline()
        assert (tmp_path / "read").read_text() == "this is concepts/index.html"
        reader.send_signal(signal.SIGINT)
        assert reader.wait(timeout=20) == 0


def test_open_shows_the_page_as_it_comes_with_shipway_where_no_site_is_built(tmp_path: Path) -> None:
    """With its pictures, and with the pages that it leads to; the folder stays empty."""
    fetch = tmp_path / "fetch.py"
    fetch.write_text(
        "import sys, urllib.request as r; from urllib.parse import urljoin\n"
        "for name in ('', 'start-canary.svg', 'reference/codes/frozen.md'):\n"
        "    answer = r.urlopen(urljoin(sys.argv[1], name))\n"
        "    open('read', 'ab').write(answer.headers['Content-Type'].encode() + b'\\n' + answer.read())\n"
    )
    with reading(tmp_path, "concepts", browser=f"{sys.executable} {fetch} %s") as reader:
        assert reader.stderr is not None
        assert "/concepts.md is served until you press Ctrl-C" in reader.stderr.readline()
        reader.send_signal(signal.SIGINT)
        assert reader.wait(timeout=20) == 0
    shown = (tmp_path / "read").read_text()
    assert shown.startswith("text/html; charset=utf-8\n<!doctype html>")
    assert '<h3 id="traffic-provider">Traffic provider</h3>' in shown
    assert "\nimage/svg+xml\n<svg" in shown
    assert "<h1" in shown.partition("image/svg+xml")[2] and "frozen" in shown.partition("image/svg+xml")[2]


def test_every_link_of_a_page_as_html_leads_to_a_page_a_picture_or_a_heading() -> None:
    pages = documentation_pages(COMMANDS)
    made = {path: documentation_html(path, title(text), text) for path, text in pages.items()}
    ids = {path: set(re.findall(r' id="([^"]+)"', markup)) for path, markup in made.items()}
    lost = []
    for path, markup in made.items():
        for target in re.findall(r'(?:href|src)="([^"]+)"', markup):
            name, _, anchor = unquote(target).partition("#")
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
            known = re.match(r"[a-z]+:", target) or file in pictures_and_styles() or anchor in {"", *ids.get(file, ())}
            if not known or not (re.match(r"[a-z]+:", target) or file in pages or file in pictures_and_styles()):
                lost.append((path, target))
    assert lost == []


def test_open_says_that_there_is_no_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    assert main(["docs", "concepts", "--open"]) == 1
    assert "[browser-missing]" in capsys.readouterr().err


def test_open_of_a_site_on_the_network_opens_its_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def opening(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("compiler.cli.documentation.SITE_ADDRESS", "https://docs.example.com/")
    monkeypatch.setattr("webbrowser.open", opening)
    assert main(["docs", "frozen", "--open"]) == 0
    assert opened == ["https://docs.example.com/reference/codes/frozen"]


def test_the_navigation_names_every_written_page() -> None:
    config = tomllib.loads(CONFIG.read_text())["project"]
    named = set(re.findall(r"'([\w/.-]+\.md)'", str(config["nav"])))
    pages = documentation_pages(COMMANDS)
    single = {path for path in pages if path.count("/") == 2 and not path.endswith("index.md")}
    assert named == pages.keys() - single


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(CONFIG, folder)
    assert main(["docs", "-q", "--write", str(folder / "build" / "docs")]) == 0
    return folder


def built(project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    return subprocess.run(command, cwd=project, text=True, capture_output=True, check=False)


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(project: Path) -> None:
    done = built(project)
    assert done.returncode == 0, done.stdout + done.stderr
    site = project / "build" / "site"
    assert len(list(site.rglob("index.html"))) == len(documentation_pages(COMMANDS))
    assert "course-soaking" in (site / "search.json").read_text()


@pytest.mark.slow
def test_a_page_loads_nothing_from_other_hosts(project: Path) -> None:
    assert built(project).returncode == 0
    for page in (project / "build" / "site").rglob("*.html"):
        text = page.read_text()
        loaded = re.findall(r'<(?:script|img|iframe|source)\b[^>]*\ssrc="([^"]+)', text)
        loaded += re.findall(r'<link\b[^>]*rel="(?:stylesheet|icon|preconnect|preload)"[^>]*href="([^"]+)', text)
        assert loaded
        assert [each for each in loaded if re.match(r"(https?:)?//", each)] == [], page


@pytest.mark.slow
@pytest.mark.parametrize("link", ["[x](nowhere.md)", "[x](concepts.md#no-such-heading)"])
def test_a_link_to_nowhere_fails_the_build(project: Path, link: str) -> None:
    page = project / "build" / "docs" / "start.md"
    text = page.read_text()
    page.write_text(f"{text}\n{link}\n")
    try:
        assert built(project).returncode != 0
    finally:
        page.write_text(text)
