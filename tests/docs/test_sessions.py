"""Every session of docs/ is run, and prints what the page shows.

`UPDATE_DOCS=1 pytest tests/docs` writes what the commands print now into the pages.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from compiler.cli.commands import COMMANDS
from tests.docs.conftest import COMMAND, DOCS, replayed

pytestmark = pytest.mark.e2e

MEASURED = "pilot.md"
"""Its session measures a service for some time, with a real Prometheus."""
PAGES = sorted(
    page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if "```console" in page.read_text(encoding="utf-8")
)
NEEDS_PROMETHEUS = (
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("prometheus") is None and "CI" not in os.environ, reason="prometheus is not installed"
    ),
)


@pytest.mark.parametrize(
    "name", [pytest.param(page, marks=NEEDS_PROMETHEUS if page == MEASURED else ()) for page in PAGES]
)
def test_the_sessions_print_what_the_page_shows(name: str, programs: Path) -> None:
    page = DOCS / name
    text = written = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, servers_ended(Path(folder) / "pids"):
        for block, printed in replayed(text, Path(folder), programs):
            if os.environ.get("UPDATE_DOCS"):
                written = written.replace(block[0], f"```console\n{printed}```", 1)
            else:
                assert block["session"] == printed
        for picture, made in pictures(text, Path(folder)):
            if os.environ.get("UPDATE_DOCS"):
                picture.write_bytes(made)
            else:
                assert picture.read_bytes() == made
    if written != text:
        page.write_text(written, encoding="utf-8")


@contextmanager
def servers_ended(pids: Path) -> Iterator[None]:
    """Ends what a page starts in the background, also where it fails: the next run needs its ports."""
    try:
        yield
    finally:
        for pid in pids.read_text("utf-8").split() if pids.is_file() else ():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGTERM)


def pictures(text: str, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The pictures that a page shows and that its commands write at the top of the folder, with what they write."""
    for name in re.findall(r"\]\(([\w-]+\.svg)\)", text):
        if (folder / name).is_file():
            yield DOCS / name, (folder / name).read_bytes()


def test_the_start_leads_from_init_to_a_rollback() -> None:
    text = (DOCS / "start.md").read_text(encoding="utf-8")
    messages = [command["words"] for command in COMMAND.finditer(text)]
    verbs = [words.split()[1] for words in messages if words.startswith("shipway ")]
    assert {"init", "build", "publish", "start", "abort", "rollback"} <= set(verbs) <= set(COMMANDS)
