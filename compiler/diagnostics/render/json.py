"""Findings as JSON. What stays: the names and types below, while `format` is 1; new names may be added."""

from __future__ import annotations

import json as _json
from collections.abc import Iterable
from typing import Any

from compiler.diagnostics.model import Diagnostic, Loc
from compiler.diagnostics.order import in_display_order


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> str:
    """`{"format": 1, "diagnostics": [...]}` in ASCII, indented, with a final newline."""
    return _json.dumps({"format": 1, "diagnostics": diagnostics_data(diagnostics)}, indent=2) + "\n"


def diagnostics_data(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """The findings in order, as JSON's types: file, line and column are null where there is no place."""
    return [_diagnostic_data(diagnostic) for diagnostic in in_display_order(diagnostics)]


def _diagnostic_data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_location_data(diagnostic.loc),
        "help": diagnostic.help,
        "related": [{"message": each.message, **_location_data(each.loc)} for each in diagnostic.related],
    }


def _location_data(loc: Loc | None) -> dict[str, Any]:
    if loc is None:
        return {"file": None, "line": None, "column": None}
    return {"file": loc.file, "line": loc.line, "column": loc.column}
