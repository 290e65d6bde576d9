"""A self-contained HTML page: one style, one script, both named by their hashes in a policy that allows no more."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from compiler.diagnostics.render.cells import sanitized_line
from compiler.report.line_diff import shortened


def html_page(title: str, body: Sequence[str], scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The page: no network, no inline handlers, no markup made from strings by the script (Trusted Types)."""
    style = "\n".join(asset(name) for name in styles)
    code = "\n".join(asset(name) for name in scripts)
    policy = (
        f"default-src 'none'; style-src '{csp_hash(style)}'; script-src '{csp_hash(code)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    head = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        '<link rel="icon" href="data:,">',
        f"<title>{escaped_text(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
    ]
    return "\n".join([*head, *body, f"<script>{code}</script>", "</body>", "</html>"]) + "\n"


def escaped_text(value: str, longest: int = 600) -> str:
    """`value` as text or an attribute's value of HTML."""
    return escape(shortened(sanitized_line(value), longest))


def asset(name: str) -> str:
    """A file that is shipped with this package."""
    return (files("compiler.report") / "assets" / name).read_text(encoding="utf-8")


def csp_hash(content: str) -> str:
    """The hash by which a policy names an inline style or script (CSP level 3, "hash-source")."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
