"""A page of the documentation as HTML, for a browser on a machine that has no built site."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from compiler.report.html.page import asset

PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<nav aria-label="Pages"><a href="{top}index.md">All pages</a> <a href="{top}start.md">Start</a>
<a href="{top}concepts.md">Concepts</a> <a href="{top}reference/fields.md">Fields</a>
<a href="{top}reference/commands/index.md">Commands</a> <a href="{top}reference/codes/index.md">Codes</a></nav>
<main>
{body}</main>
</body>
</html>
"""


def documentation_html(path: str, title: str, text: str) -> str:
    """The page that `path` (`guides/github.md`) holds as Markdown; links lead to the other pages' paths as they stand.

    Markup within the Markdown is kept: every page comes from this package.
    """
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = markdown.parse(text)
    name_headings(tokens)
    body = markdown.renderer.render(tokens, markdown.options, {})
    body = body.replace("<table>", '<div class="wide" tabindex="0"><table>').replace("</table>", "</table></div>")
    top = "../" * path.count("/")
    return PAGE.format(title=escape(title), style=asset("documentation.css"), top=top, body=body)


def name_headings(tokens: list[Token]) -> None:
    """Gives each heading the id that links to it use, made as GitHub makes it."""
    for heading, content in pairwise(tokens):
        if heading.type == "heading_open":
            heading.attrSet("id", re.sub(r"[^\w\- ]", "", content.content.lower()).replace(" ", "-"))
