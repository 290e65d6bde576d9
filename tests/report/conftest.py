"""A real browser for the pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; where there is none, the tests are skipped, but never in CI."""
    program = shutil.which("chromium")
    if program is None and os.environ.get("CI") != "true":
        pytest.skip("there is no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Opened:
    """A page in a window, and everything that it complained about."""

    def __init__(self, browser: Browser, file: Path, width: int, scheme: str, javascript: bool) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=javascript,
            bypass_csp=False,
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.url = file.as_uri()
        self.page.goto(self.url)

    def at(self, place: str) -> Page:
        self.page.goto(f"{self.url}#{place}")
        return self.page


class Opener:
    """Writes pages to files and opens them as a reader would."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._opened: list[Opened] = []

    def __call__(self, content: str, width: int = 1280, scheme: str = "light", javascript: bool = True) -> Opened:
        file = self._folder / f"page-{len(self._opened)}.html"
        file.write_text(content, encoding="utf-8")
        opened = Opened(self._browser, file, width, scheme, javascript)
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        for opened in self._opened:
            opened.context.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    opener = Opener(browser, tmp_path)
    yield opener
    opener.close()
