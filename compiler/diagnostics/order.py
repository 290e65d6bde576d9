"""The order in which every format shows findings."""

from __future__ import annotations

from collections.abc import Iterable

from compiler.diagnostics.model import Diagnostic

_UNLOCATED = ("\U0010ffff", 0, 0)


def in_display_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings by file, line and column, each once; those without a place at the end."""
    return sorted(dict.fromkeys(diagnostics), key=_display_order_key)


def _display_order_key(diagnostic: Diagnostic) -> tuple[tuple[str, int, int], str, str, str]:
    loc = diagnostic.loc
    place = (loc.file, loc.line, loc.column) if loc is not None else _UNLOCATED
    return (place, diagnostic.severity, diagnostic.code, diagnostic.message)
