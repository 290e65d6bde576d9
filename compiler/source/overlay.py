"""One spec laid over another: what each value is, and in which of the two it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.diagnostics.model import Path
from compiler.source.document import Document, SourceSpan

REPLACED: frozenset[Path] = frozenset(
    {
        ("spec", "strategy"),
        ("spec", "traffic"),
        ("spec", "autoscale"),
        ("spec", "expose", "tls"),
        ("spec", "container", "env", "*"),  # a text, a secret's key or a field of the pod
        ("spec", "container", "probes", "*"),  # a path, a port or a command
    }
)
"""One-of values: two halves of two choices make none, so the upper one replaces the lower one whole."""

OVERRIDES: Path = ("spec", "overrides")
"""What is laid over an object later: there null deletes a field of the object, or the object."""

EXCLUSIVE: tuple[tuple[Path, Path], ...] = ((("spec", "replicas"), ("spec", "autoscale")),)
"""Choices written as two keys: the upper spec's choice removes the lower one's."""


def overlay(lower: Document, upper: Document) -> Document:
    """`upper` laid over `lower`: maps merge, lists and one-of values replace, null deletes.

    Every value keeps the place of the file that won; the texts of both are kept. Source: RFC 7396 (JSON Merge
    Patch), chapter 2, with the one-of rule of Shipway's design.
    """
    merge = _Merge(lower, upper)
    data = merge.laid_over(lower.data, upper.data, ())
    return Document(upper.file, data, merge.positions, {**lower.texts, **upper.texts})


class _Merge:
    def __init__(self, lower: Document, upper: Document) -> None:
        self._lower = lower
        self._upper = upper
        self._dropped = frozenset(_superseded(upper.data))
        self.positions: dict[Path, SourceSpan] = {}

    def laid_over(self, lower: Any, upper: Any, path: Path) -> Any:
        if not isinstance(upper, dict) or _is_choice(path):
            return self._taken(upper, path, self._upper)
        if not isinstance(lower, dict):
            lower = {}
        self._place(path, self._upper)
        result: dict[str, Any] = {}
        for key, value in lower.items():
            child = (*path, key)
            if key in upper:
                if upper[key] is not None or child[:2] == OVERRIDES:
                    result[key] = self.laid_over(value, upper[key], child)
            elif child not in self._dropped:
                result[key] = self._taken(value, child, self._lower)
        for key, value in upper.items():
            if key not in lower and (value is not None or (*path, key)[:2] == OVERRIDES):
                result[key] = self.laid_over(None, value, (*path, key))
        return result

    def _taken(self, value: Any, path: Path, document: Document) -> Any:
        for each in _paths(value, path):
            self._place(each, document)
        return value

    def _place(self, path: Path, document: Document) -> None:
        place = document.positions.get(path)
        if place is not None:
            self.positions[path] = place


def _is_choice(path: Path) -> bool:
    return path in REPLACED or (*path[:-1], "*") in REPLACED


def _superseded(upper: Any) -> Iterator[Path]:
    for one, other in EXCLUSIVE:
        if _is_choice_set(upper, one):
            yield other
        if _is_choice_set(upper, other):
            yield one


def _is_choice_set(data: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(data, dict):
            return False
        data = data.get(key)
    return data is not None


def _paths(value: Any, path: Path) -> Iterator[Path]:
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _paths(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _paths(each, (*path, index))
