"""shipway docs: prints a page of the documentation, opens it in a browser, or writes all pages for a site."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from compiler.cli.commands import COMMANDS
from compiler.cli.docs_browser import open_in_browser, page_handler, served
from compiler.cli.documentation import (
    address,
    documentation_pages,
    pages_called,
    pictures_and_styles,
    title,
    written_folder,
)
from compiler.cli.exit_status import EXIT_OK, EXIT_USAGE
from compiler.cli.output import count_with_noun, next_command, print_notice
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.support.suggest import did_you_mean


def run(args: argparse.Namespace) -> int:
    if args.page is not None and args.write is not None:
        sys.stderr.write("shipway docs: name a page, or --write DIR, not both\n")
        return EXIT_USAGE
    if args.open and args.write is not None:
        sys.stderr.write("shipway docs: --open or --write DIR, not both\n")
        return EXIT_USAGE
    pages = documentation_pages(COMMANDS)
    if args.write is not None:
        write_pages(Path(args.write), pages)
        print_notice(args, f"{count_with_noun(len(pages), 'page')} in {args.write}")
    elif args.open:
        open_page(args, page_named(args.page or "index", pages)[0], pages)
    elif args.page is None:
        sys.stdout.write(page_list(pages))
        print_notice(args, f"they are at {address('index.md') or written_folder()}")
        next_command(args, "shipway docs PAGE")
    else:
        print_page(args, pages)
    return EXIT_OK


def print_page(args: argparse.Namespace, pages: Mapping[str, str]) -> None:
    path, *others = page_named(args.page, pages)
    sys.stdout.write(pages[path])
    for other in others or other_pages(args.page, path, pages):
        print_notice(args, f"see also: shipway docs {other.removesuffix('.md')}")
    if address(path):
        print_notice(args, address(path))


def page_named(name: str, pages: Mapping[str, str]) -> list[str]:
    """The pages that the name may mean, the likeliest first. Raises Rejected where there is none."""
    return pages_called(name, pages) or [missing_page(name, pages)]


def open_page(args: argparse.Namespace, path: str, pages: Mapping[str, str]) -> None:
    """Shows the page in a browser; where no site has it, it is served from here until somebody interrupts."""
    if address(path):
        open_in_browser(address(path))
        return
    handler, place = page_handler(path, pages, pictures_and_styles())
    with served(handler) as home, contextlib.suppress(KeyboardInterrupt):
        open_in_browser(f"{home}{place}")
        print_notice(args, f"{home}{place} is served until you press Ctrl-C")
        threading.Event().wait()


def other_pages(name: str, path: str, pages: Mapping[str, str]) -> list[str]:
    """`start` is a page and a command: the other one."""
    return [other for other in pages if other != path and other.endswith(f"/{name}.md")]


def missing_page(name: str, pages: Mapping[str, str]) -> str:
    names = sorted({path.removesuffix(".md").removesuffix("/index").rpartition("/")[2] for path in pages})
    guess = did_you_mean(name, names)
    advice = f"did you mean `{guess}`?" if guess else "`shipway docs` lists the pages"
    raise Rejected([Diagnostic("page-unknown", f"the page {name!r} does not exist", None, advice)])


def page_list(pages: Mapping[str, str]) -> str:
    """A line for each page but those of single codes and commands."""
    names = {path.removesuffix(".md").removesuffix("/index"): text for path, text in pages.items() if listed(path)}
    width = max(map(len, names))
    return "".join(f"{name:<{width}}  {title(text)}\n" for name, text in names.items())


def listed(path: str) -> bool:
    return path.count("/") < 2 or path.endswith("/index.md")


def write_pages(folder: Path, pages: Mapping[str, str]) -> None:
    """All pages and pictures below `folder`. Raises Rejected where it cannot be written."""
    files = {path: text.encode() for path, text in pages.items()} | pictures_and_styles()
    try:
        for path, content in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    except OSError as error:
        message = f"{folder}: {(error.strerror or str(error)).lower()}"
        raise Rejected(
            [Diagnostic("output-unwritable", message, None, "name a folder that you can write to")]
        ) from None
