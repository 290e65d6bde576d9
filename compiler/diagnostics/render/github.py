"""Findings as GitHub's workflow commands, which annotate the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from compiler.diagnostics.model import Diagnostic
from compiler.diagnostics.order import in_display_order
from compiler.diagnostics.render.cells import sanitized_line


def github(diagnostics: Iterable[Diagnostic]) -> str:
    """One command a finding, escaped so that nothing in a file can end it or begin another.

    Source: actions/toolkit, packages/core/src/command.ts, `escapeData` and `escapeProperty`. GitHub shows the first
    ten errors and the first ten warnings of a step.
    """
    return "".join(f"{_command(diagnostic)}\n" for diagnostic in in_display_order(diagnostics))


def _command(diagnostic: Diagnostic) -> str:
    properties = {"title": diagnostic.code}
    if diagnostic.loc is not None:
        loc = diagnostic.loc
        properties = {"file": loc.file, "line": str(loc.line), "col": str(loc.column), **properties}
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{diagnostic.severity} {named}::{_annotation_message(diagnostic)}"


def _annotation_message(diagnostic: Diagnostic) -> str:
    notes = [f"note: {related.message} ({related.loc})" for related in diagnostic.related]
    helps = [f"help: {diagnostic.help}"] if diagnostic.help else []
    return "%0A".join(_data(line) for line in (diagnostic.message, *notes, *helps))


def _data(value: str) -> str:
    return sanitized_line(value).replace("%", "%25")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
