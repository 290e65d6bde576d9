"""Findings as a good compiler prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compiler.diagnostics.model import Diagnostic, Loc
from compiler.diagnostics.order import in_display_order
from compiler.diagnostics.render.cells import sanitized_line
from compiler.diagnostics.render.excerpt import excerpt, source_lines


@dataclass(frozen=True, slots=True)
class _Paint:
    error: str = ""
    warning: str = ""
    quiet: str = ""
    strong: str = ""
    end: str = ""


_SECRET_ON_LINE = frozenset({"policy-literal-secret", "file-name-secret"})
"""Findings whose source line holds a secret: the line is not quoted."""
_PLAIN = _Paint()
_COLORED = _Paint("\x1b[1;31m", "\x1b[1;33m", "\x1b[34m", "\x1b[1m", "\x1b[0m")


def diagnostics_text(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], color: bool) -> str:
    """The findings in order, each with code, place, source line, notes and help, then a line that counts them.

    `texts` holds the contents of the files that are quoted; a place in any other file is named without its line.
    Ends with a newline; empty when there are no findings.
    """
    page = _DiagnosticPage(texts, _COLORED if color else _PLAIN)
    ordered = in_display_order(diagnostics)
    blocks = ["\n".join(page.block(diagnostic)) for diagnostic in ordered]
    return "\n\n".join([*blocks, summary(ordered)]) + "\n" if ordered else ""


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`, `1 error`, `3 warnings`, or `no findings`."""
    severities = [diagnostic.severity for diagnostic in diagnostics]
    counts = ((severities.count("error"), "error"), (severities.count("warning"), "warning"))
    return ", ".join(f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in counts if n) or "no findings"


class _DiagnosticPage:
    def __init__(self, texts: Mapping[str, str], paint: _Paint) -> None:
        self._texts = texts
        self._paint = paint
        self._lines: dict[str, list[str]] = {}

    def block(self, diagnostic: Diagnostic) -> list[str]:
        paint = self._paint
        tone = paint.error if diagnostic.severity == "error" else paint.warning
        gutter = self._gutter(diagnostic)
        head = f"{tone}{diagnostic.severity}[{sanitized_line(diagnostic.code)}]{paint.end}"
        lines = [f"{head}{paint.strong}: {sanitized_line(diagnostic.message)}{paint.end}"]
        if diagnostic.loc is not None:
            if diagnostic.code in _SECRET_ON_LINE:
                lines.append(self._arrow(diagnostic.loc, gutter))
            else:
                lines += self._place(diagnostic.loc, "^", tone, gutter)
        for related in diagnostic.related:
            lines.append(f"{paint.strong}note:{paint.end} {sanitized_line(related.message)}")
            lines += self._place(related.loc, "-", paint.quiet, gutter)
        if diagnostic.help:
            lines.append(f"{paint.strong}help:{paint.end} {sanitized_line(diagnostic.help)}")
        return lines

    def _place(self, loc: Loc, mark: str, tone: str, gutter: int) -> list[str]:
        paint = self._paint
        pad = " " * gutter
        lines = [self._arrow(loc, gutter)]
        quoted = excerpt(self._lines_of(loc.file), loc)
        if quoted is None or not quoted.line:
            return lines
        bar = f"{paint.quiet}{pad} |{paint.end}"
        number = f"{paint.quiet}{quoted.number:>{gutter}} |{paint.end}"
        caret = f"{' ' * quoted.indent}{tone}{mark * quoted.length}{paint.end}"
        return [*lines, bar, f"{number} {quoted.line}", f"{bar} {caret}"]

    def _arrow(self, loc: Loc, gutter: int) -> str:
        return f"{self._paint.quiet}{' ' * gutter}-->{self._paint.end} {sanitized_line(str(loc))}"

    def _gutter(self, diagnostic: Diagnostic) -> int:
        places = [diagnostic.loc, *(related.loc for related in diagnostic.related)]
        return max(len(str(loc.line)) for loc in (*places, Loc("", 1, 1)) if loc is not None)

    def _lines_of(self, file: str) -> list[str]:
        if file not in self._lines:
            text = self._texts.get(file)
            self._lines[file] = source_lines(text) if text is not None else []
        return self._lines[file]
