"""New values as YAML text, in the style of what stands around them."""

from __future__ import annotations

from typing import Any

from compiler.diagnostics.model import Diagnostic, Rejected
from compiler.edit.layout import Node
from compiler.emit.errors import UnwritableError
from compiler.emit.scalars import integer, quoted, real, string

Quotes = dict[str, str]
"""For a key, the quote (`"` or `'`) that the file already puts around its values."""

_NOT_IN_FLOW = frozenset(",[]{}")


def quotes_of(root: Node) -> Quotes:
    """The quoting habit of a file, by key: the first value of each key that is quoted."""
    habits: Quotes = {}
    for entry in root.entries:
        if isinstance(entry.key, str) and entry.value.style in ('"', "'"):
            habits.setdefault(entry.key, entry.value.style)
        for key, quote in quotes_of(entry.value).items():
            habits.setdefault(key, quote)
    return habits


def inline(value: Any, quote: str, habits: Quotes) -> str:
    """`value` on one line, maps and lists as `{ }` and `[ ]`, safe inside both. Raises Rejected."""
    if isinstance(value, dict):
        items = (f"{_key(key)}: {inline(each, habits.get(key, ''), habits)}" for key, each in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(inline(each, '', habits) for each in value)}]"
    return scalar(value, quote)


def scalar(value: Any, quote: str) -> str:
    """A scalar on one line, text in the given quotes if they can hold it. Raises Rejected."""
    try:
        if isinstance(value, str):
            return _text(value, quote)
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, int):
            return integer(value)
        if isinstance(value, float):
            return real(value)
    except UnwritableError as error:
        raise Rejected([_unwritable(str(error))]) from error
    raise Rejected([_unwritable(f"{type(value).__name__} is no type of YAML")])


def lines(value: Any, indent: str, step: str, habits: Quotes) -> list[str]:
    """`value` as block lines at `indent`, without line breaks; scalars and empty collections make one line."""
    if isinstance(value, dict) and value:
        return [line for key, each in value.items() for line in entry_lines(key, each, indent, step, habits)]
    if isinstance(value, list) and value:
        return [f"{indent}- {inline(each, '', habits)}" for each in value]
    return [f"{indent}{inline(value, '', habits)}"]


def entry_lines(key: str, value: Any, indent: str, step: str, habits: Quotes) -> list[str]:
    """`key: value` as block lines at `indent`."""
    if isinstance(value, dict | list) and value:
        return [f"{indent}{_key(key)}:", *lines(value, indent + step, step, habits)]
    return [f"{indent}{entry_inline(key, value, habits)}"]


def entry_inline(key: str, value: Any, habits: Quotes) -> str:
    """`key: value` on one line, for a place between braces or a line of its own."""
    return f"{_key(key)}: {inline(value, habits.get(key, ''), habits)}"


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise Rejected([_unwritable(f"the key {key!r} is not text")])
    return scalar(key, "")


def _text(text: str, quote: str) -> str:
    if quote == "'" and text.isprintable():
        escaped = text.replace("'", "''")
        return f"'{escaped}'"
    plain = string(text)
    return quoted(text) if quote == '"' or _NOT_IN_FLOW.intersection(plain) else plain


def _unwritable(reason: str) -> Diagnostic:
    return Diagnostic("edit-value", f"the value cannot stand in a spec: {reason}", None, "give text, a number or a map")
