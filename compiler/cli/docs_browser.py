"""A page of the documentation in the reader's browser: of the site on the network, of one that was built here, or as it
comes with this package.
"""

from __future__ import annotations

import contextlib
import mimetypes
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from compiler.cli.documentation import title, written_folder
from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.report.html.documentation import documentation_html

BUILT: Final = Path("build/site")
"""Where `zensical build` writes the site; `site_dir` of zensical.toml."""
Handler = Callable[..., BaseHTTPRequestHandler]


class SiteHandler(SimpleHTTPRequestHandler):
    """Serves the files of a built site, and prints nothing."""

    def log_message(self, *_: Any, **__: Any) -> None:
        return


class PageHandler(BaseHTTPRequestHandler):
    """Serves Markdown `pages` as HTML, and `files` as they stand; both by path. Prints nothing."""

    def __init__(self, *request: Any, pages: Mapping[str, str], files: Mapping[str, bytes]) -> None:
        self.pages, self.files = pages, files
        super().__init__(*request)

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/") or "index.md"
        if path in self.pages:
            text = self.pages[path]
            self.answer("text/html; charset=utf-8", documentation_html(path, title(text), text).encode())
        elif path in self.files:
            self.answer(mimetypes.guess_type(path)[0] or "text/plain", self.files[path])
        else:
            self.send_error(404)

    def answer(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any, **__: Any) -> None:
        return


def page_handler(path: str, pages: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[Handler, str]:
    """What serves the page, and where it stands there: in the built site, where there is one that has it."""
    place = path.removesuffix("index.md").removesuffix(".md").strip("/")
    for site in (BUILT, written_folder().parent / BUILT):
        if (site / place / "index.html").is_file():
            return partial(SiteHandler, directory=site), f"{place}/" if place else ""
    return partial(PageHandler, pages=pages, files=files), path


@contextlib.contextmanager
def served(handler: Handler) -> Iterator[str]:
    """The address of what the handler serves, as long as it is asked for; only this machine can reach it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def open_in_browser(address: str) -> None:
    """Raises Rejected where this machine has no browser, or it cannot be started."""
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        message = "no browser could be started on this machine"
        help_text = "set BROWSER to the command of one, or read the page here: `shipway docs PAGE`"
        raise Rejected([Diagnostic("browser-missing", message, None, help_text)])
