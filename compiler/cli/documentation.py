"""The documentation as one set of pages: those in `docs/`, and those that are made from codes and arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from compiler.cli.command_pages import command_pages
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.report.markdown.code_pages import code_pages

if TYPE_CHECKING:
    from compiler.cli.commands import Command

SITE_ADDRESS: Final = ""
"""Where the site is published, with a slash at the end; empty as long as it has no home. No other line says it."""

BESIDE_DOCS: Final = {"SECURITY.md": "security.md", "CHANGELOG.md": "changelog.md"}
"""Files of the repository that are pages too."""

HIDDEN: Final = re.compile(r"<!-- run\n.*?-->\n*", re.DOTALL)
TITLE: Final = re.compile(r"^# (.+)$", re.MULTILINE)


def documentation_pages(commands: Mapping[str, Command]) -> dict[str, str]:
    """Markdown by path, such as `reference/codes/frozen.md`. Raises Rejected where the package has no pages."""
    folder = written_folder()
    written = {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in sorted(folder.rglob("*.md"))}
    beside = {page: beside_docs(folder, name).read_text("utf-8") for name, page in BESIDE_DOCS.items()}
    by_hand = {path: readable(text) for path, text in {**written, **beside}.items()}
    return by_hand | command_pages(commands) | code_pages(by_hand, recorded_examples(folder))


def recorded_examples(folder: Path) -> dict[str, str]:
    """By code, a command and the finding that it prints, as a test runs it."""
    return {file.stem: file.read_text("utf-8") for file in sorted((folder / "examples").glob("*.txt"))}


def pictures_and_styles() -> dict[str, bytes]:
    folder = written_folder()
    files = sorted(file for kind in ("*.svg", "*.css") for file in folder.rglob(kind))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def written_folder() -> Path:
    """`docs/` of a checkout, or what came with the package."""
    compiler = Path(__file__).parents[1]
    for candidate in (compiler / "templates" / "docs", compiler.parent / "docs"):
        if (candidate / "index.md").is_file():
            return candidate
    advice = "install Shipway again"
    raise Rejected([Diagnostic("docs-missing", "the pages of the documentation are missing", None, advice)])


def beside_docs(folder: Path, name: str) -> Path:
    packaged = folder / BESIDE_DOCS[name]
    return packaged if packaged.is_file() else folder.parent / name


def readable(text: str) -> str:
    """A page without the preparations that only its test runs; links to files beside `docs/` lead to their pages."""
    for name, page in BESIDE_DOCS.items():
        text = text.replace(f"](../{name})", f"]({page})")
    return HIDDEN.sub("", text)


def title(text: str) -> str:
    match = TITLE.search(text)
    return match[1] if match else ""


def pages_called(name: str, pages: Mapping[str, str]) -> list[str]:
    """The pages that `name` may mean: a path, or the last part of one; those that are written by hand come first."""
    wanted = name.strip().removesuffix(".md").removesuffix("/index").strip("/")
    paths = [f"{wanted}.md", f"{wanted}/index.md"]
    ending = tuple(f"/{path}" for path in paths)
    return [path for path in pages if path in paths] or [path for path in pages if path.endswith(ending)]


def address(path: str) -> str:
    """Where the page stands on the site; empty while there is none."""
    return f"{SITE_ADDRESS}{path.removesuffix('index.md').removesuffix('.md')}" if SITE_ADDRESS else ""
