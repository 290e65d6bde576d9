"""A page of the documentation in the reader's browser: of the site on the network, or of one that was built here."""

from __future__ import annotations

import contextlib
import threading
import webbrowser
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from compiler.cli.documentation import written_folder
from compiler.diagnostics.model import Diagnostic, Rejected

BUILT: Final = Path("build/site")
"""Where `zensical build` writes the site; `site_dir` of zensical.toml."""
BUILD: Final = "`shipway docs --write build/docs && zensical build`"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files, and prints nothing."""

    def log_message(self, *_: Any, **__: Any) -> None:
        return


def built_page(path: str) -> tuple[Path, str]:
    """The folder of the built site, and the page's path in it. Raises Rejected where neither is there."""
    place = path.removesuffix("index.md").removesuffix(".md").strip("/")
    sites = [site for site in (BUILT, written_folder().parent / BUILT) if (site / "index.html").is_file()]
    for site in sites:
        if (site / place / "index.html").is_file():
            return site, f"{place}/" if place else ""
    what = f"the built site {sites[0]} lacks this page" if sites else "the site of the documentation is not built"
    help_text = f"in a clone of Shipway, run {BUILD}; or read the page here: `shipway docs {place or 'index'}`"
    raise Rejected([Diagnostic("site-missing", what, None, help_text)])


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the site, as long as it is asked for; only this machine can reach it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=site)) as server:
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
