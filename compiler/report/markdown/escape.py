"""Texts of others inside Markdown: no markup, no mention, no link, no HTML, no way out of a fence."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final

from compiler.diagnostics.render.cells import sanitized_line
from compiler.report.line_diff import shortened

_MARKUP = re.compile(r"([\\`*_{}\[\]()!|~$^])")
_LEADING = re.compile(r"^([-+#=]|\d+(?=[.)](?:\s|$)))")
_LIVE = re.compile(r"(@|#(?=\d)|:(?=//)|\bwww(?=\.)|\bGH(?=-\d))", re.IGNORECASE)
_TICKS = re.compile(r"`+")
_PAUSE: Final = "\u200b"
MAX_UNFOLDED_LINES: Final = 12


def escaped_prose(text: str, longest: int = 400) -> str:
    """`text` as words of a paragraph or of a table's cell.

    GitHub looks for mentions, references and links in the text that Markdown leaves, so entities do not stop them: a
    character of no width does.
    """
    flat = shortened(sanitized_line(" ".join(text.split())), longest)
    shown = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LIVE.sub(rf"\1{_PAUSE}", _LEADING.sub(_escaped_leading, _MARKUP.sub(r"\\\1", shown)))


def _escaped_leading(found: re.Match[str]) -> str:
    """What would begin a list, a heading or a rule: a sign is escaped, of a number the dot after it."""
    return f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}{_PAUSE}"


def inline_code(text: str, longest: int = 200) -> str:
    """`text` as code in a line, also in a table's cell."""
    flat = shortened(sanitized_line(" ".join(text.split())), longest)
    if not flat:
        return ""
    ticks = "`" * (_longest_run(flat) + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{space}{flat.replace('|', chr(92) + '|')}{space}{ticks}"


def escaped_html_text(text: str, longest: int = 200) -> str:
    """`text` inside an HTML element, where Markdown does not reach."""
    flat = shortened(sanitized_line(" ".join(text.split())), longest)
    return _LIVE.sub(rf"\1{_PAUSE}", html.escape(flat))


def fenced_code(lines: Iterable[str], language: str) -> list[str]:
    """The lines as a code block; its fence is longer than any run of backticks in it."""
    content = [sanitized_line(line) for line in lines]
    ticks = "`" * max(3, max((_longest_run(line) for line in content), default=0) + 1)
    return [f"{ticks}{language}", *content, ticks]


def collapsible(title: str, lines: Sequence[str], opened: Sequence[str]) -> list[str]:
    """`lines` behind `title` (HTML) if they are more than a dozen, else below the line `opened`."""
    if len(lines) <= MAX_UNFOLDED_LINES + 2:
        return [*opened, *lines, ""]
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def markdown_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()
) -> list[str]:
    """A table; `right` are the columns of numbers. Cells are Markdown already."""
    rule = ("---:" if column in right else "---" for column in range(len(head)))
    body = (f"| {' | '.join(cells)} |" for cells in rows)
    return [f"| {' | '.join(head)} |", f"| {' | '.join(rule)} |", *body, ""]


def _longest_run(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
