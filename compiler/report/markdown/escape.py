"""Texts of others inside Markdown: no markup, no mention, no link, no HTML, no way out of a fence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from markupsafe import Markup

from compiler.diagnostics.render.cells import sanitized_line
from compiler.report.line_diff import shortened
from compiler.report.markdown.references import PAUSE, part_references

_MARKUP = re.compile(r"([\\`*_{}\[\]()!|~$^])")
_LEADING = re.compile(r"^([-+#=]|::|\d+(?=[.)](?:\s|$)))")
_TICKS = re.compile(r"`+")


def escaped_prose(text: str, longest: int = 400) -> Markup:
    """`text` as words of a paragraph or of a table's cell.

    Neither backslashes nor entities stop a forge from reading a reference; see `part_references`.
    """
    flat = shortened(sanitized_line(" ".join(text.split())), longest)
    shown = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _LEADING.sub(_escaped_leading, _MARKUP.sub(r"\\\1", shown))
    return Markup(_without_references(escaped))  # noqa: S704 - this is the escaping itself


def _without_references(text: str) -> str:
    return part_references(text.replace("@", f"@{PAUSE}"))


def _escaped_leading(begin: re.Match[str]) -> str:
    """What would begin a list, a heading, a rule or a command: a sign is escaped, of a number the dot after it."""
    return f"\\{begin[0]}" if not begin[0].isdigit() else f"{begin[0]}{PAUSE}"


def inline_code(text: str, longest: int = 200) -> Markup:
    """`text` as code in a line, also in a table's cell."""
    flat = shortened(sanitized_line(" ".join(text.split())), longest)
    if not flat:
        return Markup("")
    if "|" in flat:
        # a table is cut at its bars before code is looked for, and forges differ in what escapes a bar there
        prose = escaped_prose(flat, len(flat)).replace("\\|", "&#124;")
        return Markup(f"<code>{prose}</code>")  # noqa: S704
    ticks = "`" * (_longest_run(flat) + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return Markup(f"{ticks}{space}{flat}{space}{ticks}")  # noqa: S704 - the fence is longer than any in the text


def escaped_html_text(text: str, longest: int = 200) -> Markup:
    """`text` inside an HTML element, where Markdown does not reach."""
    flat = shortened(sanitized_line(" ".join(text.split())), longest)
    return Markup(_without_references(html.escape(flat)))  # noqa: S704


def fenced_code(lines: Iterable[str], language: str) -> Markup:
    """The lines as a code block; its fence is longer than any run of backticks in it."""
    content = [sanitized_line(line) for line in lines]
    ticks = "`" * max(3, max((_longest_run(line) for line in content), default=0) + 1)
    return Markup("\n".join([f"{ticks}{language}", *content, ticks]))  # noqa: S704


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
